package io.spirula.common.pg;

import io.spirula.common.encoding.Codec;
import io.spirula.common.encoding.Decoder;
import io.spirula.common.encoding.Encoder;
import io.spirula.common.types.EVersion;
import java.util.List;

/** A write that has left the log, remembered so that a resent one is known. Ceph: pg_log_dup_t. */
public record PgLogDup(ReqId reqId, EVersion version, long userVersion, int returnCode, List<OpReturn> opReturns) {
    public static final Codec<PgLogDup> CODEC = Codec.of(PgLogDup::encode, PgLogDup::decode);

    public PgLogDup {
        opReturns = List.copyOf(opReturns);
    }

    private void encode(Encoder out) {
        out.struct(
                2,
                1,
                o -> o.put(ReqId.CODEC, reqId)
                        .put(EVersion.CODEC, version)
                        .u64(userVersion)
                        .u32(returnCode)
                        .list(opReturns, (r, l) -> l.put(OpReturn.CODEC, r)));
    }

    private static PgLogDup decode(Decoder in) {
        return in.struct(
                2,
                (b, version) -> new PgLogDup(
                        b.get(ReqId.CODEC),
                        b.get(EVersion.CODEC),
                        b.u64(),
                        b.i32(),
                        version >= 2 ? b.list(d -> d.get(OpReturn.CODEC)) : List.of()));
    }
}
