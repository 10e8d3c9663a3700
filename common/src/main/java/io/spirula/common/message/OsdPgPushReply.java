package io.spirula.common.message;

import io.spirula.common.encoding.Decoder;
import io.spirula.common.encoding.Encoder;
import io.spirula.common.pg.PgShard;
import io.spirula.common.types.PgId;
import io.spirula.common.types.ShardPgId;
import java.util.List;

/** Which pushes have been applied. Ceph: MOSDPGPushReply. */
public record OsdPgPushReply(ShardPgId pg, int epoch, List<PushReplyOp> replies, long cost, PgShard from, int minEpoch)
        implements Message {
    public static final MessageType<OsdPgPushReply> TYPE = new MessageType<>(
            107, "MOSDPGPushReply", 3, 2, OsdPgPushReply.class, OsdPgPushReply::encode, OsdPgPushReply::decode);

    public OsdPgPushReply {
        replies = List.copyOf(replies);
    }

    private void encode(Payload.Out out) {
        Encoder front = out.front();
        front.put(PgId.CODEC, pg.pg())
                .u32(epoch)
                .list(replies, (v, o) -> o.put(PushReplyOp.CODEC, v))
                .u64(cost)
                .u8(pg.shard())
                .put(PgShard.CODEC, from)
                .u32(minEpoch);
    }

    private static OsdPgPushReply decode(Payload.In in) {
        Decoder front = in.front();
        PgId pgId = front.get(PgId.CODEC);
        int epoch = front.i32();
        List<PushReplyOp> replies = front.list(d -> d.get(PushReplyOp.CODEC));
        long cost = front.u64();
        ShardPgId pg = new ShardPgId(pgId, (byte) front.u8());
        PgShard from = front.get(PgShard.CODEC);
        int minEpoch = front.i32();
        return new OsdPgPushReply(pg, epoch, replies, cost, from, minEpoch);
    }

    @Override
    public MessageType<OsdPgPushReply> type() {
        return TYPE;
    }
}
