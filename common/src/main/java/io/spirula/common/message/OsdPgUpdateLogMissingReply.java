package io.spirula.common.message;

import io.spirula.common.encoding.Decoder;
import io.spirula.common.encoding.Encoder;
import io.spirula.common.types.EVersion;
import io.spirula.common.types.ShardPgId;

/** A replica has added log entries. Ceph: MOSDPGUpdateLogMissingReply. */
public record OsdPgUpdateLogMissingReply(
        int epoch, ShardPgId pg, int from, long repTid, int minEpoch, EVersion lastCompleteOndisk) implements Message {
    public static final MessageType<OsdPgUpdateLogMissingReply> TYPE = new MessageType<>(
            115,
            "MOSDPGUpdateLogMissingReply",
            3,
            1,
            OsdPgUpdateLogMissingReply.class,
            OsdPgUpdateLogMissingReply::encode,
            OsdPgUpdateLogMissingReply::decode);

    private void encode(Payload.Out out) {
        Encoder front = out.front();
        front.u32(epoch)
                .put(ShardPgId.CODEC, pg)
                .u8(from)
                .u64(repTid)
                .u32(minEpoch)
                .put(EVersion.CODEC, lastCompleteOndisk);
    }

    private static OsdPgUpdateLogMissingReply decode(Payload.In in) {
        Decoder front = in.front();
        return new OsdPgUpdateLogMissingReply(
                front.i32(),
                front.get(ShardPgId.CODEC),
                (byte) front.u8(),
                front.u64(),
                front.i32(),
                front.get(EVersion.CODEC));
    }

    @Override
    public int priority() {
        return PRIO_HIGH;
    }

    @Override
    public MessageType<OsdPgUpdateLogMissingReply> type() {
        return TYPE;
    }
}
