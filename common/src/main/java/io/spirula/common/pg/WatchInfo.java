package io.spirula.common.pg;

import io.spirula.common.encoding.Codec;
import io.spirula.common.types.EntityAddr;

/** A client's watch on an object, as it outlives the OSD's restart. Ceph: watch_info_t. */
public record WatchInfo(long cookie, int timeoutSeconds, EntityAddr addr) {
    public static final Codec<WatchInfo> CODEC = Codec.of(
            (w, out) ->
                    out.struct(4, 3, o -> o.u64(w.cookie).u32(w.timeoutSeconds).put(EntityAddr.CODEC, w.addr)),
            in -> in.struct(
                    4, (b, v) -> new WatchInfo(b.u64(), b.i32(), v >= 4 ? b.get(EntityAddr.CODEC) : EntityAddr.NONE)));
}
