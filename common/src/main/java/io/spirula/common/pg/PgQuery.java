package io.spirula.common.pg;

import io.spirula.common.encoding.Codec;
import io.spirula.common.encoding.Decoder;
import io.spirula.common.encoding.Encoder;
import io.spirula.common.encoding.MalformedInput;
import io.spirula.common.types.EVersion;

/** A question between peers: for another's info, its log since some version, or all. Ceph: pg_query_t. */
public record PgQuery(Kind kind, EVersion since, PgHistory history, int epochSent, int to, int from) {
    /** What is asked for. Ceph: pg_query_t's enum. */
    public enum Kind {
        INFO(0),
        LOG(1),
        MISSING(4),
        FULL_LOG(5);

        private final int code;

        Kind(int code) {
            this.code = code;
        }

        static Kind of(int code) {
            for (Kind kind : values()) {
                if (kind.code == code) {
                    return kind;
                }
            }
            throw new MalformedInput("no query of kind " + code);
        }
    }

    public static final Codec<PgQuery> CODEC = Codec.of(PgQuery::encode, PgQuery::decode);

    private void encode(Encoder out) {
        out.struct(
                3,
                3,
                o -> o.u32(kind.code)
                        .put(EVersion.CODEC, since)
                        .put(PgHistory.CODEC, history)
                        .u32(epochSent)
                        .u8(to)
                        .u8(from));
    }

    private static PgQuery decode(Decoder in) {
        return in.struct(
                3,
                (b, version) -> new PgQuery(
                        Kind.of(b.i32()), b.get(EVersion.CODEC), b.get(PgHistory.CODEC), b.i32(), (byte) b.u8(), (byte)
                                b.u8()));
    }
}
