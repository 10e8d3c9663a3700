package io.spirula.common.message;

import io.spirula.common.encoding.Codec;
import io.spirula.common.types.ObjectId;

/** One object's push has been applied. Ceph: PushReplyOp. */
public record PushReplyOp(ObjectId object) {
    public static final Codec<PushReplyOp> CODEC = Codec.of(
            (p, out) -> out.struct(1, 1, o -> o.put(ObjectId.CODEC, p.object)),
            in -> in.struct(1, (b, v) -> new PushReplyOp(b.get(ObjectId.CODEC))));
}
