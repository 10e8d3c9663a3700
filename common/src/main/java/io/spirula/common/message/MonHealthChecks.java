package io.spirula.common.message;

import io.spirula.common.encoding.Decoder;
import io.spirula.common.encoding.Encoder;

/** A monitor's own health for the leader. Ceph: MMonHealthChecks. */
public record MonHealthChecks(long version, HealthChecks healthChecks) implements Message {
    public static final MessageType<MonHealthChecks> TYPE = new MessageType<>(
            0x608, "MMonHealthChecks", 1, 1, MonHealthChecks.class, MonHealthChecks::encode, MonHealthChecks::decode);

    private void encode(Payload.Out out) {
        Encoder front = out.front();
        PaxosPrefix.encode(version, front);
        front.put(HealthChecks.CODEC, healthChecks);
    }

    private static MonHealthChecks decode(Payload.In in) {
        Decoder front = in.front();
        return new MonHealthChecks(PaxosPrefix.decode(front), front.get(HealthChecks.CODEC));
    }

    @Override
    public MessageType<MonHealthChecks> type() {
        return TYPE;
    }
}
