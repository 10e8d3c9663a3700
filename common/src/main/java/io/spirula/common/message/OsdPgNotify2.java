package io.spirula.common.message;

import io.spirula.common.encoding.Decoder;
import io.spirula.common.encoding.Encoder;
import io.spirula.common.pg.PgNotify;
import io.spirula.common.types.ShardPgId;

/** A peer tells the primary what it has of a group. Ceph: MOSDPGNotify2. */
public record OsdPgNotify2(ShardPgId pg, PgNotify peerInfo) implements Message {
    public static final MessageType<OsdPgNotify2> TYPE = new MessageType<>(
            130, "MOSDPGNotify2", 1, 1, OsdPgNotify2.class, OsdPgNotify2::encode, OsdPgNotify2::decode);

    private void encode(Payload.Out out) {
        Encoder front = out.front();
        front.put(ShardPgId.CODEC, pg).put(PgNotify.CODEC, peerInfo);
    }

    private static OsdPgNotify2 decode(Payload.In in) {
        Decoder front = in.front();
        return new OsdPgNotify2(front.get(ShardPgId.CODEC), front.get(PgNotify.CODEC));
    }

    @Override
    public int priority() {
        return PRIO_HIGH;
    }

    @Override
    public MessageType<OsdPgNotify2> type() {
        return TYPE;
    }
}
