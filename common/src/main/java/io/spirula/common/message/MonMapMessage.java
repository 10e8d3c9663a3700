package io.spirula.common.message;

import io.spirula.common.encoding.Bytes;

/** The monitor map in its own encoding. Ceph: MMonMap. */
public record MonMapMessage(Bytes monMap) implements Message {
    public static final MessageType<MonMapMessage> TYPE =
            new MessageType<>(4, "MMonMap", 1, 1, MonMapMessage.class, MonMapMessage::encode, MonMapMessage::decode);

    private void encode(Payload.Out out) {
        out.front().bytes(monMap);
    }

    private static MonMapMessage decode(Payload.In in) {
        return new MonMapMessage(in.front().bytes());
    }

    @Override
    public MessageType<MonMapMessage> type() {
        return TYPE;
    }
}
