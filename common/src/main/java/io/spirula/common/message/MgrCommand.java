package io.spirula.common.message;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.encoding.EscapedUtf8;
import io.spirula.common.types.Uuid;
import java.util.List;

/** A command for the manager: one JSON object, and input as data. Ceph: MMgrCommand. */
public record MgrCommand(long tid, Uuid fsid, List<String> command, Bytes input) implements Message {
    public static final MessageType<MgrCommand> TYPE =
            new MessageType<>(0x709, "MMgrCommand", 1, 1, MgrCommand.class, MgrCommand::encode, MgrCommand::decode);

    public MgrCommand {
        command = List.copyOf(command);
    }

    private void encode(Payload.Out out) {
        out.front().put(Uuid.CODEC, fsid).list(command, (s, o) -> o.bytes(EscapedUtf8.encode(s)));
        out.data(input);
    }

    private static MgrCommand decode(Payload.In in) {
        return new MgrCommand(
                in.tid(), in.front().get(Uuid.CODEC), in.front().list(d -> EscapedUtf8.decode(d.bytes())), in.data());
    }

    @Override
    public MessageType<MgrCommand> type() {
        return TYPE;
    }
}
