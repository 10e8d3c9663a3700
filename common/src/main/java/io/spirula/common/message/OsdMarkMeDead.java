package io.spirula.common.message;

import io.spirula.common.encoding.Decoder;
import io.spirula.common.encoding.Encoder;
import io.spirula.common.types.Uuid;

/** An OSD that is down says that it will write no more. Ceph: MOSDMarkMeDead. */
public record OsdMarkMeDead(long version, Uuid fsid, int target, int epoch) implements Message {
    public static final MessageType<OsdMarkMeDead> TYPE = new MessageType<>(
            123, "MOSDMarkMeDead", 1, 1, OsdMarkMeDead.class, OsdMarkMeDead::encode, OsdMarkMeDead::decode);

    private void encode(Payload.Out out) {
        Encoder front = out.front();
        PaxosPrefix.encode(version, front);
        front.put(Uuid.CODEC, fsid).u32(target).u32(epoch);
    }

    private static OsdMarkMeDead decode(Payload.In in) {
        Decoder front = in.front();
        return new OsdMarkMeDead(PaxosPrefix.decode(front), front.get(Uuid.CODEC), front.i32(), front.i32());
    }

    @Override
    public MessageType<OsdMarkMeDead> type() {
        return TYPE;
    }
}
