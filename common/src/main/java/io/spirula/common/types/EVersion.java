package io.spirula.common.types;

import io.spirula.common.encoding.Codec;

/** A write's place in a placement group's history: the epoch it was done in, and a count that only grows. Epochs are unsigned 32-bit. Ceph: eversion_t. */
public record EVersion(int epoch, long version) implements Comparable<EVersion> {
    public static final EVersion ZERO = new EVersion(0, 0);
    public static final EVersion MAX = new EVersion(-1, -1);
    public static final Codec<EVersion> CODEC =
            Codec.of((v, out) -> out.u64(v.version).u32(v.epoch), in -> {
                long version = in.u64();
                return new EVersion(in.i32(), version);
            });

    @Override
    public int compareTo(EVersion other) {
        int byEpoch = Integer.compareUnsigned(epoch, other.epoch);
        return byEpoch != 0 ? byEpoch : Long.compareUnsigned(version, other.version);
    }

    @Override
    public String toString() {
        return Integer.toUnsignedString(epoch) + "'" + Long.toUnsignedString(version);
    }
}
