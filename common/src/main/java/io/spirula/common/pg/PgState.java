package io.spirula.common.pg;

/** The bits of a placement group's state, and how Ceph prints them. Source: osd/osd_types.h, PG_STATE_*; osd_types.cc, pg_state_string. */
public final class PgState {
    public static final long CREATING = 1L;
    public static final long ACTIVE = 1L << 1;
    public static final long CLEAN = 1L << 2;
    public static final long DOWN = 1L << 4;
    public static final long RECOVERY_UNFOUND = 1L << 5;
    public static final long BACKFILL_UNFOUND = 1L << 6;
    public static final long PREMERGE = 1L << 7;
    public static final long SCRUBBING = 1L << 8;
    public static final long DEGRADED = 1L << 10;
    public static final long INCONSISTENT = 1L << 11;
    public static final long PEERING = 1L << 12;
    public static final long REPAIR = 1L << 13;
    public static final long RECOVERING = 1L << 14;
    public static final long BACKFILL_WAIT = 1L << 15;
    public static final long INCOMPLETE = 1L << 16;
    public static final long STALE = 1L << 17;
    public static final long REMAPPED = 1L << 18;
    public static final long DEEP_SCRUB = 1L << 19;
    public static final long BACKFILLING = 1L << 20;
    public static final long BACKFILL_TOOFULL = 1L << 21;
    public static final long RECOVERY_WAIT = 1L << 22;
    public static final long UNDERSIZED = 1L << 23;
    public static final long ACTIVATING = 1L << 24;
    public static final long PEERED = 1L << 25;
    public static final long SNAPTRIM = 1L << 26;
    public static final long SNAPTRIM_WAIT = 1L << 27;
    public static final long RECOVERY_TOOFULL = 1L << 28;
    public static final long SNAPTRIM_ERROR = 1L << 29;
    public static final long FORCED_RECOVERY = 1L << 30;
    public static final long FORCED_BACKFILL = 1L << 31;
    public static final long FAILED_REPAIR = 1L << 32;
    public static final long LAGGY = 1L << 33;
    public static final long WAIT = 1L << 34;

    private record Name(long bit, String text) {}

    /** In the order in which Ceph joins them. */
    private static final Name[] NAMES = {
        new Name(STALE, "stale"),
        new Name(CREATING, "creating"),
        new Name(ACTIVE, "active"),
        new Name(ACTIVATING, "activating"),
        new Name(CLEAN, "clean"),
        new Name(RECOVERY_WAIT, "recovery_wait"),
        new Name(RECOVERY_TOOFULL, "recovery_toofull"),
        new Name(RECOVERING, "recovering"),
        new Name(FORCED_RECOVERY, "forced_recovery"),
        new Name(DOWN, "down"),
        new Name(RECOVERY_UNFOUND, "recovery_unfound"),
        new Name(BACKFILL_UNFOUND, "backfill_unfound"),
        new Name(UNDERSIZED, "undersized"),
        new Name(DEGRADED, "degraded"),
        new Name(REMAPPED, "remapped"),
        new Name(PREMERGE, "premerge"),
        new Name(SCRUBBING, "scrubbing"),
        new Name(DEEP_SCRUB, "deep"),
        new Name(INCONSISTENT, "inconsistent"),
        new Name(PEERING, "peering"),
        new Name(REPAIR, "repair"),
        new Name(BACKFILL_WAIT, "backfill_wait"),
        new Name(BACKFILLING, "backfilling"),
        new Name(FORCED_BACKFILL, "forced_backfill"),
        new Name(BACKFILL_TOOFULL, "backfill_toofull"),
        new Name(INCOMPLETE, "incomplete"),
        new Name(PEERED, "peered"),
        new Name(SNAPTRIM, "snaptrim"),
        new Name(SNAPTRIM_WAIT, "snaptrim_wait"),
        new Name(SNAPTRIM_ERROR, "snaptrim_error"),
        new Name(FAILED_REPAIR, "failed_repair"),
        new Name(LAGGY, "laggy"),
        new Name(WAIT, "wait"),
    };

    private PgState() {}

    /** {@code active+clean}; a state of no bits is unknown. */
    public static String names(long state) {
        if (state == 0) {
            return "unknown";
        }
        StringBuilder out = new StringBuilder();
        for (Name name : NAMES) {
            if ((state & name.bit) != 0) {
                out.append(out.isEmpty() ? "" : "+").append(name.text);
            }
        }
        return out.toString();
    }

    /** All names but those of leases, as a refusal lists them. */
    public static String choices() {
        return names((1L << 30) - 1 | FORCED_RECOVERY | FORCED_BACKFILL);
    }

    /** The bits of one name, or 0. */
    public static long of(String text) {
        for (Name name : NAMES) {
            if (name.text.equals(text)) {
                return name.bit;
            }
        }
        return 0;
    }
}
