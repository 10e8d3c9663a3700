package io.spirula.common.types;

import io.spirula.common.encoding.Codec;
import java.util.UUID;
import java.util.random.RandomGenerator;

/** A UUID in Ceph's encoding: 16 bytes in the order of its text. Ceph: uuid_d. */
public record Uuid(UUID value) {
    public static final Uuid ZERO = new Uuid(new UUID(0, 0));
    public static final Codec<Uuid> CODEC = Codec.of(
            (uuid, out) -> out.u64(Long.reverseBytes(uuid.value.getMostSignificantBits()))
                    .u64(Long.reverseBytes(uuid.value.getLeastSignificantBits())),
            in -> new Uuid(new UUID(Long.reverseBytes(in.u64()), Long.reverseBytes(in.u64()))));

    /** Throws IllegalArgumentException for what is not a UUID. */
    public static Uuid parse(String text) {
        return new Uuid(UUID.fromString(text));
    }

    /** A random (version 4) UUID. */
    public static Uuid random(RandomGenerator random) {
        return new Uuid(new UUID(random.nextLong() & ~0xf000L | 0x4000L, random.nextLong() & ~(3L << 62) | 1L << 63));
    }

    public boolean isZero() {
        return equals(ZERO);
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
