package io.spirula.librados.objecter;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.encoding.Encoder;
import io.spirula.common.env.Reactor;
import io.spirula.common.maps.SnapContext;
import io.spirula.common.message.ObjectOp;
import io.spirula.common.message.ObjectOpArgs;
import io.spirula.common.message.OsdOp;
import io.spirula.common.message.OsdOpCode;
import io.spirula.common.message.OsdOpReply;
import io.spirula.common.message.WatchNotify;
import io.spirula.common.types.Errno;
import io.spirula.common.types.ObjectId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A client's watch on one object. Registered once, it is connected again (RECONNECT, each time with a higher generation) to whatever primary the object has, and says at intervals that its client lives (PING), until its client
 * ends it or an OSD says that there is no such watch.
 */
public final class ObjectWatch implements Linger {
    private static final Duration PING_MAX = Duration.ofSeconds(5);
    private static final Duration PING_MIN = Duration.ofSeconds(1);

    /** What becomes of a watch, told on the reactor. */
    public interface Listener {
        /** The object is watched from now on, or was a moment ago. */
        void registered();

        /** It was never watched, and nothing more will come. */
        void failed(int errno, String reason);

        /** Somebody notifies the watchers, and awaits {@link #acknowledge}. May come before {@link #registered}, and again where the notifier had to begin anew. */
        void notified(WatchNotify notification);

        /** It is watched no longer: ENOTCONN or ETIMEDOUT. Nothing more will come. */
        void lost(int errno, String reason);
    }

    private sealed interface State {
        record Registering() implements State {}

        record Watching() implements State {}

        record Lost(int errno) implements State {}

        record Ended() implements State {}
    }

    private final long cookie;
    private final OperationTarget.OfObject object;
    private final int seconds;
    private final Duration timeout;
    private final Reactor reactor;
    private final Objecter objecter;
    private final Listener listener;
    private State state = new State.Registering();
    private Operation registration;
    private @Nullable Operation ping;
    private Reactor.@Nullable Timer nextPing;
    private int generation;
    private long validThroughNanos;

    ObjectWatch(
            long cookie,
            OperationTarget.OfObject object,
            int seconds,
            Duration timeout,
            Reactor reactor,
            Objecter objecter,
            Listener listener) {
        this.cookie = cookie;
        this.object = object;
        this.seconds = seconds;
        this.timeout = timeout;
        this.reactor = reactor;
        this.objecter = objecter;
        this.listener = listener;
        validThroughNanos = reactor.clock().nanoTime();
        registration = register();
    }

    @Override
    public long cookie() {
        return cookie;
    }

    @Override
    public Operation registration() {
        return registration;
    }

    /** How long ago it is known that the watch was there; negative, an error number, where it is not there any more. Ceph: linger_check. */
    public long ageMillis() {
        return switch (state) {
            case State.Lost lost -> -lost.errno;
            case State.Ended e -> -Errno.ENOTCONN;
            case State.Registering r -> silentMillis();
            case State.Watching w -> silentMillis();
        };
    }

    /** How often it was connected again. */
    public int generation() {
        return generation;
    }

    /** How long ago it was there for the last time, as far as is known. */
    public long silentMillis() {
        return Duration.ofNanos(reactor.clock().nanoTime() - validThroughNanos).toMillis();
    }

    @Override
    public void send() {
        objecter.cancel(registration);
        cancelPing();
        registration = switch (state) {
            case State.Registering s -> register();
            case State.Watching s -> reconnect();
            case State.Lost s -> registration;
            case State.Ended s -> registration;
        };
        objecter.submit(registration);
    }

    private Operation register() {
        return operation(
                watch(ObjectOpArgs.Watch.WATCH, 0, seconds),
                OsdOp.FLAG_WRITE | OsdOp.FLAG_READ,
                new Operation.Listener() {
                    @Override
                    public void answered(OsdOpReply reply) {
                        if (reply.result() < 0) {
                            failed(-reply.result(), object.toString());
                        } else {
                            state = new State.Watching();
                            isValid(registration);
                            schedulePing();
                            listener.registered();
                        }
                    }

                    @Override
                    public void failed(int errno, String reason) {
                        end(new State.Ended());
                        listener.failed(errno, reason);
                    }
                });
    }

    private Operation reconnect() {
        return operation(
                watch(ObjectOpArgs.Watch.RECONNECT, ++generation, 0),
                OsdOp.FLAG_WRITE | OsdOp.FLAG_READ,
                new Operation.Listener() {
                    @Override
                    public void answered(OsdOpReply reply) {
                        if (reply.result() < 0) {
                            lose(-reply.result());
                        } else {
                            isValid(registration);
                        }
                    }

                    @Override
                    public void failed(int errno, String reason) {
                        if (errno == Errno.ETIMEDOUT) {
                            send(); // nobody has said that the watch is gone: it goes on being asked for
                        } else {
                            lose(errno);
                        }
                    }
                });
    }

    private void isValid(Operation proof) {
        validThroughNanos = proof.sentNanos;
    }

    private void schedulePing() {
        Duration interval = seconds == 0 ? PING_MAX : Duration.ofMillis(Math.min(seconds, 60) * 1000L / 3);
        interval = interval.compareTo(PING_MAX) > 0 ? PING_MAX : interval;
        nextPing = reactor.schedule(interval.compareTo(PING_MIN) < 0 ? PING_MIN : interval, this::ping);
    }

    private void ping() {
        if (ping == null && !objecter.isUnderWay(registration)) {
            // Only to read, or a full or paused pool would end its watches. Its OSD knows that it changes nothing.
            Operation next =
                    operation(watch(ObjectOpArgs.Watch.PING, generation, 0), OsdOp.FLAG_READ, new Operation.Listener() {
                        @Override
                        public void answered(OsdOpReply reply) {
                            Operation answered = ping;
                            ping = null;
                            if (reply.result() < 0) {
                                lose(-reply.result());
                            } else if (answered != null) {
                                isValid(answered);
                            }
                        }

                        @Override
                        public void failed(int errno, String reason) {
                            ping = null; // the next one may be answered
                        }
                    });
            ping = next;
            objecter.submit(next);
        }
        if (state instanceof State.Watching) {
            schedulePing();
        }
    }

    private void cancelPing() {
        if (ping != null) {
            objecter.cancel(ping);
            ping = null;
        }
    }

    @Override
    public void take(WatchNotify message) {
        switch (message.op()) {
            case NOTIFY -> listener.notified(message);
            case DISCONNECT -> {
                if (state instanceof State.Registering) {
                    end(new State.Ended());
                    listener.failed(Errno.ENOTCONN, object + ": the watch was ended at once");
                } else {
                    lose(Errno.ENOTCONN);
                }
            }
            case NOTIFY_COMPLETE -> {} // for those who notify
        }
    }

    private void lose(int errno) {
        // That the object was removed looks the same whether we are told or find it gone. Source: Objecter.cc,
        // _normalize_watch_error.
        int told = errno == Errno.ENOENT ? Errno.ENOTCONN : errno;
        end(new State.Lost(told));
        listener.lost(told, object + " is watched no longer");
    }

    private void end(State last) {
        state = last;
        objecter.lingers().remove(this);
        objecter.cancel(registration);
        cancelPing();
        if (nextPing != null) {
            nextPing.cancel();
            nextPing = null;
        }
    }

    /** Answers a notification, which waits for it. One that is over meanwhile takes no notice. */
    public void acknowledge(long notification, Bytes reply) {
        Bytes input = new Encoder(24 + reply.size())
                .u64(notification)
                .u64(cookie)
                .bytes(reply)
                .toBytes();
        objecter.submit(operation(
                new ObjectOp(OsdOpCode.NOTIFY_ACK, new ObjectOpArgs.Notify(cookie), input),
                OsdOp.FLAG_READ,
                new Operation.Listener() {
                    @Override
                    public void answered(OsdOpReply reply) {}

                    @Override
                    public void failed(int errno, String reason) {}
                }));
    }

    /** Watches no longer; the listener hears nothing more, {@code done} hears what the OSD says. */
    public void end(Operation.Listener done) {
        end(new State.Ended());
        objecter.submit(operation(watch(ObjectOpArgs.Watch.UNWATCH, 0, 0), OsdOp.FLAG_WRITE, done));
    }

    @Override
    public void stop() {
        boolean registering = state instanceof State.Registering;
        end(new State.Ended());
        if (registering) {
            listener.failed(Errno.ESHUTDOWN, "the client was closed");
        }
    }

    private ObjectOp watch(int what, int gen, int timeoutSeconds) {
        return new ObjectOp(OsdOpCode.WATCH, new ObjectOpArgs.Watch(cookie, 0, what, gen, timeoutSeconds), Bytes.EMPTY);
    }

    private Operation operation(ObjectOp op, int flags, Operation.Listener done) {
        return new Operation(
                object,
                List.of(op),
                flags,
                SnapContext.EMPTY,
                ObjectId.HEAD,
                (flags & OsdOp.FLAG_WRITE) != 0 ? reactor.clock().now() : Instant.EPOCH,
                timeout,
                done);
    }
}
