package io.spirula.common.message;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.encoding.Decoder;

/** A step of authentication within a session: renewing tickets, rotating keys. Ceph: MAuth. */
public record Auth(long version, int protocol, Bytes payload, int monMapEpoch) implements Message {
    public static final MessageType<Auth> TYPE =
            new MessageType<>(17, "MAuth", 1, 1, Auth.class, Auth::encode, Auth::decode);

    private void encode(Payload.Out out) {
        PaxosPrefix.encode(version, out.front()).u32(protocol).bytes(payload).u32(monMapEpoch);
    }

    private static Auth decode(Payload.In in) {
        Decoder front = in.front();
        return new Auth(PaxosPrefix.decode(front), front.i32(), front.bytes(), front.hasRemaining() ? front.i32() : 0);
    }

    @Override
    public MessageType<Auth> type() {
        return TYPE;
    }
}
