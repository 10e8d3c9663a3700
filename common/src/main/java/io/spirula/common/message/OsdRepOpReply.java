package io.spirula.common.message;

import io.spirula.common.encoding.Decoder;
import io.spirula.common.encoding.Encoder;
import io.spirula.common.pg.PgShard;
import io.spirula.common.pg.ReqId;
import io.spirula.common.types.EVersion;
import io.spirula.common.types.ShardPgId;

/** A replica has a write on disk, or refuses it. Ceph: MOSDRepOpReply. */
public record OsdRepOpReply(
        long tid,
        int epoch,
        int minEpoch,
        ReqId reqId,
        ShardPgId pg,
        int ackType,
        int result,
        EVersion lastCompleteOndisk,
        PgShard from)
        implements Message {
    public static final MessageType<OsdRepOpReply> TYPE = new MessageType<>(
            113, "MOSDRepOpReply", 2, 1, OsdRepOpReply.class, OsdRepOpReply::encode, OsdRepOpReply::decode);

    private void encode(Payload.Out out) {
        Encoder front = out.front();
        front.u32(epoch).u32(minEpoch);
        TraceInfo.encode(front);
        front.put(ReqId.CODEC, reqId)
                .put(ShardPgId.CODEC, pg)
                .u8(ackType)
                .u32(result)
                .put(EVersion.CODEC, lastCompleteOndisk)
                .put(PgShard.CODEC, from);
    }

    private static OsdRepOpReply decode(Payload.In in) {
        Decoder front = in.front();
        long tid = in.tid();
        int epoch = front.i32();
        int minEpoch = front.i32();
        TraceInfo.decode(front);
        ReqId reqId = front.get(ReqId.CODEC);
        ShardPgId pg = front.get(ShardPgId.CODEC);
        int ackType = front.u8();
        int result = front.i32();
        EVersion lastCompleteOndisk = front.get(EVersion.CODEC);
        PgShard from = front.get(PgShard.CODEC);
        return new OsdRepOpReply(tid, epoch, minEpoch, reqId, pg, ackType, result, lastCompleteOndisk, from);
    }

    @Override
    public int priority() {
        return PRIO_HIGH;
    }

    @Override
    public MessageType<OsdRepOpReply> type() {
        return TYPE;
    }
}
