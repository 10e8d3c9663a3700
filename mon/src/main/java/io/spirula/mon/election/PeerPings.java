package io.spirula.mon.election;

import io.spirula.common.env.Reactor;
import io.spirula.common.maps.MonMap;
import io.spirula.common.message.Message;
import io.spirula.common.message.MonPing;
import java.time.Duration;
import java.time.Instant;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Tries the links to the other monitors and tells {@link Connectivity} how they are, whatever the strategy of elections: it may change. A link is alive while pings are answered in time, so both ends of a link that has one
 * direction say that it is dead. (Ceph takes another's ping for an answer.) Another monitor is pinged once something was heard of it. Lives on the monitor's reactor. Source: Ceph's mon/Elector.cc, ping_check and what
 * follows.
 */
public final class PeerPings {
    /** A ping to a link that is dead may have been lost with its session; so many timeouts later there is another. */
    private static final int GIVEN_UP = 5;

    /** One link. Times are the clock's nanoseconds. */
    private static final class Link {
        private boolean alive;
        /** Up to when it is reported how the link was. */
        private long accounted;

        private long sent;
        /** Of the ping that is not answered; null where all are. */
        private @Nullable Instant asked;

        private Link(boolean alive, long accounted) {
            this.alive = alive;
            this.accounted = accounted;
        }
    }

    private final Reactor reactor;
    private final Elector.Network network;
    private final Connectivity connectivity;
    private final Supplier<MonMap> map;
    private final Supplier<ConnectivitySettings> settings;
    /** By the other monitor's name: ranks change. */
    private final SortedMap<String, Link> links = new TreeMap<>();

    private Reactor.@Nullable Timer timer;
    private long due;

    public PeerPings(
            Reactor reactor,
            Elector.Network network,
            Connectivity connectivity,
            Supplier<MonMap> map,
            Supplier<ConnectivitySettings> settings) {
        this.reactor = reactor;
        this.network = network;
        this.connectivity = connectivity;
        this.map = map;
        this.settings = settings;
    }

    /** Tries what links the store knows of: they may be dead by now, and nobody be heard who says so. That the first answers take their time is our own slow start. */
    public void start() {
        long patience = GIVEN_UP * settings.get().timeout().toNanos();
        connectivity
                .tracker()
                .ownLinks()
                .forEach((rank, known) -> begin(rank, new Link(known.alive(), now() + patience)));
    }

    private void begin(int rank, Link link) {
        links.put(map.get().ranks().get(rank), link);
        ping(rank, link);
        if (timer == null) {
            schedule();
        }
    }

    public void stop() {
        links.clear();
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
    }

    private static Duration span(long nanos) {
        return Duration.ofNanos(nanos);
    }

    private long now() {
        return reactor.clock().nanoTime();
    }

    /** Something came from another monitor. A link that was dead is tried at once: it may not be any more. */
    public void heard(int rank) {
        int self = connectivity.tracker().rank();
        if (self < 0 || rank < 0 || rank == self) {
            return;
        }
        Link link = links.get(map.get().ranks().get(rank));
        if (link == null) {
            connectivity.alive(rank, Duration.ZERO);
            begin(rank, new Link(true, now()));
        } else if (!link.alive && now() - link.sent >= settings.get().interval().toNanos()) {
            ping(rank, link);
        }
    }

    /** @param from its rank; -1 for one that the map does not have (any more), which is not heeded */
    public void receive(int from, MonPing m, Consumer<Message> reply) {
        if (from < 0) {
            return;
        }
        heard(from);
        connectivity.learn(m.scores());
        switch (m.op()) {
            case PING -> reply.accept(new MonPing(MonPing.Op.PING_REPLY, m.stamp(), connectivity.encoded(), 0));
            case PING_REPLY -> answered(from, m.stamp());
        }
    }

    private void answered(int rank, Instant stamp) {
        Link link = links.get(map.get().ranks().get(rank));
        if (link == null || !stamp.equals(link.asked)) {
            return;
        }
        link.asked = null;
        link.accounted = Math.min(link.accounted, now());
        if (now() - link.sent > settings.get().timeout().toNanos()) {
            ping(rank, link); // too late to be alive, but something gets through
        } else if (!link.alive || link.sent > link.accounted) {
            long span = Math.max(0, link.sent - link.accounted);
            link.accounted += span;
            link.alive = true;
            connectivity.alive(rank, span(span));
        }
    }

    private void ping(int rank, Link link) {
        link.sent = now();
        link.asked = reactor.clock().now();
        network.send(rank, new MonPing(MonPing.Op.PING, link.asked, connectivity.encoded(), 0));
    }

    private void schedule() {
        Duration interval = settings.get().interval();
        due = now() + interval.toNanos();
        timer = reactor.schedule(interval, this::check);
    }

    private void check() {
        long now = now();
        long late = now - due;
        // So long it was us who stood still, and there is nothing to say of the others.
        links.values().forEach(link -> {
            link.accounted += Math.min(late, Math.max(0, now - link.accounted));
            link.sent += Math.min(late, now - link.sent);
        });
        schedule();
        MonMap current = map.get();
        links.keySet().removeIf(name -> current.rank(name) < 0);
        links.forEach((name, link) -> check(current.rank(name), link));
    }

    private void check(int rank, Link link) {
        long timeout = settings.get().timeout().toNanos();
        long silent = now() - link.accounted;
        if (link.alive ? silent > timeout : silent >= timeout) {
            link.alive = false;
            link.accounted += silent;
            connectivity.dead(rank, span(silent));
        }
        boolean lost = !link.alive && now() - link.sent >= GIVEN_UP * timeout && network.isConnected(rank);
        if (link.asked == null || lost) {
            ping(rank, link);
        }
    }
}
