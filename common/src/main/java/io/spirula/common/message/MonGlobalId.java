package io.spirula.common.message;

import io.spirula.common.encoding.Decoder;

/** A peon asks its leader for more numbers to tell clients apart by. Ceph: MMonGlobalID. */
public record MonGlobalId(long lastId) implements Message {
    public static final MessageType<MonGlobalId> TYPE =
            new MessageType<>(60, "MMonGlobalID", 1, 1, MonGlobalId.class, MonGlobalId::encode, MonGlobalId::decode);

    private void encode(Payload.Out out) {
        PaxosPrefix.encode(0, out.front()).u64(lastId);
    }

    private static MonGlobalId decode(Payload.In in) {
        Decoder front = in.front();
        PaxosPrefix.decode(front);
        return new MonGlobalId(front.u64());
    }

    @Override
    public MessageType<MonGlobalId> type() {
        return TYPE;
    }
}
