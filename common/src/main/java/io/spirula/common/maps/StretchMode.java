package io.spirula.common.maps;

import io.spirula.common.encoding.Codec;

/** How far a cluster over two sites has degraded. Ceph: the OSDMap's members of the same names. */
public record StretchMode(boolean enabled, int bucketCount, int degraded, int recovering, int bucket) {
    public static final StretchMode OFF = new StretchMode(false, 0, 0, 0, 0);
    /** In a full map the switch stands first, in an incremental last. */
    static final Codec<StretchMode> IN_FULL_MAP = Codec.of(
            (s, out) -> out.bool(s.enabled)
                    .u32(s.bucketCount)
                    .u32(s.degraded)
                    .u32(s.recovering)
                    .u32(s.bucket),
            in -> new StretchMode(in.bool(), in.i32(), in.i32(), in.i32(), in.i32()));

    static final Codec<StretchMode> IN_INCREMENTAL = Codec.of(
            (s, out) -> out.u32(s.bucketCount)
                    .u32(s.degraded)
                    .u32(s.recovering)
                    .u32(s.bucket)
                    .bool(s.enabled),
            in -> {
                int count = in.i32();
                int degraded = in.i32();
                int recovering = in.i32();
                int bucket = in.i32();
                return new StretchMode(in.bool(), count, degraded, recovering, bucket);
            });
}
