package io.spirula.common.message;

import io.spirula.common.encoding.Decoder;
import io.spirula.common.encoding.Encoder;
import io.spirula.common.pg.PgShard;
import io.spirula.common.pg.PushOp;
import io.spirula.common.types.PgId;
import io.spirula.common.types.ShardPgId;
import java.util.List;

/**
 * Parts of objects for where they are missing. Ceph: MOSDPGPush.
 *
 * @param priority that of recovery, or of the client that waits for the objects
 */
public record OsdPgPush(
        ShardPgId pg,
        int epoch,
        List<PushOp> pushes,
        long cost,
        PgShard from,
        int minEpoch,
        boolean repair,
        int priority)
        implements Message {
    public static final MessageType<OsdPgPush> TYPE =
            new MessageType<>(105, "MOSDPGPush", 4, 2, OsdPgPush.class, OsdPgPush::encode, OsdPgPush::decode);

    public OsdPgPush {
        pushes = List.copyOf(pushes);
    }

    private void encode(Payload.Out out) {
        Encoder front = out.front();
        front.put(PgId.CODEC, pg.pg())
                .u32(epoch)
                .list(pushes, (v, o) -> o.put(PushOp.CODEC, v))
                .u64(cost)
                .u8(pg.shard())
                .put(PgShard.CODEC, from)
                .u32(minEpoch)
                .bool(repair);
    }

    private static OsdPgPush decode(Payload.In in) {
        Decoder front = in.front();
        PgId pgId = front.get(PgId.CODEC);
        int epoch = front.i32();
        List<PushOp> pushes = front.list(d -> d.get(PushOp.CODEC));
        long cost = front.u64();
        ShardPgId pg = new ShardPgId(pgId, (byte) front.u8());
        PgShard from = front.get(PgShard.CODEC);
        int minEpoch = front.i32();
        boolean repair = in.version() >= 4 ? front.bool() : false;
        return new OsdPgPush(pg, epoch, pushes, cost, from, minEpoch, repair, in.priority());
    }

    @Override
    public MessageType<OsdPgPush> type() {
        return TYPE;
    }
}
