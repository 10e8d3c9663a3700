package io.spirula.common.message;

import io.spirula.common.encoding.Decoder;
import io.spirula.common.encoding.Encoder;

/** An OSD asks for its fullness state (bits of the OSD's state in the map) to change. Ceph: MOSDFull. */
public record OsdFull(long version, int epoch, int state) implements Message {
    public static final MessageType<OsdFull> TYPE =
            new MessageType<>(75, "MOSDFull", 1, 1, OsdFull.class, OsdFull::encode, OsdFull::decode);

    private void encode(Payload.Out out) {
        Encoder front = out.front();
        PaxosPrefix.encode(version, front);
        front.u32(epoch).u32(state);
    }

    private static OsdFull decode(Payload.In in) {
        Decoder front = in.front();
        return new OsdFull(PaxosPrefix.decode(front), front.i32(), front.i32());
    }

    @Override
    public MessageType<OsdFull> type() {
        return TYPE;
    }
}
