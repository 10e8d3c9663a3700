package io.spirula.common.message;

import io.spirula.common.encoding.Decoder;
import io.spirula.common.encoding.Encoder;
import io.spirula.common.types.EVersion;
import io.spirula.common.types.ObjectId;
import io.spirula.common.types.PgId;
import io.spirula.common.types.ShardPgId;

/** A primary asks a replica for the scrub map of a range of objects. Ceph: MOSDRepScrub. */
public record OsdRepScrub(
        ShardPgId pg,
        EVersion scrubFrom,
        EVersion scrubTo,
        int epoch,
        boolean chunky,
        ObjectId start,
        ObjectId end,
        boolean deep,
        int minEpoch,
        boolean allowPreemption,
        int scrubPriority,
        boolean highPriority)
        implements Message {
    public static final MessageType<OsdRepScrub> TYPE =
            new MessageType<>(93, "MOSDRepScrub", 9, 6, OsdRepScrub.class, OsdRepScrub::encode, OsdRepScrub::decode);

    private void encode(Payload.Out out) {
        Encoder front = out.front();
        front.put(PgId.CODEC, pg.pg())
                .put(EVersion.CODEC, scrubFrom)
                .put(EVersion.CODEC, scrubTo)
                .u32(epoch)
                .bool(chunky)
                .put(ObjectId.CODEC, start)
                .put(ObjectId.CODEC, end)
                .bool(deep)
                .u8(pg.shard())
                .u32(-1)
                .u32(minEpoch)
                .bool(allowPreemption)
                .u32(scrubPriority)
                .bool(highPriority);
    }

    private static OsdRepScrub decode(Payload.In in) {
        Decoder front = in.front();
        PgId pgId = front.get(PgId.CODEC);
        EVersion scrubFrom = front.get(EVersion.CODEC);
        EVersion scrubTo = front.get(EVersion.CODEC);
        int epoch = front.i32();
        boolean chunky = front.bool();
        ObjectId start = front.get(ObjectId.CODEC);
        ObjectId end = front.get(ObjectId.CODEC);
        boolean deep = front.bool();
        ShardPgId pg = new ShardPgId(pgId, (byte) front.u8());
        front.skip(4);
        int minEpoch = front.i32();
        boolean allowPreemption = front.bool();
        int scrubPriority = in.version() >= 9 ? front.i32() : 0;
        boolean highPriority = in.version() >= 9 ? front.bool() : false;
        return new OsdRepScrub(
                pg,
                scrubFrom,
                scrubTo,
                epoch,
                chunky,
                start,
                end,
                deep,
                minEpoch,
                allowPreemption,
                scrubPriority,
                highPriority);
    }

    @Override
    public MessageType<OsdRepScrub> type() {
        return TYPE;
    }
}
