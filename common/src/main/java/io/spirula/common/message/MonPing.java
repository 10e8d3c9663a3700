package io.spirula.common.message;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.encoding.Decoder;
import io.spirula.common.encoding.Encoder;
import io.spirula.common.encoding.MalformedInput;
import java.time.Instant;

/**
 * One monitor asks another whether it is there, or answers, and tells what it knows of everybody's links. Ceph: MMonPing.
 *
 * @param stamp the asker's wall clock when it asked: the answer repeats it
 * @param scores a connection tracker in its own encoding
 * @param padding zeros at the end, to find out whether large frames pass
 */
public record MonPing(Op op, Instant stamp, Bytes scores, int padding) implements Message {
    /** What a ping says. */
    public enum Op {
        PING(1),
        PING_REPLY(2);

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
            throw new MalformedInput("no monitor's ping operation " + code);
        }
    }

    public static final MessageType<MonPing> TYPE =
            new MessageType<>(140, "MMonPing", 1, 1, MonPing.class, MonPing::encode, MonPing::decode);

    private void encode(Payload.Out out) {
        Encoder front = out.front().u8(op.code).time(stamp).bytes(scores);
        front.u32(padding).zeros(padding);
    }

    private static MonPing decode(Payload.In in) {
        Decoder front = in.front();
        Op op = Op.of(front.u8());
        Instant stamp = front.time();
        Bytes scores = front.bytes();
        int padding = front.count(1);
        front.skip(padding);
        return new MonPing(op, stamp, scores, padding);
    }

    @Override
    public int priority() {
        return PRIO_HIGH;
    }

    @Override
    public MessageType<MonPing> type() {
        return TYPE;
    }
}
