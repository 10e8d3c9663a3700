package io.spirula.common.maps;

import io.spirula.common.encoding.Codec;
import java.time.Instant;

/** A snapshot of a whole pool. Ceph: pool_snap_info_t. */
public record PoolSnap(long id, Instant stamp, String name) {
    public static final Codec<PoolSnap> CODEC = Codec.of(
            (s, out) -> out.struct(2, 2, o -> o.u64(s.id).time(s.stamp).string(s.name)),
            in -> in.struct(2, (d, v) -> new PoolSnap(d.u64(), d.time(), d.string())));
}
