package io.spirula.common.pg;

import io.spirula.common.encoding.Codec;
import io.spirula.common.encoding.Decoder;
import io.spirula.common.encoding.Encoder;

/** A peer's info as an answer or on its own account, with the past intervals that it knows; {@code to} and {@code from} are shards. Ceph: pg_notify_t. */
public record PgNotify(int queryEpoch, int epochSent, PgInfo info, int to, int from, PastIntervals pastIntervals) {
    public static final Codec<PgNotify> CODEC = Codec.of(PgNotify::encode, PgNotify::decode);

    private void encode(Encoder out) {
        out.struct(
                3,
                2,
                o -> o.u32(queryEpoch)
                        .u32(epochSent)
                        .put(PgInfo.CODEC, info)
                        .u8(to)
                        .u8(from)
                        .put(PastIntervals.CODEC, pastIntervals));
    }

    private static PgNotify decode(Decoder in) {
        return in.struct(
                3,
                (b, version) -> new PgNotify(
                        b.i32(),
                        b.i32(),
                        b.get(PgInfo.CODEC),
                        (byte) b.u8(),
                        (byte) b.u8(),
                        b.get(PastIntervals.CODEC)));
    }
}
