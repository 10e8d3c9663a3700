package io.spirula.mon.failure;

import io.spirula.common.env.Clock;
import java.time.Duration;
import java.time.Instant;

/** Now, on both clocks: what is in maps is dated by the wall's, and how long something takes is measured by the monotonic one. */
public record Moment(Instant wall, long nanos) {
    public static Moment of(Clock clock) {
        return new Moment(clock.now(), clock.nanoTime());
    }

    public Duration since(long earlierNanos) {
        return Duration.ofNanos(nanos - earlierNanos);
    }
}
