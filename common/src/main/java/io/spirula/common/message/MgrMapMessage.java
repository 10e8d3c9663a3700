package io.spirula.common.message;

import io.spirula.common.encoding.Bytes;

/** The manager map in its own encoding. Ceph: MMgrMap. */
public record MgrMapMessage(Bytes map) implements Message {
    public static final MessageType<MgrMapMessage> TYPE = new MessageType<>(
            0x704, "MMgrMap", 1, 1, MgrMapMessage.class, MgrMapMessage::encode, MgrMapMessage::decode);

    private void encode(Payload.Out out) {
        out.front().raw(map);
    }

    private static MgrMapMessage decode(Payload.In in) {
        return new MgrMapMessage(in.front().rest());
    }

    @Override
    public MessageType<MgrMapMessage> type() {
        return TYPE;
    }
}
