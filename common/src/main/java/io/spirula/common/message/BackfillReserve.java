package io.spirula.common.message;

import io.spirula.common.encoding.Decoder;
import io.spirula.common.encoding.Encoder;
import io.spirula.common.types.PgId;
import io.spirula.common.types.ShardPgId;

/** Asks for one of an OSD's few places for backfill, grants or refuses it, or gives it back. Ceph: MBackfillReserve. */
public record BackfillReserve(
        ShardPgId pg, int queryEpoch, int kind, int reservationPriority, long primaryBytes, long shardBytes)
        implements Message {
    /** Ceph: MBackfillReserve's enum. */
    public static final int REQUEST_BACKFILL = 0;

    public static final int GRANT = 1;
    public static final int REJECT_TOOFULL = 2;
    public static final int RELEASE = 3;
    public static final int REVOKE_TOOFULL = 4;
    public static final int REVOKE = 5;

    public static final MessageType<BackfillReserve> TYPE = new MessageType<>(
            99, "MBackfillReserve", 5, 4, BackfillReserve.class, BackfillReserve::encode, BackfillReserve::decode);

    private void encode(Payload.Out out) {
        Encoder front = out.front();
        front.put(PgId.CODEC, pg.pg())
                .u32(queryEpoch)
                .u32(kind)
                .u32(reservationPriority)
                .u8(pg.shard())
                .u64(primaryBytes)
                .u64(shardBytes);
    }

    private static BackfillReserve decode(Payload.In in) {
        Decoder front = in.front();
        PgId pgId = front.get(PgId.CODEC);
        int queryEpoch = front.i32();
        int kind = front.i32();
        int reservationPriority = front.i32();
        ShardPgId pg = new ShardPgId(pgId, (byte) front.u8());
        long primaryBytes = in.version() >= 5 ? front.u64() : 0;
        long shardBytes = in.version() >= 5 ? front.u64() : 0;
        return new BackfillReserve(pg, queryEpoch, kind, reservationPriority, primaryBytes, shardBytes);
    }

    @Override
    public MessageType<BackfillReserve> type() {
        return TYPE;
    }
}
