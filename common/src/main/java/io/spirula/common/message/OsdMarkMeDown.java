package io.spirula.common.message;

import io.spirula.common.encoding.Decoder;
import io.spirula.common.encoding.Encoder;
import io.spirula.common.types.EntityAddrs;
import io.spirula.common.types.Uuid;

/** An OSD that stops says so, and asks for this back as an answer where {@code requestAck}. Ceph: MOSDMarkMeDown. */
public record OsdMarkMeDown(
        long version,
        Uuid fsid,
        int target,
        EntityAddrs targetAddrs,
        int epoch,
        boolean requestAck,
        boolean downAndDead)
        implements Message {
    public static final MessageType<OsdMarkMeDown> TYPE = new MessageType<>(
            74, "MOSDMarkMeDown", 4, 3, OsdMarkMeDown.class, OsdMarkMeDown::encode, OsdMarkMeDown::decode);

    private void encode(Payload.Out out) {
        Encoder front = out.front();
        PaxosPrefix.encode(version, front);
        front.put(Uuid.CODEC, fsid)
                .u32(target)
                .put(EntityAddrs.CODEC, targetAddrs)
                .u32(epoch)
                .bool(requestAck)
                .bool(downAndDead);
    }

    private static OsdMarkMeDown decode(Payload.In in) {
        Decoder front = in.front();
        return new OsdMarkMeDown(
                PaxosPrefix.decode(front),
                front.get(Uuid.CODEC),
                front.i32(),
                front.get(EntityAddrs.CODEC),
                front.i32(),
                front.bool(),
                in.version() >= 4 ? front.bool() : false);
    }

    @Override
    public MessageType<OsdMarkMeDown> type() {
        return TYPE;
    }
}
