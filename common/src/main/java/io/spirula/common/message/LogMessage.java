package io.spirula.common.message;

import io.spirula.common.encoding.Decoder;
import io.spirula.common.types.Uuid;
import java.util.List;

/** Lines for the cluster log. Ceph: MLog. */
public record LogMessage(long version, Uuid fsid, List<LogEntry> entries) implements Message {
    public static final MessageType<LogMessage> TYPE =
            new MessageType<>(52, "MLog", 1, 1, LogMessage.class, LogMessage::encode, LogMessage::decode);

    public LogMessage {
        entries = List.copyOf(entries);
    }

    private void encode(Payload.Out out) {
        PaxosPrefix.encode(version, out.front())
                .put(Uuid.CODEC, fsid)
                .list(entries, (e, o) -> o.put(LogEntry.CODEC, e));
    }

    private static LogMessage decode(Payload.In in) {
        Decoder front = in.front();
        return new LogMessage(PaxosPrefix.decode(front), front.get(Uuid.CODEC), front.list(d -> d.get(LogEntry.CODEC)));
    }

    @Override
    public MessageType<LogMessage> type() {
        return TYPE;
    }
}
