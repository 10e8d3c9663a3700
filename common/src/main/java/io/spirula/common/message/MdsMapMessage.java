package io.spirula.common.message;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.encoding.Decoder;
import io.spirula.common.types.Uuid;

/** One file system's map of metadata servers in its own encoding. Ceph: MMDSMap. */
public record MdsMapMessage(Uuid fsid, int epoch, Bytes map, String fsName) implements Message {
    public static final MessageType<MdsMapMessage> TYPE =
            new MessageType<>(21, "MMDSMap", 2, 1, MdsMapMessage.class, MdsMapMessage::encode, MdsMapMessage::decode);

    private void encode(Payload.Out out) {
        out.front().put(Uuid.CODEC, fsid).u32(epoch).bytes(map).string(fsName);
    }

    private static MdsMapMessage decode(Payload.In in) {
        Decoder front = in.front();
        return new MdsMapMessage(
                front.get(Uuid.CODEC), front.i32(), front.bytes(), in.version() >= 2 ? front.string() : "");
    }

    @Override
    public MessageType<MdsMapMessage> type() {
        return TYPE;
    }
}
