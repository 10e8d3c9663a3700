package io.spirula.librados.objecter;

import io.spirula.common.env.Reactor;
import io.spirula.common.message.WatchNotify;
import io.spirula.common.msgr.Connection;
import java.time.Duration;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * A client's watches, and its notifications that await their answers, by their cookies. Registered at an object's primary, they are registered again whenever that is another OSD, another interval or another session. Used on the
 * reactor. Source: the linger operations of Ceph's osdc/Objecter.cc.
 */
public final class Lingers {
    /** While something is registered, we want to hear of maps even where no operation is under way. Ceph: objecter_tick_interval. */
    private static final Duration TICK = Duration.ofSeconds(5);

    private final Reactor reactor;
    private final Objecter objecter;
    private final SortedMap<Long, Linger> byCookie = new TreeMap<>();
    private final SortedSet<Long> sendAgain = new TreeSet<>();
    private long lastCookie;
    private boolean ticking;

    Lingers(Reactor reactor, Objecter objecter) {
        this.reactor = reactor;
        this.objecter = objecter;
    }

    /**
     * Watches an object.
     *
     * @param seconds after how long without a sign of life the OSD ends the watch; 0 for what the OSD thinks right (osd_client_watch_timeout)
     * @param timeout how long the registration may take
     */
    public ObjectWatch watch(
            OperationTarget.OfObject object, int seconds, Duration timeout, ObjectWatch.Listener listener) {
        ObjectWatch watch = new ObjectWatch(++lastCookie, object, seconds, timeout, reactor, objecter, listener);
        begin(watch);
        return watch;
    }

    /** Tells all who watch an object; {@code listener} hears what they answer. */
    public void notify(
            OperationTarget.OfObject object, ObjectNotify.Question question, ObjectNotify.Listener listener) {
        begin(new ObjectNotify(++lastCookie, object, question, reactor, objecter, listener));
    }

    private void begin(Linger linger) {
        byCookie.put(linger.cookie(), linger);
        startTicking();
        linger.send();
    }

    void remove(Linger linger) {
        byCookie.remove(linger.cookie(), linger);
    }

    void take(Connection connection, WatchNotify message) {
        Linger linger = byCookie.get(message.cookie());
        if (linger != null) {
            OsdSession session = linger.registration().session;
            if (session != null && session.connection == connection) {
                linger.take(message);
            }
        }
    }

    /** A map has come: those whose target is another one are to be registered again. */
    void scan(Predicate<Operation> moved) {
        byCookie.values().stream().filter(l -> moved.test(l.registration())).forEach(l -> sendAgain.add(l.cookie()));
    }

    void sessionIsGone(OsdSession session) {
        at(session).forEach(l -> sendAgain.add(l.cookie()));
    }

    /** Registers those again of which the newest maps made that necessary. */
    void sendAgain() {
        List<Long> cookies = List.copyOf(sendAgain);
        sendAgain.clear();
        for (long cookie : cookies) {
            Linger linger = byCookie.get(cookie);
            if (linger != null) {
                linger.send();
            }
        }
    }

    boolean use(OsdSession session) {
        return !at(session).isEmpty();
    }

    void sendAgain(OsdSession session) {
        at(session).forEach(Linger::send);
    }

    private List<Linger> at(OsdSession session) {
        return byCookie.values().stream()
                .filter(l -> l.registration().session == session)
                .toList();
    }

    private void startTicking() {
        if (!ticking) {
            ticking = true;
            reactor.schedule(TICK, () -> {
                ticking = false;
                if (!byCookie.isEmpty()) {
                    objecter.requestNewerMap();
                    startTicking();
                }
            });
        }
    }

    void close() {
        List.copyOf(byCookie.values()).forEach(Linger::stop);
        byCookie.clear();
    }
}
