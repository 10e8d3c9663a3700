package io.spirula.common.pg;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.encoding.Codec;

/** How far an object's recovery has come; names of omap keys are bytes. Ceph: ObjectRecoveryProgress. */
public record RecoveryProgress(
        boolean first, boolean dataComplete, long dataRecoveredTo, Bytes omapRecoveredTo, boolean omapComplete) {
    public static final RecoveryProgress START = new RecoveryProgress(true, false, 0, Bytes.EMPTY, false);
    public static final Codec<RecoveryProgress> CODEC = Codec.of(
            (p, out) -> out.struct(
                    1,
                    1,
                    o -> o.bool(p.first)
                            .bool(p.dataComplete)
                            .u64(p.dataRecoveredTo)
                            .bytes(p.omapRecoveredTo)
                            .bool(p.omapComplete)),
            in -> in.struct(1, (b, v) -> new RecoveryProgress(b.bool(), b.bool(), b.u64(), b.name(), b.bool())));
}
