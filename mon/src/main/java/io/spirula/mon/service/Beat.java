package io.spirula.mon.service;

import io.spirula.common.env.Clock;
import java.time.Duration;

/** Something to be done every so often by somebody who is called more often; the first time a whole period after the start. */
final class Beat {
    private final Clock clock;
    private long lastNanos;

    Beat(Clock clock) {
        this.clock = clock;
        lastNanos = clock.nanoTime();
    }

    /** Whether it is time again; the next time is then a period later. */
    boolean isDue(Duration period) {
        long now = clock.nanoTime();
        if (now - lastNanos < period.toNanos()) {
            return false;
        }
        lastNanos = now;
        return true;
    }
}
