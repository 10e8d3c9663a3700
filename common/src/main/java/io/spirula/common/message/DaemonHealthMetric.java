package io.spirula.common.message;

import io.spirula.common.encoding.Codec;

/** A number by which a daemon tells its health: slow operations, pending creations. Ceph: DaemonHealthMetric. */
public record DaemonHealthMetric(int kind, long value) {
    public static final int SLOW_OPS = 0;
    public static final int PENDING_CREATING_PGS = 1;

    public static final Codec<DaemonHealthMetric> CODEC = Codec.of(
            (m, out) -> out.struct(1, 1, o -> o.u8(m.kind).u64(m.value)),
            in -> in.struct(1, (b, v) -> new DaemonHealthMetric(b.u8(), b.u64())));
}
