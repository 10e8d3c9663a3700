package io.spirula.common.message;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.encoding.Decoder;
import java.util.List;

/** A command's result (0 or a negative errno), its message for people, the command itself, and its output as data. Ceph: MMonCommandAck. */
public record MonCommandAck(long tid, long version, int result, String text, List<String> command, Bytes output)
        implements Message {
    public static final MessageType<MonCommandAck> TYPE = new MessageType<>(
            51, "MMonCommandAck", 1, 1, MonCommandAck.class, MonCommandAck::encode, MonCommandAck::decode);

    public MonCommandAck {
        command = List.copyOf(command);
    }

    private void encode(Payload.Out out) {
        PaxosPrefix.encode(version, out.front()).u32(result).string(text).list(command, (s, o) -> o.string(s));
        out.data(output);
    }

    private static MonCommandAck decode(Payload.In in) {
        Decoder front = in.front();
        return new MonCommandAck(
                in.tid(),
                PaxosPrefix.decode(front),
                front.i32(),
                front.string(),
                front.list(Decoder::string),
                in.data());
    }

    @Override
    public MessageType<MonCommandAck> type() {
        return TYPE;
    }
}
