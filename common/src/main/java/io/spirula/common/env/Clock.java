package io.spirula.common.env;

import java.time.Instant;

/** Time as code may see it. */
public interface Clock {
    /** The wall clock: for stamps that others read. May jump. */
    Instant now();

    /** Nanoseconds from an arbitrary origin that never go back: for intervals. */
    long nanoTime();
}
