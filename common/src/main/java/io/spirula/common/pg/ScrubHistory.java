package io.spirula.common.pg;

import io.spirula.common.types.EVersion;
import java.time.Instant;

/** When a placement group was last scrubbed and deep-scrubbed, at which version, and when without finding an error. */
public record ScrubHistory(
        EVersion lastScrub,
        Instant lastScrubStamp,
        EVersion lastDeepScrub,
        Instant lastDeepScrubStamp,
        Instant lastCleanScrubStamp) {
    public static final ScrubHistory NEVER =
            new ScrubHistory(EVersion.ZERO, Instant.EPOCH, EVersion.ZERO, Instant.EPOCH, Instant.EPOCH);

    /** What both know: the later of each. Ceph: pg_history_t::merge. */
    public ScrubHistory merge(ScrubHistory other) {
        boolean scrub = other.lastScrubStamp.isAfter(lastScrubStamp);
        boolean deep = other.lastDeepScrubStamp.isAfter(lastDeepScrubStamp);
        boolean clean = other.lastCleanScrubStamp.isAfter(lastCleanScrubStamp);
        return new ScrubHistory(
                other.lastScrub.compareTo(lastScrub) > 0 ? other.lastScrub : lastScrub,
                scrub ? other.lastScrubStamp : lastScrubStamp,
                other.lastDeepScrub.compareTo(lastDeepScrub) > 0 ? other.lastDeepScrub : lastDeepScrub,
                deep ? other.lastDeepScrubStamp : lastDeepScrubStamp,
                clean ? other.lastCleanScrubStamp : lastCleanScrubStamp);
    }
}
