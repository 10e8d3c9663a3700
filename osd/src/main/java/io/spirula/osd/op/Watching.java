package io.spirula.osd.op;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.encoding.Decoder;
import io.spirula.common.encoding.Encoder;
import io.spirula.common.encoding.MalformedInput;
import io.spirula.common.message.ObjectOp;
import io.spirula.common.message.ObjectOpArgs;
import io.spirula.common.types.EntityAddr;
import io.spirula.common.types.EntityId;
import io.spirula.common.types.Errno;

/** Operations of those who watch an object, and of those who notify them. The watches themselves stand in the object's info; who is connected is not known here. */
final class Watching {
    private Watching() {}

    static int watch(OpExecution x, ObjectOp op) {
        ObjectOpArgs.Watch args = (ObjectOpArgs.Watch) op.args();
        if (!x.exists()) {
            return -Errno.ENOENT;
        }
        ObjectState.WatchKey key =
                new ObjectState.WatchKey(args.cookie(), x.source.reqid().name());
        boolean known = x.state.watchers.containsKey(key);
        int timeout = args.timeoutSeconds() == 0 ? x.environment.watchers().watchSeconds() : args.timeoutSeconds();
        return switch (args.op()) {
            case ObjectOpArgs.Watch.WATCH, ObjectOpArgs.Watch.LEGACY_WATCH -> {
                if (!known) {
                    x.state.watchers.put(key, new ObjectState.Watcher(timeout, x.source.address()));
                    x.touchInfo();
                }
                x.watch(new WatchEffect.Connect(args.cookie(), args.op() == ObjectOpArgs.Watch.WATCH));
                yield 0;
            }
            case ObjectOpArgs.Watch.RECONNECT -> {
                if (!known) {
                    yield -Errno.ENOTCONN;
                }
                x.watch(new WatchEffect.Connect(args.cookie(), true));
                yield 0;
            }
            case ObjectOpArgs.Watch.PING -> {
                if (!known) {
                    yield -Errno.ENOTCONN;
                }
                if (!x.environment.watchers().isConnected(x.id(), key.cookie(), key.client())) {
                    yield -Errno.ETIMEDOUT; // it is to come back first
                }
                x.watch(new WatchEffect.Ping(args.cookie()));
                yield 0;
            }
            case ObjectOpArgs.Watch.UNWATCH -> {
                if (known) {
                    x.state.watchers.remove(key);
                    x.touchInfo();
                    x.watch(new WatchEffect.Disconnect(args.cookie()));
                }
                yield 0;
            }
            default -> -Errno.EINVAL;
        };
    }

    static int notify(OpExecution x, ObjectOp op) {
        int timeout;
        Bytes payload;
        try {
            Decoder in = new Decoder(op.input());
            in.u32(); // a version, obsolete
            timeout = in.i32();
            payload = in.bytes().compact();
        } catch (MalformedInput e) { // as Ceph does
            timeout = 0;
            payload = Bytes.EMPTY;
        }
        long id = x.environment.watchers().nextNotifyId();
        long cookie = ((ObjectOpArgs.Notify) op.args()).cookie();
        x.watch(new WatchEffect.Notify(
                id, cookie, timeout == 0 ? x.environment.watchers().notifySeconds() : timeout, payload));
        x.output(new Encoder(8).u64(id).toBytes());
        return 0;
    }

    static int acknowledge(OpExecution x, ObjectOp op) {
        try {
            Decoder in = new Decoder(op.input());
            long notifyId = in.u64();
            long cookie = in.u64();
            Bytes reply = in.hasRemaining() ? in.bytes().compact() : Bytes.EMPTY;
            x.watch(new WatchEffect.Acknowledge(notifyId, cookie, reply));
        } catch (MalformedInput e) {
            // Old clients put the notification's number where a cookie stands now. Source: PrimaryLogPG.cc,
            // CEPH_OSD_OP_NOTIFY_ACK.
            long notifyId = ((ObjectOpArgs.Notify) op.args()).cookie();
            x.watch(new WatchEffect.Acknowledge(notifyId, 0, Bytes.EMPTY));
        }
        return 0;
    }

    static int list(OpExecution x) {
        Encoder out = new Encoder(64);
        out.struct(1, 1, o -> {
            o.u32(x.state.watchers.size());
            x.state.watchers.forEach((key, watcher) -> o.struct(
                    2,
                    1,
                    item -> item.put(EntityId.CODEC, key.client())
                            .u64(key.cookie())
                            .u32(watcher.timeoutSeconds())
                            .put(EntityAddr.CODEC, watcher.address())));
        });
        x.output(out.toBytes());
        x.stats.read(0);
        return 0;
    }
}
