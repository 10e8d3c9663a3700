package io.spirula.osd.pg;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.env.Reactor;
import io.spirula.common.message.WatchNotify;
import io.spirula.common.msgr.Connection;
import io.spirula.common.pg.NotifyReplies;
import io.spirula.common.types.Errno;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What one client tells all who watch an object, until everybody has answered or the time is over. Ceph: Notify. */
final class Notification {
    private static final Comparator<NotifyReplies.Reply> ORDER = Comparator.<NotifyReplies.Reply, Long>comparing(
                    r -> r.watcher().client(), Long::compareUnsigned)
            .thenComparing(r -> r.watcher().cookie(), Long::compareUnsigned);

    /**
     * @param version the object's user version
     * @param notifier the notifying client's global id
     */
    record Contents(long id, long cookie, long version, long notifier, Bytes payload) {}

    private final Contents contents;
    private final Connection client;
    private final Consumer<Notification> ended;
    private final LinkedHashSet<Watch> awaited = new LinkedHashSet<>();
    private final List<NotifyReplies.Reply> replies = new ArrayList<>();
    private Reactor.@Nullable Timer timer;
    private boolean over;

    Notification(Contents contents, Connection client, Consumer<Notification> ended) {
        this.contents = contents;
        this.client = client;
        this.ended = ended;
    }

    long id() {
        return contents.id;
    }

    /** Tells these; those who are not connected hear of it when they come back in time. */
    void begin(List<Watch> watches, Duration timeout, Reactor reactor) {
        awaited.addAll(watches);
        watches.forEach(watch -> watch.begin(this));
        timer = reactor.schedule(timeout, this::timeOut);
        endIfAnswered();
    }

    WatchNotify toWatcher(long cookie) {
        return new WatchNotify(
                cookie,
                contents.version,
                contents.id,
                WatchNotify.Op.NOTIFY,
                contents.payload,
                0,
                contents.notifier,
                Bytes.EMPTY);
    }

    void answered(Watch watch, Bytes reply) {
        if (!over && awaited.remove(watch)) {
            replies.add(new NotifyReplies.Reply(watch.asWatcher(), reply));
            endIfAnswered();
        }
    }

    /** A watch is over: nobody waits for it any more. */
    void left(Watch watch) {
        if (!over && awaited.remove(watch)) {
            endIfAnswered();
        }
    }

    private void endIfAnswered() {
        if (awaited.isEmpty()) {
            end(0);
        }
    }

    /** Its client is told who has not answered. */
    void timeOut() {
        if (!over) {
            end(-Errno.ETIMEDOUT);
        }
    }

    private void end(int result) {
        stop();
        replies.sort(ORDER);
        NotifyReplies all = new NotifyReplies(
                replies, awaited.stream().map(Watch::asWatcher).toList());
        if (!client.isClosed()) {
            client.send(new WatchNotify(
                    contents.cookie,
                    contents.version,
                    contents.id,
                    WatchNotify.Op.NOTIFY_COMPLETE,
                    Bytes.EMPTY,
                    result,
                    contents.notifier,
                    NotifyReplies.CODEC.toBytes(all)));
        }
        ended.accept(this);
    }

    /** The interval is over: its client begins it again with the next primary. */
    void stop() {
        over = true;
        awaited.forEach(watch -> watch.forget(this));
        if (timer != null) {
            timer.cancel();
        }
    }
}
