package io.spirula.common.message;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.encoding.Decoder;
import io.spirula.common.encoding.Encoder;
import io.spirula.common.types.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * The result of a {@link PoolOp} (0 or a negative errno), the OSD map's epoch in which it stands, and an answer such as the new snapshot's number; null where there is none.
 * Ceph: MPoolOpReply.
 */
public record PoolOpReply(
        long tid,
        long version,
        Uuid fsid,
        int result,
        int epoch,
        @Nullable Bytes response) implements Message {
    public static final MessageType<PoolOpReply> TYPE =
            new MessageType<>(48, "MPoolOpReply", 1, 1, PoolOpReply.class, PoolOpReply::encode, PoolOpReply::decode);

    private void encode(Payload.Out out) {
        Encoder front = PaxosPrefix.encode(version, out.front())
                .put(Uuid.CODEC, fsid)
                .u32(result)
                .u32(epoch)
                .bool(response != null);
        if (response != null) {
            front.bytes(response);
        }
    }

    private static PoolOpReply decode(Payload.In in) {
        Decoder front = in.front();
        return new PoolOpReply(
                in.tid(),
                PaxosPrefix.decode(front),
                front.get(Uuid.CODEC),
                front.i32(),
                front.i32(),
                front.bool() ? front.bytes() : null);
    }

    @Override
    public MessageType<PoolOpReply> type() {
        return TYPE;
    }
}
