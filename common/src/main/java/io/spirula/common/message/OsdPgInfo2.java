package io.spirula.common.message;

import io.spirula.common.encoding.Decoder;
import io.spirula.common.encoding.Encoder;
import io.spirula.common.pg.PgInfo;
import io.spirula.common.pg.PgLease;
import io.spirula.common.pg.PgLeaseAck;
import io.spirula.common.types.ShardPgId;
import org.jspecify.annotations.Nullable;

/** A primary activates a replica with its info, or a replica answers that it is active. Ceph: MOSDPGInfo2. */
public record OsdPgInfo2(
        ShardPgId pg,
        int epochSent,
        int minEpoch,
        PgInfo info,
        @Nullable PgLease lease,
        @Nullable PgLeaseAck leaseAck) implements Message {
    public static final MessageType<OsdPgInfo2> TYPE =
            new MessageType<>(132, "MOSDPGInfo2", 1, 1, OsdPgInfo2.class, OsdPgInfo2::encode, OsdPgInfo2::decode);

    private void encode(Payload.Out out) {
        Encoder front = out.front();
        front.put(ShardPgId.CODEC, pg).u32(epochSent).u32(minEpoch).put(PgInfo.CODEC, info);
        front.bool(lease != null);
        if (lease != null) {
            front.put(PgLease.CODEC, lease);
        }
        front.bool(leaseAck != null);
        if (leaseAck != null) {
            front.put(PgLeaseAck.CODEC, leaseAck);
        }
    }

    private static OsdPgInfo2 decode(Payload.In in) {
        Decoder front = in.front();
        return new OsdPgInfo2(
                front.get(ShardPgId.CODEC),
                front.i32(),
                front.i32(),
                front.get(PgInfo.CODEC),
                front.bool() ? front.get(PgLease.CODEC) : null,
                front.bool() ? front.get(PgLeaseAck.CODEC) : null);
    }

    @Override
    public int priority() {
        return PRIO_HIGH;
    }

    @Override
    public MessageType<OsdPgInfo2> type() {
        return TYPE;
    }
}
