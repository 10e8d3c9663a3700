package io.spirula.common.message;

import io.spirula.common.encoding.Decoder;
import io.spirula.common.types.EntityAddrs;
import io.spirula.common.types.Uuid;

/** A new monitor asks to be put into the monitor map. Ceph: MMonJoin. */
public record MonJoin(Uuid fsid, String name, EntityAddrs addrs) implements Message {
    public static final MessageType<MonJoin> TYPE =
            new MessageType<>(68, "MMonJoin", 3, 2, MonJoin.class, MonJoin::encode, MonJoin::decode);

    private void encode(Payload.Out out) {
        PaxosPrefix.encode(0, out.front())
                .put(Uuid.CODEC, fsid)
                .string(name)
                .put(EntityAddrs.CODEC, addrs)
                .bool(false)
                .u32(0);
    }

    private static MonJoin decode(Payload.In in) {
        Decoder front = in.front();
        PaxosPrefix.decode(front);
        return new MonJoin(front.get(Uuid.CODEC), front.string(), front.get(EntityAddrs.CODEC));
    }

    @Override
    public MessageType<MonJoin> type() {
        return TYPE;
    }
}
