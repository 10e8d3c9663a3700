package io.spirula.common.maps;

import io.spirula.common.encoding.Codec;
import io.spirula.common.types.EVersion;
import io.spirula.common.types.PgId;

/** How far the last merge of two placement groups had got. Ceph: pg_merge_meta_t. */
public record PgMergeMeta(
        PgId source,
        int readyEpoch,
        int lastEpochStarted,
        int lastEpochClean,
        EVersion sourceVersion,
        EVersion targetVersion) {
    public static final PgMergeMeta NONE = new PgMergeMeta(new PgId(0, 0), 0, 0, 0, EVersion.ZERO, EVersion.ZERO);
    public static final Codec<PgMergeMeta> CODEC = Codec.of(
            (m, out) -> out.struct(
                    1,
                    1,
                    o -> o.put(PgId.CODEC, m.source)
                            .u32(m.readyEpoch)
                            .u32(m.lastEpochStarted)
                            .u32(m.lastEpochClean)
                            .put(EVersion.CODEC, m.sourceVersion)
                            .put(EVersion.CODEC, m.targetVersion)),
            in -> in.struct(
                    1,
                    (d, v) -> new PgMergeMeta(
                            d.get(PgId.CODEC),
                            d.i32(),
                            d.i32(),
                            d.i32(),
                            d.get(EVersion.CODEC),
                            d.get(EVersion.CODEC))));
}
