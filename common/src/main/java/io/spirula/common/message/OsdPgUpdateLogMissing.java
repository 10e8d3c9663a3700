package io.spirula.common.message;

import io.spirula.common.encoding.Decoder;
import io.spirula.common.encoding.Encoder;
import io.spirula.common.pg.PgLogEntry;
import io.spirula.common.types.EVersion;
import io.spirula.common.types.ShardPgId;
import java.util.List;

/** A primary adds log entries that have no transaction: errors, lost objects. Ceph: MOSDPGUpdateLogMissing. */
public record OsdPgUpdateLogMissing(
        int epoch,
        ShardPgId pg,
        int from,
        long repTid,
        List<PgLogEntry> entries,
        int minEpoch,
        EVersion trimTo,
        EVersion rollForwardTo)
        implements Message {
    public static final MessageType<OsdPgUpdateLogMissing> TYPE = new MessageType<>(
            114,
            "MOSDPGUpdateLogMissing",
            3,
            1,
            OsdPgUpdateLogMissing.class,
            OsdPgUpdateLogMissing::encode,
            OsdPgUpdateLogMissing::decode);

    public OsdPgUpdateLogMissing {
        entries = List.copyOf(entries);
    }

    private void encode(Payload.Out out) {
        Encoder front = out.front();
        front.u32(epoch)
                .put(ShardPgId.CODEC, pg)
                .u8(from)
                .u64(repTid)
                .list(entries, (v, o) -> o.put(PgLogEntry.CODEC, v))
                .u32(minEpoch)
                .put(EVersion.CODEC, trimTo)
                .put(EVersion.CODEC, rollForwardTo);
    }

    private static OsdPgUpdateLogMissing decode(Payload.In in) {
        Decoder front = in.front();
        return new OsdPgUpdateLogMissing(
                front.i32(),
                front.get(ShardPgId.CODEC),
                (byte) front.u8(),
                front.u64(),
                front.list(d -> d.get(PgLogEntry.CODEC)),
                front.i32(),
                front.get(EVersion.CODEC),
                front.get(EVersion.CODEC));
    }

    @Override
    public MessageType<OsdPgUpdateLogMissing> type() {
        return TYPE;
    }
}
