package io.spirula.common.message;

import io.spirula.common.encoding.Bytes;

/** The map of file systems in its own encoding. Ceph: MFSMap. */
public record FsMapMessage(int epoch, Bytes map) implements Message {
    public static final MessageType<FsMapMessage> TYPE =
            new MessageType<>(45, "MFSMap", 1, 1, FsMapMessage.class, FsMapMessage::encode, FsMapMessage::decode);

    private void encode(Payload.Out out) {
        out.front().u32(epoch).raw(map);
    }

    private static FsMapMessage decode(Payload.In in) {
        return new FsMapMessage(in.front().i32(), in.front().rest());
    }

    @Override
    public MessageType<FsMapMessage> type() {
        return TYPE;
    }
}
