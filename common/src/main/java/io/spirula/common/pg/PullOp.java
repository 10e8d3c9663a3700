package io.spirula.common.pg;

import io.spirula.common.encoding.Codec;
import io.spirula.common.types.ObjectId;

/** Asks for an object that is missing here. Ceph: PullOp. */
public record PullOp(ObjectId object, RecoveryInfo recoveryInfo, RecoveryProgress progress) {
    public static final Codec<PullOp> CODEC = Codec.of(
            (p, out) -> out.struct(
                    1,
                    1,
                    o -> o.put(ObjectId.CODEC, p.object)
                            .put(RecoveryInfo.CODEC, p.recoveryInfo)
                            .put(RecoveryProgress.CODEC, p.progress)),
            in -> in.struct(
                    1,
                    (b, v) -> new PullOp(
                            b.get(ObjectId.CODEC), b.get(RecoveryInfo.CODEC), b.get(RecoveryProgress.CODEC))));
}
