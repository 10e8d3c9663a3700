package io.spirula.common.message;

import io.spirula.common.types.Uuid;
import java.time.Duration;

/** The monitor's answer to a subscription: for how long it stands. Not sent to clients that know of stateful subscriptions. Ceph: MMonSubscribeAck. */
public record MonSubscribeAck(Duration interval, Uuid fsid) implements Message {
    public static final MessageType<MonSubscribeAck> TYPE = new MessageType<>(
            16, "MMonSubscribeAck", 1, 1, MonSubscribeAck.class, MonSubscribeAck::encode, MonSubscribeAck::decode);

    private void encode(Payload.Out out) {
        out.front().u32(interval.toSeconds()).put(Uuid.CODEC, fsid);
    }

    private static MonSubscribeAck decode(Payload.In in) {
        return new MonSubscribeAck(
                Duration.ofSeconds(in.front().u32()), in.front().get(Uuid.CODEC));
    }

    @Override
    public MessageType<MonSubscribeAck> type() {
        return TYPE;
    }
}
