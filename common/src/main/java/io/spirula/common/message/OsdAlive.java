package io.spirula.common.message;

import io.spirula.common.encoding.Decoder;
import io.spirula.common.encoding.Encoder;

/** An OSD asks for its up_thru to reach an epoch; the version is its own map's epoch. Ceph: MOSDAlive. */
public record OsdAlive(long version, int want) implements Message {
    public static final MessageType<OsdAlive> TYPE =
            new MessageType<>(73, "MOSDAlive", 1, 1, OsdAlive.class, OsdAlive::encode, OsdAlive::decode);

    private void encode(Payload.Out out) {
        Encoder front = out.front();
        PaxosPrefix.encode(version, front);
        front.u32(want);
    }

    private static OsdAlive decode(Payload.In in) {
        Decoder front = in.front();
        return new OsdAlive(PaxosPrefix.decode(front), front.i32());
    }

    @Override
    public MessageType<OsdAlive> type() {
        return TYPE;
    }
}
