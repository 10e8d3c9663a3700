package io.spirula.osd.peering;

/** How urgent a group's recovery or backfill is: the more copies it lacks, the more. Source: PeeringState::get_recovery_priority, get_backfill_priority; OSD_RECOVERY_PRIORITY_* in osd_types.h. */
final class RecoveryPriority {
    private static final int BACKFILL = 100;
    private static final int BACKFILL_DEGRADED = 140;
    private static final int RECOVERY = 180;
    private static final int INACTIVE = 220;
    private static final int MAX = 253;
    private static final int BACKFILL_FORCED = 254;
    private static final int RECOVERY_FORCED = 255;

    private RecoveryPriority() {}

    /**
     * @param whole how many members miss nothing
     * @param degraded whether some object has fewer copies than it should
     */
    static int recovery(PeeringMap map, int whole, boolean degraded, boolean forced) {
        if (forced) {
            return RECOVERY_FORCED;
        }
        return degraded && whole < map.minSize()
                ? within(INACTIVE + map.minSize() - whole, map, INACTIVE, MAX)
                : within(RECOVERY, map, RECOVERY, INACTIVE - 1);
    }

    /** @param acting how many act */
    static int backfill(PeeringMap map, int acting, boolean degraded, boolean forced) {
        if (forced) {
            return BACKFILL_FORCED;
        }
        if (acting < map.minSize()) {
            return within(INACTIVE + map.minSize() - acting, map, INACTIVE, MAX);
        }
        if (acting < map.size()) {
            return within(BACKFILL_DEGRADED + map.size() - acting, map, BACKFILL_DEGRADED, RECOVERY - 1);
        }
        return degraded
                ? within(BACKFILL_DEGRADED, map, BACKFILL_DEGRADED, RECOVERY - 1)
                : within(BACKFILL, map, BACKFILL, BACKFILL_DEGRADED - 1);
    }

    /** With the pool's own priority, but never among those of another kind of urgency. */
    private static int within(int priority, PeeringMap map, int least, int most) {
        return Math.clamp(priority + map.recoveryPriority(), least, most);
    }
}
