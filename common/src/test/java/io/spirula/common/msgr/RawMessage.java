package io.spirula.common.msgr;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.message.Message;
import io.spirula.common.message.MessageType;
import io.spirula.common.message.Payload;

/** Any message as its bytes. */
public record RawMessage(Payload payload) implements Message {
    public static RawMessage of(int type, Bytes front, Bytes data) {
        return new RawMessage(new Payload(type, 1, 1, PRIO_DEFAULT, 0, 0, front, Bytes.EMPTY, data));
    }

    @Override
    public MessageType<RawMessage> type() {
        return new MessageType<>(
                payload.type(),
                "Raw" + payload.type(),
                payload.version(),
                payload.compatVersion(),
                RawMessage.class,
                (m, out) -> {
                    out.front().raw(m.payload.front());
                    out.middle(m.payload.middle());
                    out.data(m.payload.data());
                },
                in -> {
                    throw new UnsupportedOperationException();
                });
    }

    @Override
    public long tid() {
        return payload.tid();
    }
}
