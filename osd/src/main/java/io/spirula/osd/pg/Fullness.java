package io.spirula.osd.pg;

import io.spirula.common.maps.Osd;
import io.spirula.common.maps.OsdMap;
import io.spirula.common.maps.OsdState;

/** How full an OSD's store is, by the map's ratios. Source: OSDService::recalc_full_state (osd/OSD.cc). */
public enum Fullness {
    NONE(0),
    NEARFULL(OsdState.NEARFULL),
    BACKFILLFULL(OsdState.BACKFILLFULL),
    FULL(OsdState.FULL),
    /** So full that not even clients who know better may write: what is left is for deleting, and for the store itself. */
    FAILSAFE(OsdState.FULL);

    private static final int STATES = OsdState.NEARFULL | OsdState.BACKFILLFULL | OsdState.FULL;

    private final int state;

    Fullness(int state) {
        this.state = state;
    }

    /** @param failsafeRatio osd_failsafe_full_ratio; as every ratio it counts for no less than the one below it */
    public static Fullness of(OsdMap map, double usedRatio, double failsafeRatio) {
        float backfillfull = Math.max(map.backfillfullRatio(), map.nearfullRatio());
        float full = Math.max(map.fullRatio(), backfillfull);
        float failsafe = Math.max((float) failsafeRatio, full);
        float used = (float) usedRatio;
        if (map.epoch() == 0) {
            return NONE;
        }
        return used > failsafe
                ? FAILSAFE
                : used > full
                        ? FULL
                        : used > backfillfull ? BACKFILLFULL : used > map.nearfullRatio() ? NEARFULL : NONE;
    }

    /** The bit of an OSD's state in the map that says this. */
    public int state() {
        return state;
    }

    /** Whether the map says so already. */
    public boolean isIn(Osd row) {
        return (row.state() & STATES) == state;
    }
}
