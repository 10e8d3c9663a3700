package io.spirula.common.message;

import io.spirula.common.encoding.Decoder;
import io.spirula.common.encoding.Encoder;
import io.spirula.common.pg.ObjectStats;
import io.spirula.common.pg.PgStats;
import io.spirula.common.types.ObjectId;
import io.spirula.common.types.PgId;
import io.spirula.common.types.ShardPgId;

/** A primary tells a backfill target how far it is, or that it is done. Ceph: MOSDPGBackfill. */
public record OsdPgBackfill(int op, int epoch, int queryEpoch, ShardPgId pg, ObjectId lastBackfill, PgStats stats)
        implements Message {
    /** Ceph: OP_BACKFILL_PROGRESS; the others follow its names too. */
    public static final int PROGRESS = 2;

    public static final int FINISH = 3;
    public static final int FINISH_ACK = 4;

    public static final MessageType<OsdPgBackfill> TYPE = new MessageType<>(
            95, "MOSDPGBackfill", 3, 3, OsdPgBackfill.class, OsdPgBackfill::encode, OsdPgBackfill::decode);

    private void encode(Payload.Out out) {
        Encoder front = out.front();
        front.u32(op)
                .u32(epoch)
                .u32(queryEpoch)
                .put(PgId.CODEC, pg.pg())
                .put(ObjectId.CODEC, lastBackfill)
                .put(ObjectStats.COLLECTION_CODEC, stats.stats()) // for old readers
                .put(PgStats.CODEC, stats)
                .u8(pg.shard());
    }

    private static OsdPgBackfill decode(Payload.In in) {
        Decoder front = in.front();
        int op = front.i32();
        int epoch = front.i32();
        int queryEpoch = front.i32();
        PgId pgId = front.get(PgId.CODEC);
        ObjectId lastBackfill = front.get(ObjectId.CODEC);
        front.get(ObjectStats.COLLECTION_CODEC);
        PgStats stats = front.get(PgStats.CODEC);
        ShardPgId pg = new ShardPgId(pgId, (byte) front.u8());
        return new OsdPgBackfill(op, epoch, queryEpoch, pg, lastBackfill, stats);
    }

    @Override
    public MessageType<OsdPgBackfill> type() {
        return TYPE;
    }
}
