package io.spirula.mon.quorum;

import java.util.Locale;

/** What a monitor is doing. Names follow Ceph's Monitor::STATE_*. */
public enum MonState {
    PROBING,
    SYNCHRONIZING,
    ELECTING,
    LEADER,
    PEON,
    SHUTDOWN;

    public boolean isInQuorum() {
        return this == LEADER || this == PEON;
    }

    /** As {@code mon_status} prints it. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
