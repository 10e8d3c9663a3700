package io.spirula.common.message;

import io.spirula.common.encoding.Bytes;

/** The map of registered services in its own encoding. Ceph: MServiceMap. */
public record ServiceMapMessage(Bytes map) implements Message {
    public static final MessageType<ServiceMapMessage> TYPE = new MessageType<>(
            0x707, "MServiceMap", 1, 1, ServiceMapMessage.class, ServiceMapMessage::encode, ServiceMapMessage::decode);

    private void encode(Payload.Out out) {
        out.front().raw(map);
    }

    private static ServiceMapMessage decode(Payload.In in) {
        return new ServiceMapMessage(in.front().rest());
    }

    @Override
    public MessageType<ServiceMapMessage> type() {
        return TYPE;
    }
}
