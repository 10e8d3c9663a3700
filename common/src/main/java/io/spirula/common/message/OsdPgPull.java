package io.spirula.common.message;

import io.spirula.common.encoding.Decoder;
import io.spirula.common.encoding.Encoder;
import io.spirula.common.pg.PgShard;
import io.spirula.common.pg.PullOp;
import io.spirula.common.types.PgId;
import io.spirula.common.types.ShardPgId;
import java.util.List;

/**
 * Asks for objects that are missing here. Ceph: MOSDPGPull.
 *
 * @param priority that of recovery, or of the client that waits for the objects
 */
public record OsdPgPull(
        ShardPgId pg, int epoch, List<PullOp> pulls, long cost, PgShard from, int minEpoch, int priority)
        implements Message {
    public static final MessageType<OsdPgPull> TYPE =
            new MessageType<>(106, "MOSDPGPull", 3, 2, OsdPgPull.class, OsdPgPull::encode, OsdPgPull::decode);

    public OsdPgPull {
        pulls = List.copyOf(pulls);
    }

    private void encode(Payload.Out out) {
        Encoder front = out.front();
        front.put(PgId.CODEC, pg.pg())
                .u32(epoch)
                .list(pulls, (v, o) -> o.put(PullOp.CODEC, v))
                .u64(cost)
                .u8(pg.shard())
                .put(PgShard.CODEC, from)
                .u32(minEpoch);
    }

    private static OsdPgPull decode(Payload.In in) {
        Decoder front = in.front();
        PgId pgId = front.get(PgId.CODEC);
        int epoch = front.i32();
        List<PullOp> pulls = front.list(d -> d.get(PullOp.CODEC));
        long cost = front.u64();
        ShardPgId pg = new ShardPgId(pgId, (byte) front.u8());
        PgShard from = front.get(PgShard.CODEC);
        int minEpoch = front.i32();
        return new OsdPgPull(pg, epoch, pulls, cost, from, minEpoch, in.priority());
    }

    @Override
    public MessageType<OsdPgPull> type() {
        return TYPE;
    }
}
