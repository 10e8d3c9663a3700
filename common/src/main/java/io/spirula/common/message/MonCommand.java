package io.spirula.common.message;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.encoding.Decoder;
import io.spirula.common.encoding.EscapedUtf8;
import io.spirula.common.types.Uuid;
import java.util.List;

/** A command for the monitors: one JSON object with its prefix and arguments, and input as data. Ceph: MMonCommand. */
public record MonCommand(long tid, long version, Uuid fsid, List<String> command, Bytes input) implements Message {
    public static final MessageType<MonCommand> TYPE =
            new MessageType<>(50, "MMonCommand", 1, 1, MonCommand.class, MonCommand::encode, MonCommand::decode);

    public MonCommand {
        command = List.copyOf(command);
    }

    private void encode(Payload.Out out) {
        PaxosPrefix.encode(version, out.front())
                .put(Uuid.CODEC, fsid)
                .list(command, (s, o) -> o.bytes(EscapedUtf8.encode(s)));
        out.data(input);
    }

    private static MonCommand decode(Payload.In in) {
        Decoder front = in.front();
        return new MonCommand(
                in.tid(),
                PaxosPrefix.decode(front),
                front.get(Uuid.CODEC),
                front.list(d -> EscapedUtf8.decode(d.bytes())),
                in.data());
    }

    @Override
    public MessageType<MonCommand> type() {
        return TYPE;
    }
}
