package io.spirula.common.message;

import io.spirula.common.encoding.Bytes;

/** The manager's answer to a {@link MgrCommand}: 0 or a negative errno, a message for people, and output as data. Ceph: MMgrCommandReply. */
public record MgrCommandReply(long tid, int result, String text, Bytes output) implements Message {
    public static final MessageType<MgrCommandReply> TYPE = new MessageType<>(
            0x70a, "MMgrCommandReply", 1, 1, MgrCommandReply.class, MgrCommandReply::encode, MgrCommandReply::decode);

    private void encode(Payload.Out out) {
        out.front().u32(result).string(text);
        out.data(output);
    }

    private static MgrCommandReply decode(Payload.In in) {
        return new MgrCommandReply(in.tid(), in.front().i32(), in.front().string(), in.data());
    }

    @Override
    public MessageType<MgrCommandReply> type() {
        return TYPE;
    }
}
