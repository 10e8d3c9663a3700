package io.spirula.common.message;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.encoding.Decoder;
import io.spirula.common.encoding.Encoder;
import io.spirula.common.pg.PgShard;
import io.spirula.common.types.ShardPgId;

/** A replica's scrub map, as data. Ceph: MOSDRepScrubMap. */
public record OsdRepScrubMap(ShardPgId pg, int epoch, PgShard from, boolean preempted, Bytes scrubMap)
        implements Message {
    public static final MessageType<OsdRepScrubMap> TYPE = new MessageType<>(
            117, "MOSDRepScrubMap", 2, 1, OsdRepScrubMap.class, OsdRepScrubMap::encode, OsdRepScrubMap::decode);

    private void encode(Payload.Out out) {
        Encoder front = out.front();
        front.put(ShardPgId.CODEC, pg).u32(epoch).put(PgShard.CODEC, from).bool(preempted);
        out.data(scrubMap);
    }

    private static OsdRepScrubMap decode(Payload.In in) {
        Decoder front = in.front();
        return new OsdRepScrubMap(
                front.get(ShardPgId.CODEC), front.i32(), front.get(PgShard.CODEC), front.bool(), in.data());
    }

    @Override
    public MessageType<OsdRepScrubMap> type() {
        return TYPE;
    }
}
