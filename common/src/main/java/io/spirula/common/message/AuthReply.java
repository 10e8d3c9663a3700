package io.spirula.common.message;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.encoding.Decoder;

/** The monitor's answer to {@link Auth}; the result is 0 or a negative errno. Ceph: MAuthReply. */
public record AuthReply(int protocol, int result, long globalId, Bytes payload, String text) implements Message {
    public static final MessageType<AuthReply> TYPE =
            new MessageType<>(18, "MAuthReply", 1, 1, AuthReply.class, AuthReply::encode, AuthReply::decode);

    private void encode(Payload.Out out) {
        out.front().u32(protocol).u32(result).u64(globalId).bytes(payload).string(text);
    }

    private static AuthReply decode(Payload.In in) {
        Decoder front = in.front();
        return new AuthReply(front.i32(), front.i32(), front.u64(), front.bytes(), front.string());
    }

    @Override
    public MessageType<AuthReply> type() {
        return TYPE;
    }
}
