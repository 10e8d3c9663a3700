package io.spirula.librados.objecter;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.encoding.Decoder;
import io.spirula.common.encoding.Encoder;
import io.spirula.common.encoding.MalformedInput;
import io.spirula.common.env.Reactor;
import io.spirula.common.maps.SnapContext;
import io.spirula.common.message.ObjectOp;
import io.spirula.common.message.ObjectOpArgs;
import io.spirula.common.message.OsdOp;
import io.spirula.common.message.OsdOpCode;
import io.spirula.common.message.OsdOpReply;
import io.spirula.common.message.WatchNotify;
import io.spirula.common.pg.NotifyReplies;
import io.spirula.common.types.Errno;
import io.spirula.common.types.ObjectId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** A notification until its watchers have answered or their time is over. The next primary knows nothing of it: there it begins anew, with a number of its own. */
public final class ObjectNotify implements Linger {
    private static final int OBSOLETE_VERSION = 1;

    /**
     * What is asked.
     *
     * @param seconds how long the OSD waits for the watchers' answers; 0 for what the OSD thinks right (osd_default_notify_timeout)
     * @param timeout how long all may take together
     */
    public record Question(Bytes payload, int seconds, Duration timeout) {}

    /** What comes of a notification, told on the reactor, once. */
    public interface Listener {
        /** @param replies with those who have not answered in time */
        void completed(NotifyReplies replies);

        void failed(int errno, String reason);
    }

    private final long cookie;
    private final OperationTarget.OfObject object;
    private final Question question;
    private final Objecter objecter;
    private final Listener listener;
    private final Reactor.Timer deadline;
    private Operation registration;
    /** What the OSD calls it; 0 while that is not known. */
    private long id;

    ObjectNotify(
            long cookie,
            OperationTarget.OfObject object,
            Question question,
            Reactor reactor,
            Objecter objecter,
            Listener listener) {
        this.cookie = cookie;
        this.object = object;
        this.question = question;
        this.objecter = objecter;
        this.listener = listener;
        registration = ask();
        deadline = reactor.schedule(
                question.timeout,
                () -> fail(
                        Errno.ETIMEDOUT,
                        "waited " + question.timeout.toMillis() / 1000.0 + " s for the watchers of " + object));
    }

    @Override
    public long cookie() {
        return cookie;
    }

    @Override
    public Operation registration() {
        return registration;
    }

    @Override
    public void send() {
        objecter.cancel(registration);
        id = 0;
        registration = ask();
        objecter.submit(registration);
    }

    private Operation ask() {
        Bytes input = new Encoder(12 + question.payload.size())
                .u32(OBSOLETE_VERSION)
                .u32(question.seconds)
                .bytes(question.payload)
                .toBytes();
        return new Operation(
                object,
                List.of(new ObjectOp(OsdOpCode.NOTIFY, new ObjectOpArgs.Notify(cookie), input)),
                OsdOp.FLAG_READ,
                SnapContext.EMPTY,
                ObjectId.HEAD,
                Instant.EPOCH,
                question.timeout,
                new Operation.Listener() {
                    @Override
                    public void answered(OsdOpReply reply) {
                        if (reply.result() < 0) {
                            fail(-reply.result(), object.toString());
                        } else if (!reply.ops().isEmpty()
                                && reply.ops().get(0).output().size() >= 8) {
                            id = new Decoder(reply.ops().get(0).output()).u64();
                        }
                    }

                    @Override
                    public void failed(int errno, String reason) {
                        fail(errno, reason);
                    }
                });
    }

    @Override
    public void take(WatchNotify message) {
        if (message.op() != WatchNotify.Op.NOTIFY_COMPLETE || id != 0 && message.notifyId() != id) {
            return; // the end of an earlier attempt
        }
        NotifyReplies replies;
        try {
            replies = NotifyReplies.CODEC.fromBytes(message.data());
        } catch (MalformedInput e) {
            fail(Errno.EIO, object + ": answers that can't be read: " + e.getMessage());
            return;
        }
        if (message.result() < 0 && message.result() != -Errno.ETIMEDOUT) {
            fail(-message.result(), object.toString());
        } else {
            end();
            listener.completed(replies);
        }
    }

    private void fail(int errno, String reason) {
        end();
        listener.failed(errno, reason);
    }

    private void end() {
        deadline.cancel();
        objecter.lingers().remove(this);
        objecter.cancel(registration);
    }

    @Override
    public void stop() {
        fail(Errno.ESHUTDOWN, "the client was closed while waiting for the watchers of " + object);
    }
}
