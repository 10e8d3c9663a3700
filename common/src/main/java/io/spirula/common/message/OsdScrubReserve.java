package io.spirula.common.message;

import io.spirula.common.encoding.Decoder;
import io.spirula.common.encoding.Encoder;
import io.spirula.common.pg.PgShard;
import io.spirula.common.types.ShardPgId;

/** Asks for one of an OSD's few places for scrubs, grants or refuses it, or gives it back. Ceph: MOSDScrubReserve. */
public record OsdScrubReserve(ShardPgId pg, int epoch, int kind, PgShard from) implements Message {
    /** Ceph: MOSDScrubReserve's enum. */
    public static final int REQUEST = 0;

    public static final int GRANT = 1;
    public static final int RELEASE = 2;
    public static final int REJECT = 3;

    public static final MessageType<OsdScrubReserve> TYPE = new MessageType<>(
            92, "MOSDScrubReserve", 1, 1, OsdScrubReserve.class, OsdScrubReserve::encode, OsdScrubReserve::decode);

    private void encode(Payload.Out out) {
        Encoder front = out.front();
        front.put(ShardPgId.CODEC, pg).u32(epoch).u32(kind).put(PgShard.CODEC, from);
    }

    private static OsdScrubReserve decode(Payload.In in) {
        Decoder front = in.front();
        return new OsdScrubReserve(front.get(ShardPgId.CODEC), front.i32(), front.i32(), front.get(PgShard.CODEC));
    }

    @Override
    public MessageType<OsdScrubReserve> type() {
        return TYPE;
    }
}
