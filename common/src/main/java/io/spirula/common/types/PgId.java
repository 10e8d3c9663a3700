package io.spirula.common.types;

import io.spirula.common.encoding.Codec;

/** A placement group: its pool and its number within it, written {@code 3.1f}. Ceph: pg_t. */
public record PgId(long pool, int seed) implements Comparable<PgId> {
    public static final Codec<PgId> CODEC = Codec.of(
            (pg, out) -> out.u8(1).u64(pg.pool).u32(pg.seed).u32(-1),
            in -> { // the last word was a preferred OSD once
                in.u8();
                PgId pg = new PgId(in.u64(), in.i32());
                in.skip(4);
                return pg;
            });

    /** Parses {@code pool.seed} with the seed in hexadecimal. Throws IllegalArgumentException for anything else. */
    public static PgId parse(String text) {
        int dot = text.indexOf('.');
        if (dot <= 0) {
            throw new IllegalArgumentException("'" + text + "' is not a placement group such as 1.2f");
        }
        return new PgId(Long.parseLong(text.substring(0, dot)), Integer.parseUnsignedInt(text.substring(dot + 1), 16));
    }

    @Override
    public int compareTo(PgId other) {
        int byPool = Long.compare(pool, other.pool);
        return byPool != 0 ? byPool : Integer.compareUnsigned(seed, other.seed);
    }

    @Override
    public String toString() {
        return pool + "." + Integer.toHexString(seed);
    }
}
