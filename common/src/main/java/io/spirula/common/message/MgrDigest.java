package io.spirula.common.message;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.encoding.Decoder;
import io.spirula.common.encoding.Encoder;

/** The monitors' status and health for the manager, both JSON. Ceph: MMgrDigest. */
public record MgrDigest(Bytes monStatusJson, Bytes healthJson) implements Message {
    public static final MessageType<MgrDigest> TYPE =
            new MessageType<>(0x705, "MMgrDigest", 1, 1, MgrDigest.class, MgrDigest::encode, MgrDigest::decode);

    private void encode(Payload.Out out) {
        Encoder front = out.front();
        front.bytes(monStatusJson).bytes(healthJson);
    }

    private static MgrDigest decode(Payload.In in) {
        Decoder front = in.front();
        return new MgrDigest(front.bytes(), front.bytes());
    }

    @Override
    public MessageType<MgrDigest> type() {
        return TYPE;
    }
}
