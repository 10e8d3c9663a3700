package io.spirula.common.message;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.encoding.Decoder;
import io.spirula.common.encoding.Encoder;
import io.spirula.common.pg.PgShard;
import io.spirula.common.types.ObjectId;
import io.spirula.common.types.PgId;
import io.spirula.common.types.ShardPgId;

/** Asks for the objects and versions in a range, for backfill, or answers with them as data: an encoded map of objects to versions. Ceph: MOSDPGScan. */
public record OsdPgScan(
        int op, int epoch, int queryEpoch, ShardPgId pg, ObjectId begin, ObjectId end, PgShard from, Bytes objects)
        implements Message {
    /** What a scan message is. Ceph: OP_SCAN_GET_DIGEST; the other follows its name too. */
    public static final int GET_DIGEST = 1;

    public static final int DIGEST = 2;

    public static final MessageType<OsdPgScan> TYPE =
            new MessageType<>(94, "MOSDPGScan", 2, 2, OsdPgScan.class, OsdPgScan::encode, OsdPgScan::decode);

    private void encode(Payload.Out out) {
        Encoder front = out.front();
        front.u32(op)
                .u32(epoch)
                .u32(queryEpoch)
                .put(PgId.CODEC, pg.pg())
                .put(ObjectId.CODEC, begin)
                .put(ObjectId.CODEC, end)
                .put(PgShard.CODEC, from)
                .u8(pg.shard());
        out.data(objects);
    }

    private static OsdPgScan decode(Payload.In in) {
        Decoder front = in.front();
        int op = front.i32();
        int epoch = front.i32();
        int queryEpoch = front.i32();
        PgId pgId = front.get(PgId.CODEC);
        ObjectId begin = front.get(ObjectId.CODEC);
        ObjectId end = front.get(ObjectId.CODEC);
        PgShard from = front.get(PgShard.CODEC);
        ShardPgId pg = new ShardPgId(pgId, (byte) front.u8());
        Bytes objects = in.data();
        return new OsdPgScan(op, epoch, queryEpoch, pg, begin, end, from, objects);
    }

    @Override
    public MessageType<OsdPgScan> type() {
        return TYPE;
    }
}
