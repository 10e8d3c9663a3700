package io.spirula.common.message;

import io.spirula.common.encoding.Decoder;
import io.spirula.common.encoding.Encoder;
import io.spirula.common.pg.PgQuery;
import io.spirula.common.types.ShardPgId;

/** A primary asks a peer for its info, its log or what it misses. Ceph: MOSDPGQuery2. */
public record OsdPgQuery2(ShardPgId pg, PgQuery query) implements Message {
    public static final MessageType<OsdPgQuery2> TYPE =
            new MessageType<>(131, "MOSDPGQuery2", 1, 1, OsdPgQuery2.class, OsdPgQuery2::encode, OsdPgQuery2::decode);

    private void encode(Payload.Out out) {
        Encoder front = out.front();
        front.put(ShardPgId.CODEC, pg).put(PgQuery.CODEC, query);
    }

    private static OsdPgQuery2 decode(Payload.In in) {
        Decoder front = in.front();
        return new OsdPgQuery2(front.get(ShardPgId.CODEC), front.get(PgQuery.CODEC));
    }

    @Override
    public int priority() {
        return PRIO_HIGH;
    }

    @Override
    public MessageType<OsdPgQuery2> type() {
        return TYPE;
    }
}
