package io.spirula.common.message;

import io.spirula.common.encoding.Decoder;
import io.spirula.common.encoding.Encoder;
import io.spirula.common.encoding.MalformedInput;
import io.spirula.common.types.Uuid;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A heartbeat or its answer. Ceph: MOSDPing.
 *
 * @param pingStamp the asker's wall clock when it asked
 * @param monotonicPingStamp the asker's monotonic clock then
 * @param monotonicSendStamp the sender's monotonic clock now
 * @param deltaUpperBound what the sender knows of the two clocks' difference; null for nothing
 * @param padding zeros at the end, to find out whether large frames pass
 */
public record OsdPing(
        Uuid fsid,
        int epoch,
        Op op,
        Instant pingStamp,
        int upFrom,
        Duration monotonicPingStamp,
        Duration monotonicSendStamp,
        @Nullable Duration deltaUpperBound,
        int padding)
        implements Message {
    /** What a heartbeat says. */
    public enum Op {
        HEARTBEAT(0),
        START_HEARTBEAT(1),
        YOU_DIED(2),
        STOP_HEARTBEAT(3),
        PING(4),
        PING_REPLY(5);

        private final int code;

        Op(int code) {
            this.code = code;
        }

        static Op of(int code) {
            for (Op op : values()) {
                if (op.code == code) {
                    return op;
                }
            }
            throw new MalformedInput("no heartbeat operation " + code);
        }
    }

    /** How long Ceph makes a heartbeat, counted before the padding's own length. Ceph: osd_heartbeat_min_size. */
    public static final int MIN_SIZE = 2000;

    private static final int SIZE_BEFORE_PADDING = 16 + 4 + 1 + 8;

    public static final MessageType<OsdPing> TYPE =
            new MessageType<>(70, "MOSDPing", 5, 4, OsdPing.class, OsdPing::encode, OsdPing::decode);

    /** The padding that stock OSDs use by default. */
    public static final int DEFAULT_PADDING = MIN_SIZE - SIZE_BEFORE_PADDING;

    private void encode(Payload.Out out) {
        Encoder front = out.front()
                .put(Uuid.CODEC, fsid)
                .u32(epoch)
                .u8(op.code)
                .time(pingStamp)
                .u32(padding)
                .u32(upFrom);
        signedSpan(monotonicPingStamp, front);
        signedSpan(monotonicSendStamp, front);
        front.bool(deltaUpperBound != null);
        if (deltaUpperBound != null) {
            signedSpan(deltaUpperBound, front);
        }
        front.zeros(padding);
    }

    private static OsdPing decode(Payload.In in) {
        Decoder front = in.front();
        Uuid fsid = front.get(Uuid.CODEC);
        int epoch = front.i32();
        Op op = Op.of(front.u8());
        Instant stamp = front.time();
        int padding = front.count(1);
        int upFrom = front.i32();
        Duration ping = signedSpan(front);
        Duration send = signedSpan(front);
        Duration delta = front.bool() ? signedSpan(front) : null;
        front.skip(padding);
        return new OsdPing(fsid, epoch, op, stamp, upFrom, ping, send, delta, padding);
    }

    /** Two signed 32-bit halves of one sign: a clock's difference may be negative. */
    private static void signedSpan(Duration span, Encoder out) {
        boolean borrowed = span.isNegative() && span.getNano() > 0;
        out.u32(borrowed ? span.getSeconds() + 1 : span.getSeconds());
        out.u32(borrowed ? span.getNano() - 1_000_000_000 : span.getNano());
    }

    private static Duration signedSpan(Decoder in) {
        return Duration.ofSeconds(in.i32(), in.i32());
    }

    @Override
    public MessageType<OsdPing> type() {
        return TYPE;
    }
}
