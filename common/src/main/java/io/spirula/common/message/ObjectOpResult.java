package io.spirula.common.message;

import io.spirula.common.encoding.Bytes;

/**
 * What one operation of a request came to: 0, a count or a negative errno, and the bytes that it returns.
 * Ceph: OSDOp with its rval and outdata.
 */
public record ObjectOpResult(int code, int flags, ObjectOpArgs args, int result, Bytes output) {
    public static ObjectOpResult of(ObjectOp op, int result, Bytes output) {
        return new ObjectOpResult(op.code(), op.flags(), op.args(), result, output);
    }
}
