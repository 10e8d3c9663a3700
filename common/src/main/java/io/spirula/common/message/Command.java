package io.spirula.common.message;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.encoding.EscapedUtf8;
import io.spirula.common.types.Uuid;
import java.util.List;

/** A command for one daemon: one JSON object, and input as data. Ceph: MCommand. */
public record Command(long tid, Uuid fsid, List<String> command, Bytes input) implements Message {
    public static final MessageType<Command> TYPE =
            new MessageType<>(97, "MCommand", 1, 1, Command.class, Command::encode, Command::decode);

    public Command {
        command = List.copyOf(command);
    }

    private void encode(Payload.Out out) {
        out.front().put(Uuid.CODEC, fsid).list(command, (s, o) -> o.bytes(EscapedUtf8.encode(s)));
        out.data(input);
    }

    private static Command decode(Payload.In in) {
        return new Command(
                in.tid(), in.front().get(Uuid.CODEC), in.front().list(d -> EscapedUtf8.decode(d.bytes())), in.data());
    }

    @Override
    public MessageType<Command> type() {
        return TYPE;
    }
}
