package io.spirula.common.message;

import io.spirula.common.encoding.Decoder;
import io.spirula.common.encoding.Encoder;

/** A daemon takes its leave of the manager. Ceph: MMgrClose. */
public record MgrClose(String daemonName, String serviceName) implements Message {
    public static final MessageType<MgrClose> TYPE =
            new MessageType<>(0x708, "MMgrClose", 1, 1, MgrClose.class, MgrClose::encode, MgrClose::decode);

    private void encode(Payload.Out out) {
        Encoder front = out.front();
        front.string(daemonName).string(serviceName);
    }

    private static MgrClose decode(Payload.In in) {
        Decoder front = in.front();
        return new MgrClose(front.string(), front.string());
    }

    @Override
    public MessageType<MgrClose> type() {
        return TYPE;
    }
}
