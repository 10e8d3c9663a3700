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
}
