package io.spirula.common.types;

import io.spirula.common.encoding.Codec;

/** A placement group's part on one OSD: which shard of an erasure-coded group, or {@link #NO_SHARD} for a replica. Ceph: spg_t. */
public record ShardPgId(PgId pg, int shard) implements Comparable<ShardPgId> {
    public static final int NO_SHARD = -1;
    public static final Codec<ShardPgId> CODEC = Codec.of(
            (id, out) -> out.struct(1, 1, o -> o.put(PgId.CODEC, id.pg).u8(id.shard)),
            in -> in.struct(1, (body, v) -> new ShardPgId(body.get(PgId.CODEC), (byte) body.u8())));

    public static ShardPgId replica(PgId pg) {
        return new ShardPgId(pg, NO_SHARD);
    }

    @Override
    public int compareTo(ShardPgId other) {
        int byPg = pg.compareTo(other.pg);
        return byPg != 0 ? byPg : Integer.compare(shard, other.shard);
    }

    @Override
    public String toString() {
        return shard == NO_SHARD ? pg.toString() : pg + "s" + shard;
    }
}
