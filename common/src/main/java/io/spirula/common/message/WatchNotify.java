package io.spirula.common.message;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.encoding.Decoder;
import io.spirula.common.encoding.MalformedInput;

/**
 * Tells a watcher of a notification or the end of its watch, or a notifier that all have answered. Ceph: MWatchNotify.
 *
 * @param payload the notifier's message; empty on completion
 * @param data on completion an encoded {@link io.spirula.common.pg.NotifyReplies}
 * @param notifierId the notifying client's global id
 */
public record WatchNotify(
        long cookie, long version, long notifyId, Op op, Bytes payload, int result, long notifierId, Bytes data)
        implements Message {
    /** Ceph: CEPH_WATCH_EVENT_*. */
    public enum Op {
        NOTIFY(1),
        NOTIFY_COMPLETE(2),
        DISCONNECT(3);

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
            throw new MalformedInput("no watch event " + code);
        }
    }

    public static final MessageType<WatchNotify> TYPE =
            new MessageType<>(44, "MWatchNotify", 3, 1, WatchNotify.class, WatchNotify::encode, WatchNotify::decode);

    private void encode(Payload.Out out) {
        out.front()
                .u8(1)
                .u8(op.code)
                .u64(cookie)
                .u64(version)
                .u64(notifyId)
                .bytes(payload)
                .u32(result)
                .u64(notifierId);
        out.data(data);
    }

    private static WatchNotify decode(Payload.In in) {
        Decoder front = in.front();
        front.u8();
        Op op = Op.of(front.u8());
        return new WatchNotify(
                front.u64(),
                front.u64(),
                front.u64(),
                op,
                front.bytes(),
                in.version() >= 2 ? front.i32() : 0,
                in.version() >= 3 ? front.u64() : 0,
                in.data());
    }

    @Override
    public int priority() {
        return PRIO_HIGH;
    }

    @Override
    public MessageType<WatchNotify> type() {
        return TYPE;
    }
}
