package io.spirula.common.message;

import io.spirula.common.encoding.Decoder;
import io.spirula.common.encoding.Encoder;
import io.spirula.common.types.ShardPgId;
import java.util.List;

/** A primary has strays remove their copies of groups. Ceph: MOSDPGRemove. */
public record OsdPgRemove(int epoch, List<ShardPgId> pgs) implements Message {
    public static final MessageType<OsdPgRemove> TYPE =
            new MessageType<>(84, "MOSDPGRemove", 3, 3, OsdPgRemove.class, OsdPgRemove::encode, OsdPgRemove::decode);

    public OsdPgRemove {
        pgs = List.copyOf(pgs);
    }

    private void encode(Payload.Out out) {
        Encoder front = out.front();
        front.u32(epoch).list(pgs, (v, o) -> o.put(ShardPgId.CODEC, v));
    }

    private static OsdPgRemove decode(Payload.In in) {
        Decoder front = in.front();
        return new OsdPgRemove(front.i32(), front.list(d -> d.get(ShardPgId.CODEC)));
    }

    @Override
    public MessageType<OsdPgRemove> type() {
        return TYPE;
    }
}
