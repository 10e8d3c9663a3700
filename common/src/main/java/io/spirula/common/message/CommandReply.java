package io.spirula.common.message;

import io.spirula.common.encoding.Bytes;

/** A daemon's answer to a {@link Command}: 0 or a negative errno, a message for people, and output as data. Ceph: MCommandReply. */
public record CommandReply(long tid, int result, String text, Bytes output) implements Message {
    public static final MessageType<CommandReply> TYPE = new MessageType<>(
            98, "MCommandReply", 1, 1, CommandReply.class, CommandReply::encode, CommandReply::decode);

    private void encode(Payload.Out out) {
        out.front().u32(result).string(text);
        out.data(output);
    }

    private static CommandReply decode(Payload.In in) {
        return new CommandReply(in.tid(), in.front().i32(), in.front().string(), in.data());
    }

    @Override
    public MessageType<CommandReply> type() {
        return TYPE;
    }
}
