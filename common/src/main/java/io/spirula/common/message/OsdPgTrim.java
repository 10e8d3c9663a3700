package io.spirula.common.message;

import io.spirula.common.encoding.Decoder;
import io.spirula.common.encoding.Encoder;
import io.spirula.common.types.EVersion;
import io.spirula.common.types.PgId;
import io.spirula.common.types.ShardPgId;

/** Trims replicas' logs once all have completed. Ceph: MOSDPGTrim. */
public record OsdPgTrim(int epoch, ShardPgId pg, EVersion trimTo) implements Message {
    public static final MessageType<OsdPgTrim> TYPE =
            new MessageType<>(86, "MOSDPGTrim", 2, 2, OsdPgTrim.class, OsdPgTrim::encode, OsdPgTrim::decode);

    private void encode(Payload.Out out) {
        Encoder front = out.front();
        front.u32(epoch).put(PgId.CODEC, pg.pg()).put(EVersion.CODEC, trimTo).u8(pg.shard());
    }

    private static OsdPgTrim decode(Payload.In in) {
        Decoder front = in.front();
        int epoch = front.i32();
        PgId pgId = front.get(PgId.CODEC);
        EVersion trimTo = front.get(EVersion.CODEC);
        ShardPgId pg = new ShardPgId(pgId, (byte) front.u8());
        return new OsdPgTrim(epoch, pg, trimTo);
    }

    @Override
    public MessageType<OsdPgTrim> type() {
        return TYPE;
    }
}
