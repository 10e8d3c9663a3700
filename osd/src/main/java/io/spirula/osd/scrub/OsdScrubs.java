package io.spirula.osd.scrub;

import io.spirula.common.config.Config;
import io.spirula.common.config.Live;

/** An OSD's settings for scrubs, and its few places for those that it takes part in, as a primary or as a replica. Ceph: OSDService's scrubs_local and scrubs_remote. */
public final class OsdScrubs {
    private final Live<ScrubSettings> settings;
    private int taken;
    private long shardsRepaired;

    public OsdScrubs(Config config) {
        settings = Live.of(config, ScrubSettings::of);
    }

    public ScrubSettings settings() {
        return settings.get();
    }

    public boolean hasPlace() {
        return taken < settings().maxScrubs();
    }

    /** Takes a place; false where there is none. */
    public boolean take() {
        boolean free = hasPlace();
        taken += free ? 1 : 0;
        return free;
    }

    public void giveBack() {
        if (taken == 0) {
            throw new IllegalStateException("no place for a scrub was taken");
        }
        taken--;
    }

    /** One more object here has been replaced by a good copy. */
    public void repaired() {
        shardsRepaired++;
    }

    /** How many were, since this OSD started or {@link #forgetRepairs somebody took note}. Ceph: num_shards_repaired. */
    public long shardsRepaired() {
        return shardsRepaired;
    }

    public void forgetRepairs(long count) {
        shardsRepaired = Math.max(0, count);
    }
}
