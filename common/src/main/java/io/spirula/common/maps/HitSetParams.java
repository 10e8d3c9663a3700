package io.spirula.common.maps;

import io.spirula.common.encoding.Codec;
import io.spirula.common.encoding.Decoder;
import io.spirula.common.encoding.Encoder;
import io.spirula.common.encoding.MalformedInput;

/**
 * How a cache pool remembers which objects were used. Ceph: HitSet::Params.
 *
 * @param kind the number of one of {@link #NAMES}
 * @param falsePositiveMicro of a bloom filter: the wanted rate of false positives, in millionths
 */
public record HitSetParams(int kind, int falsePositiveMicro, long targetSize, long seed) {
    public static final HitSetParams NONE = new HitSetParams(0, 0, 0, 0);
    public static final Codec<HitSetParams> CODEC = Codec.of(HitSetParams::encode, HitSetParams::decode);

    private static final String[] NAMES = {"none", "explicit_hash", "explicit_object", "bloom"};
    private static final int BLOOM = 3;

    public static HitSetParams bloom(int falsePositiveMicro, long targetSize, long seed) {
        return new HitSetParams(BLOOM, falsePositiveMicro, targetSize, seed);
    }

    public boolean isBloom() {
        return kind == BLOOM;
    }

    public String name() {
        return NAMES[kind];
    }

    private void encode(Encoder out) {
        out.struct(1, 1, o -> {
            o.u8(kind);
            if (kind == BLOOM) {
                o.struct(1, 1, b -> b.u32(falsePositiveMicro).u64(targetSize).u64(seed));
            } else if (kind != 0) {
                o.struct(1, 1, b -> {});
            }
        });
    }

    private static HitSetParams decode(Decoder in) {
        return in.struct(1, (d, v) -> {
            int kind = d.u8();
            return switch (kind) {
                case 0 -> NONE;
                case 1, 2 -> d.struct(1, (b, w) -> new HitSetParams(kind, 0, 0, 0));
                case BLOOM -> d.struct(1, (b, w) -> new HitSetParams(kind, b.i32(), b.u64(), b.u64()));
                default -> throw new MalformedInput("no kind of hit set " + kind);
            };
        });
    }
}
