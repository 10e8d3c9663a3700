package io.spirula.common.message;

import io.spirula.common.encoding.Decoder;
import io.spirula.common.encoding.Encoder;
import io.spirula.common.types.PgId;
import io.spirula.common.types.ShardPgId;

/** Asks for one of an OSD's few places for recovery, grants it, or gives it back. Ceph: MRecoveryReserve. */
public record RecoveryReserve(ShardPgId pg, int queryEpoch, int kind, int reservationPriority) implements Message {
    /** Ceph: MRecoveryReserve's enum. */
    public static final int REQUEST = 0;

    public static final int GRANT = 1;
    public static final int RELEASE = 2;
    public static final int REVOKE = 3;

    public static final MessageType<RecoveryReserve> TYPE = new MessageType<>(
            150, "MRecoveryReserve", 3, 2, RecoveryReserve.class, RecoveryReserve::encode, RecoveryReserve::decode);

    private void encode(Payload.Out out) {
        Encoder front = out.front();
        front.put(PgId.CODEC, pg.pg()).u32(queryEpoch).u32(kind).u8(pg.shard()).u32(reservationPriority);
    }

    private static RecoveryReserve decode(Payload.In in) {
        Decoder front = in.front();
        PgId pgId = front.get(PgId.CODEC);
        int queryEpoch = front.i32();
        int kind = front.i32();
        ShardPgId pg = new ShardPgId(pgId, (byte) front.u8());
        int reservationPriority = front.i32();
        return new RecoveryReserve(pg, queryEpoch, kind, reservationPriority);
    }

    @Override
    public MessageType<RecoveryReserve> type() {
        return TYPE;
    }
}
