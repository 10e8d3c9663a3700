package io.spirula.mon.failure;

import io.spirula.common.maps.OsdXInfo;
import java.time.Duration;
import java.time.Instant;

/** What experience says of an OSD that seemed to be down: how likely it just was slow, and for how long. */
final class LaggyHistory {
    private LaggyHistory() {}

    /**
     * After a boot. A process that boots for the first time was down indeed; one that was up before and boots again had been taken for down wrongly.
     *
     * @param bootEpoch when this process was up first, 0 for never
     */
    static OsdXInfo afterBoot(OsdXInfo before, int bootEpoch, Instant now, FailureSettings.Laggy settings) {
        double weight = settings.weight();
        double keep = 1 - weight;
        if (bootEpoch == 0) {
            return before.withLaggy(before.laggyProbability() * keep, (int) (before.laggyInterval() * keep));
        }
        int interval = before.laggyInterval();
        if (before.downStamp().getEpochSecond() != 0) {
            long slowFor = now.getEpochSecond() - before.downStamp().getEpochSecond();
            int most = settings.maxIntervalSeconds() > 0 ? settings.maxIntervalSeconds() : Integer.MAX_VALUE;
            interval = (int) (Math.clamp(slowFor, 0, most) * weight + interval * keep);
        }
        return before.withLaggy(weight + before.laggyProbability() * keep, interval);
    }

    /** How much longer than others it should be waited for, {@code elapsed} after what made it seem down. */
    static Duration extraGrace(OsdXInfo xinfo, Duration elapsed, FailureSettings.Laggy settings) {
        double halflives = seconds(elapsed) / Math.max(1e-9, seconds(settings.halflife()));
        double extra =
                Math.pow(0.5, halflives) * Integer.toUnsignedLong(xinfo.laggyInterval()) * xinfo.laggyProbability();
        return Duration.ofNanos((long) (extra * 1e9));
    }

    private static double seconds(Duration span) {
        return span.toNanos() / 1e9;
    }
}
