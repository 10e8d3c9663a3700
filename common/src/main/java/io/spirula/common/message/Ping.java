package io.spirula.common.message;

import io.spirula.common.encoding.Bytes;

/** Asks a monitor for its state, or carries it back. Ceph: MPing. */
public record Ping(Bytes state) implements Message {
    public static final MessageType<Ping> TYPE =
            new MessageType<>(2, "MPing", 1, 1, Ping.class, Ping::encode, Ping::decode);

    private void encode(Payload.Out out) {
        out.front().raw(state);
    }

    private static Ping decode(Payload.In in) {
        return new Ping(in.front().rest());
    }

    @Override
    public MessageType<Ping> type() {
        return TYPE;
    }
}
