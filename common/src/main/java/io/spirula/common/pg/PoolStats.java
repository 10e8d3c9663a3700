package io.spirula.common.pg;

import io.spirula.common.encoding.Codec;
import io.spirula.common.encoding.Decoder;
import io.spirula.common.encoding.Encoder;

/** A pool's statistics: the sum over its placement groups. Ceph: pool_stat_t. */
public record PoolStats(
        ObjectStats stats,
        long logSize,
        long ondiskLogSize,
        int up,
        int acting,
        StoreStatfs storeStats,
        int storeStatsCount) {
    public static final PoolStats ZERO = new PoolStats(ObjectStats.ZERO, 0, 0, 0, 0, StoreStatfs.ZERO, 0);
    public static final Codec<PoolStats> CODEC = Codec.of(PoolStats::encode, PoolStats::decode);

    private void encode(Encoder out) {
        out.struct(
                7,
                5,
                o -> o.put(ObjectStats.COLLECTION_CODEC, stats)
                        .u64(logSize)
                        .u64(ondiskLogSize)
                        .u32(up)
                        .u32(acting)
                        .put(StoreStatfs.CODEC, storeStats)
                        .u32(storeStatsCount));
    }

    private static PoolStats decode(Decoder in) {
        return in.struct(
                7,
                (b, v) -> new PoolStats(
                        b.get(ObjectStats.COLLECTION_CODEC),
                        b.u64(),
                        b.u64(),
                        b.i32(),
                        b.i32(),
                        b.get(StoreStatfs.CODEC),
                        b.i32()));
    }
}
