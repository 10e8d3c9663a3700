package io.spirula.common.message;

import io.spirula.common.encoding.Decoder;
import io.spirula.common.encoding.Encoder;
import io.spirula.common.pg.PgLeaseAck;
import io.spirula.common.types.ShardPgId;

/** A replica acknowledges a lease. Ceph: MOSDPGLeaseAck. */
public record OsdPgLeaseAck(int epoch, ShardPgId pg, PgLeaseAck leaseAck) implements Message {
    public static final MessageType<OsdPgLeaseAck> TYPE = new MessageType<>(
            134, "MOSDPGLeaseAck", 1, 1, OsdPgLeaseAck.class, OsdPgLeaseAck::encode, OsdPgLeaseAck::decode);

    private void encode(Payload.Out out) {
        Encoder front = out.front();
        front.u32(epoch).put(ShardPgId.CODEC, pg).put(PgLeaseAck.CODEC, leaseAck);
    }

    private static OsdPgLeaseAck decode(Payload.In in) {
        Decoder front = in.front();
        return new OsdPgLeaseAck(front.i32(), front.get(ShardPgId.CODEC), front.get(PgLeaseAck.CODEC));
    }

    @Override
    public MessageType<OsdPgLeaseAck> type() {
        return TYPE;
    }
}
