package io.spirula.osd.pg;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.env.Reactor;
import io.spirula.common.message.WatchNotify;
import io.spirula.common.msgr.Connection;
import io.spirula.common.pg.NotifyReplies;
import io.spirula.common.types.ObjectId;
import io.spirula.osd.op.ObjectContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One client's watch on an object, as its group's primary keeps it: connected, or waiting for its client to come back until its time is over. Ceph: Watch. */
final class Watch {
    private final ObjectId object;
    private final ObjectContext.Watch stored;
    private final Reactor reactor;
    private final Consumer<Watch> silent;
    private final Map<Long, Notification> underWay = new LinkedHashMap<>(2);
    private @Nullable Connection connection;
    private boolean pings;
    private boolean overdue;
    private Reactor.@Nullable Timer timer;

    /** @param silent is told when nothing was heard of the client for too long */
    Watch(ObjectId object, ObjectContext.Watch stored, Reactor reactor, Consumer<Watch> silent) {
        this.object = object;
        this.stored = stored;
        this.reactor = reactor;
        this.silent = silent;
        expectSign();
    }

    ObjectId object() {
        return object;
    }

    /** As the object's info has it. */
    ObjectContext.Watch stored() {
        return stored;
    }

    NotifyReplies.Watcher asWatcher() {
        return new NotifyReplies.Watcher(stored.client().number(), stored.cookie());
    }

    boolean isConnected() {
        return connection != null;
    }

    boolean isOver(Connection candidate) {
        return candidate.equals(connection);
    }

    /** What was not answered yet is told over a connection where it was not told before. */
    void connected(Connection client, boolean willPing) {
        boolean known = isOver(client);
        connection = client;
        pings = willPing;
        overdue = false;
        if (pings) {
            expectSign();
        } else {
            expectNothing();
        }
        if (!known) {
            underWay.values().forEach(this::send);
        }
    }

    void disconnected() {
        connection = null;
        if (!pings) {
            expectSign();
        }
    }

    void pinged() {
        if (isConnected()) {
            overdue = false;
            expectSign();
        }
    }

    /** Its time is over; it lasts until that is written, and stays where its client comes before. */
    void giveUp() {
        overdue = true;
    }

    boolean isOverdue() {
        return overdue;
    }

    private void expectSign() {
        expectNothing();
        timer = reactor.schedule(Duration.ofSeconds(stored.timeoutSeconds()), () -> silent.accept(this));
    }

    private void expectNothing() {
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
    }

    void begin(Notification notification) {
        underWay.put(notification.id(), notification);
        send(notification);
    }

    private void send(Notification notification) {
        if (connection != null && !connection.isClosed()) {
            connection.send(notification.toWatcher(stored.cookie()));
        }
    }

    void acknowledged(long notification, Bytes reply) {
        Notification known = underWay.remove(notification);
        if (known != null) {
            known.answered(this, reply);
        }
    }

    void forget(Notification notification) {
        underWay.remove(notification.id());
    }

    /** It is taken off its object. {@code tell}: its client does not know. */
    void end(boolean tell) {
        if (tell && connection != null && !connection.isClosed()) {
            connection.send(
                    new WatchNotify(stored.cookie(), 0, 0, WatchNotify.Op.DISCONNECT, Bytes.EMPTY, 0, 0, Bytes.EMPTY));
        }
        expectNothing();
        connection = null;
        new ArrayList<>(underWay.values()).forEach(n -> n.left(this));
        underWay.clear();
    }

    /** Nothing is done for it any more. */
    void stop() {
        expectNothing();
        connection = null;
        underWay.clear();
    }
}
