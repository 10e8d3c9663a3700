package io.spirula.librados;

import java.time.Instant;

/** An object's size in bytes and when it was last written. */
public record ObjectStat(long size, Instant modified) {}
