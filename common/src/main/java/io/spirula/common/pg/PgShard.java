package io.spirula.common.pg;

import io.spirula.common.encoding.Codec;
import io.spirula.common.types.ShardPgId;

/** One OSD's part in a placement group: which OSD, and which shard of an erasure-coded group it holds ({@link ShardPgId#NO_SHARD} for a replica). Ceph: pg_shard_t. */
public record PgShard(int osd, int shard) implements Comparable<PgShard> {
    public static final PgShard NONE = new PgShard(-1, ShardPgId.NO_SHARD);
    public static final Codec<PgShard> CODEC = Codec.of(
            (s, out) -> out.struct(1, 1, o -> o.u32(s.osd).u8(s.shard)),
            in -> in.struct(1, (body, v) -> new PgShard(body.i32(), (byte) body.u8())));

    public static PgShard replica(int osd) {
        return new PgShard(osd, ShardPgId.NO_SHARD);
    }

    @Override
    public int compareTo(PgShard other) {
        int byOsd = Integer.compare(osd, other.osd);
        return byOsd != 0 ? byOsd : Integer.compare(shard, other.shard);
    }

    /** {@code 3}, or {@code 3(1)} for shard 1. */
    @Override
    public String toString() {
        return shard == ShardPgId.NO_SHARD ? Integer.toString(osd) : osd + "(" + shard + ")";
    }
}
