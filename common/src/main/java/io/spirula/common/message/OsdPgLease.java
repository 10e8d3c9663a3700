package io.spirula.common.message;

import io.spirula.common.encoding.Decoder;
import io.spirula.common.encoding.Encoder;
import io.spirula.common.pg.PgLease;
import io.spirula.common.types.ShardPgId;

/** A primary extends replicas' leases to read. Ceph: MOSDPGLease. */
public record OsdPgLease(int epoch, ShardPgId pg, PgLease lease) implements Message {
    public static final MessageType<OsdPgLease> TYPE =
            new MessageType<>(133, "MOSDPGLease", 1, 1, OsdPgLease.class, OsdPgLease::encode, OsdPgLease::decode);

    private void encode(Payload.Out out) {
        Encoder front = out.front();
        front.u32(epoch).put(ShardPgId.CODEC, pg).put(PgLease.CODEC, lease);
    }

    private static OsdPgLease decode(Payload.In in) {
        Decoder front = in.front();
        return new OsdPgLease(front.i32(), front.get(ShardPgId.CODEC), front.get(PgLease.CODEC));
    }

    @Override
    public MessageType<OsdPgLease> type() {
        return TYPE;
    }
}
