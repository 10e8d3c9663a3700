package io.spirula.common.message;

import io.spirula.common.encoding.Codec;

/** Feature bits of monitors among themselves. Ceph: mon_feature_t. */
public record MonFeatures(long bits) {
    public static final MonFeatures NONE = new MonFeatures(0);
    public static final Codec<MonFeatures> CODEC = Codec.of(
            (f, out) -> out.struct(1, 1, o -> o.u64(f.bits)), in -> in.struct(1, (b, v) -> new MonFeatures(b.u64())));
}
