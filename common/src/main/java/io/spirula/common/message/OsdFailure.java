package io.spirula.common.message;

import io.spirula.common.encoding.Decoder;
import io.spirula.common.encoding.Encoder;
import io.spirula.common.types.EntityAddrs;
import io.spirula.common.types.Uuid;

/** An OSD reports a peer that does not answer, or takes that back. Ceph: MOSDFailure. */
public record OsdFailure(
        long version, Uuid fsid, int target, EntityAddrs targetAddrs, int epoch, int flags, int failedForSeconds)
        implements Message {
    /** The peer has failed; without it the report is taken back. Ceph: FLAG_FAILED; the other follows its name too. */
    public static final int FLAG_FAILED = 1;

    /** The peer refuses connections: it is down for certain. */
    public static final int FLAG_IMMEDIATE = 2;

    public static final MessageType<OsdFailure> TYPE =
            new MessageType<>(72, "MOSDFailure", 4, 4, OsdFailure.class, OsdFailure::encode, OsdFailure::decode);

    private void encode(Payload.Out out) {
        Encoder front = out.front();
        PaxosPrefix.encode(version, front);
        front.put(Uuid.CODEC, fsid)
                .u32(target)
                .put(EntityAddrs.CODEC, targetAddrs)
                .u32(epoch)
                .u8(flags)
                .u32(failedForSeconds);
    }

    private static OsdFailure decode(Payload.In in) {
        Decoder front = in.front();
        return new OsdFailure(
                PaxosPrefix.decode(front),
                front.get(Uuid.CODEC),
                front.i32(),
                front.get(EntityAddrs.CODEC),
                front.i32(),
                front.u8(),
                front.i32());
    }

    @Override
    public MessageType<OsdFailure> type() {
        return TYPE;
    }
}
