package io.spirula.osd.pg;

import io.spirula.common.msgr.Connection;
import io.spirula.common.types.EntityId;
import io.spirula.common.types.ObjectId;
import io.spirula.osd.op.ObjectContext;
import io.spirula.osd.op.WatchEffect;
import io.spirula.osd.op.Watchers;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Who watches one group's objects, and what they are told. The objects' infos say who watches; this is what the primary of an interval knows beside that: who is connected, and what was not answered yet. It goes with the interval:
 * clients come back to the next primary, which gives them their time anew. Ceph: Watch, Notify, and PrimaryLogPG::do_osd_op_effects.
 */
final class Watches implements Watchers {
    /** With more than this the oldest notification's time is over. */
    private static final int MOST_NOTIFICATIONS = 4096;

    private record Key(long cookie, EntityId client) {}

    private final PgHost host;
    private final WatchExpiry expiry;
    private final Map<ObjectId, Map<Key, Watch>> watches = new LinkedHashMap<>();
    private final Map<Long, Notification> notifications = new LinkedHashMap<>();

    Watches(PlacementGroup pg, PgHost host) {
        this.host = host;
        expiry = new WatchExpiry(pg, host);
    }

    /** What an operation asked for; it has succeeded. */
    void apply(ClientOp op, ObjectContext context, List<WatchEffect> effects) {
        if (effects.isEmpty()) {
            return;
        }
        seen(context);
        for (WatchEffect effect : effects) {
            switch (effect) {
                case WatchEffect.Connect e -> {
                    Watch watch = find(context.id(), e.cookie(), client(op));
                    if (watch != null && !op.connection().isClosed()) {
                        watch.connected(op.connection(), e.pings());
                    }
                }
                case WatchEffect.Disconnect e -> {
                    Watch watch = find(context.id(), e.cookie(), client(op));
                    if (watch != null) {
                        end(watch, false);
                    }
                }
                case WatchEffect.DisconnectAll e -> of(context.id()).forEach(watch -> end(watch, true));
                case WatchEffect.Ping e -> {
                    Watch watch = find(context.id(), e.cookie(), client(op));
                    if (watch != null) {
                        watch.pinged();
                    }
                }
                case WatchEffect.Notify e -> notify(op, context, e);
                case WatchEffect.Acknowledge e -> acknowledge(context.id(), client(op), e);
            }
        }
    }

    private static EntityId client(ClientOp op) {
        return op.reqid().name();
    }

    private @Nullable Watch find(ObjectId object, long cookie, EntityId client) {
        return watches.getOrDefault(object, Map.of()).get(new Key(cookie, client));
    }

    private List<Watch> of(ObjectId object) {
        return List.copyOf(watches.getOrDefault(object, Map.of()).values());
    }

    /** Those who watch the objects that were in use in this interval. */
    List<Watch> list() {
        return watches.values().stream().flatMap(m -> m.values().stream()).toList();
    }

    private void notify(ClientOp op, ObjectContext context, WatchEffect.Notify e) {
        if (notifications.size() >= MOST_NOTIFICATIONS) {
            notifications.values().iterator().next().timeOut();
        }
        Notification notification = new Notification(
                new Notification.Contents(
                        e.notifyId(),
                        e.cookie(),
                        context.userVersion(),
                        client(op).number(),
                        e.payload()),
                op.connection(),
                ended -> notifications.remove(ended.id()));
        notifications.put(notification.id(), notification);
        notification.begin(of(context.id()), Duration.ofSeconds(e.timeoutSeconds()), host.reactor());
    }

    private void acknowledge(ObjectId object, EntityId client, WatchEffect.Acknowledge e) {
        for (Watch watch : of(object)) {
            boolean meant = e.watchCookie() == 0 || watch.stored().cookie() == e.watchCookie();
            if (meant && watch.stored().client().equals(client)) {
                watch.acknowledged(e.notifyId(), e.reply());
            }
        }
    }

    /** An object is in use: who watched it before this interval has its time to come back. */
    void seen(ObjectContext context) {
        if (!context.isWatched()) {
            return;
        }
        Map<Key, Watch> known = watches.computeIfAbsent(context.id(), id -> new LinkedHashMap<>(2));
        for (ObjectContext.Watch stored : context.watches()) {
            known.computeIfAbsent(
                    new Key(stored.cookie(), stored.client()),
                    key -> new Watch(context.id(), stored, host.reactor(), this::expire));
        }
    }

    private void expire(Watch watch) {
        watch.giveUp();
        expiry.expire(watch, () -> end(watch, true));
    }

    private void end(Watch watch, boolean tell) {
        Map<Key, Watch> there = watches.get(watch.object());
        if (there != null
                && there.remove(new Key(watch.stored().cookie(), watch.stored().client()), watch)) {
            watch.end(tell);
            if (there.isEmpty()) {
                watches.remove(watch.object());
            }
        }
    }

    /** A client's connection is gone. */
    void closed(Connection connection) {
        for (Watch watch : list()) {
            if (watch.isOver(connection)) {
                watch.disconnected();
            }
        }
    }

    /** Clients that were shut out watch nothing any more. Ceph: check_blocklisted_watchers. */
    void mapAdvanced() {
        for (Watch watch : list()) {
            if (host.map().isBlocklisted(watch.stored().address())) {
                expire(watch);
            }
        }
    }

    /** The interval is over. */
    void reset() {
        notifications.values().forEach(Notification::stop);
        notifications.clear();
        list().forEach(Watch::stop);
        watches.clear();
    }

    @Override
    public long nextNotifyId() {
        return host.nextNotifyId();
    }

    @Override
    public boolean isConnected(ObjectId object, long cookie, EntityId client) {
        Watch watch = find(object, cookie, client);
        return watch != null && watch.isConnected();
    }

    @Override
    public int watchSeconds() {
        return (int) host.config().integer("osd_client_watch_timeout", 30);
    }

    @Override
    public int notifySeconds() {
        return (int) host.config().integer("osd_default_notify_timeout", 30);
    }
}
