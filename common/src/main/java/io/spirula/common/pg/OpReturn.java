package io.spirula.common.pg;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.encoding.Codec;

/** What one operation of a write returned, kept in the log so that a resent write gets the same answer. Ceph: pg_log_op_return_item_t. */
public record OpReturn(int result, Bytes output) {
    public static final Codec<OpReturn> CODEC = Codec.of(
            (r, out) -> out.u32(r.result).bytes(r.output),
            in -> new OpReturn(in.i32(), in.bytes().compact()));
}
