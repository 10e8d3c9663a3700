package io.spirula.common.message;

import io.spirula.common.encoding.Decoder;
import io.spirula.common.encoding.Encoder;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** The leader measures its peers' clocks: asks, is answered, and reports. Skews and latencies are seconds by rank. Ceph: MTimeCheck2. */
public record TimeCheck2(
        int op, long epoch, long round, Instant timestamp, Map<Integer, Double> skews, Map<Integer, Double> latencies)
        implements Message {
    /** Ceph: OP_PING; the others follow its names too. */
    public static final int PING = 1;

    public static final int PONG = 2;
    public static final int REPORT = 3;

    public static final MessageType<TimeCheck2> TYPE =
            new MessageType<>(0x609, "MTimeCheck2", 1, 1, TimeCheck2.class, TimeCheck2::encode, TimeCheck2::decode);

    public TimeCheck2 {
        skews = Collections.unmodifiableMap(new LinkedHashMap<>(skews));
        latencies = Collections.unmodifiableMap(new LinkedHashMap<>(latencies));
    }

    private void encode(Payload.Out out) {
        Encoder front = out.front();
        front.u32(op)
                .u64(epoch)
                .u64(round)
                .time(timestamp)
                .map(skews, (k, o) -> o.u32(k), (v, o) -> o.f64(v))
                .map(latencies, (k, o) -> o.u32(k), (v, o) -> o.f64(v));
    }

    private static TimeCheck2 decode(Payload.In in) {
        Decoder front = in.front();
        return new TimeCheck2(
                front.i32(),
                front.u64(),
                front.u64(),
                front.time(),
                front.map(Decoder::i32, Decoder::f64),
                front.map(Decoder::i32, Decoder::f64));
    }

    @Override
    public MessageType<TimeCheck2> type() {
        return TYPE;
    }
}
