package io.spirula.common.message;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.encoding.Decoder;
import io.spirula.common.encoding.Encoder;

/** The manager tells a daemon how often to report, and which counters: those of at least this priority. The rest asks for performance metrics. Ceph: MMgrConfigure. */
public record MgrConfigure(int statsPeriodSeconds, int statsThreshold, Bytes metricQueries) implements Message {
    /** Asks for no performance metrics. */
    public static final Bytes NO_METRICS = Bytes.zeros(5);

    public static final MessageType<MgrConfigure> TYPE = new MessageType<>(
            0x701, "MMgrConfigure", 4, 1, MgrConfigure.class, MgrConfigure::encode, MgrConfigure::decode);

    private void encode(Payload.Out out) {
        Encoder front = out.front();
        front.u32(statsPeriodSeconds).u32(statsThreshold).raw(metricQueries);
    }

    private static MgrConfigure decode(Payload.In in) {
        Decoder front = in.front();
        return new MgrConfigure(front.i32(), front.i32(), front.rest());
    }

    @Override
    public MessageType<MgrConfigure> type() {
        return TYPE;
    }
}
