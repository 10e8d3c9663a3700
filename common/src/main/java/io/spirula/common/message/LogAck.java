package io.spirula.common.message;

import io.spirula.common.encoding.Decoder;
import io.spirula.common.types.Uuid;

/** Lines up to this one are in the cluster log. Ceph: MLogAck. */
public record LogAck(Uuid fsid, long last, String channel) implements Message {
    public static final MessageType<LogAck> TYPE =
            new MessageType<>(53, "MLogAck", 1, 1, LogAck.class, LogAck::encode, LogAck::decode);

    private void encode(Payload.Out out) {
        out.front().put(Uuid.CODEC, fsid).u64(last).string(channel);
    }

    private static LogAck decode(Payload.In in) {
        Decoder front = in.front();
        return new LogAck(front.get(Uuid.CODEC), front.u64(), front.hasRemaining() ? front.string() : "");
    }

    @Override
    public MessageType<LogAck> type() {
        return TYPE;
    }
}
