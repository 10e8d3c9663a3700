package io.spirula.osd.daemon;

import io.spirula.common.env.Clock;
import io.spirula.common.maps.Osd;
import io.spirula.common.maps.OsdMap;
import io.spirula.common.message.Message;
import io.spirula.common.message.OsdFailure;
import io.spirula.common.message.OsdPing;
import io.spirula.common.msgr.Connection;
import io.spirula.common.msgr.Messenger;
import io.spirula.common.pg.OsdStat;
import io.spirula.common.types.EntityAddrs;
import io.spirula.common.types.EntityType;
import io.spirula.common.types.Uuid;
import io.spirula.osd.heartbeat.FailureNotice;
import io.spirula.osd.heartbeat.HeartbeatSettings;
import io.spirula.osd.heartbeat.Heartbeats;
import io.spirula.osd.heartbeat.PeerChoice;
import io.spirula.osd.heartbeat.Side;
import java.time.Duration;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The heartbeats of this OSD on the wire: two connections to each peer, one a network; reports of those who stay silent; answers to others. What it all means is decided by {@link Heartbeats}. */
final class HeartbeatPeers {
    /** What heartbeats need of the OSD. */
    interface Host {
        OsdMap map();

        /** Since which epoch we are up. */
        int upFrom();

        void sendToMonitor(Message message);

        /** A peer has the map of {@code epoch}; ours may be news to it. */
        void peerHasMap(int osd, int epoch);

        /** A peer says that the map has us as down. */
        void mapIsOld();
    }

    /** How often a peer that refuses connections is reported again. */
    private static final Duration AGAIN = Duration.ofSeconds(1);

    private final int whoami;
    private final Messenger messenger;
    private final Clock clock;
    private final Supplier<HeartbeatSettings> settings;
    private final Host host;
    private final Heartbeats heartbeats;
    private final TreeMap<Integer, Map<Side, Link>> links = new TreeMap<>();
    private final TreeMap<Integer, Long> refusedAt = new TreeMap<>();

    /** One of the two connections to a peer. */
    private static final class Link {
        private final int osd;
        private final Side side;
        private final EntityAddrs addrs;
        private Connection connection;
        private boolean answered;

        Link(int osd, Side side, EntityAddrs addrs, Connection connection) {
            this.osd = osd;
            this.side = side;
            this.addrs = addrs;
            this.connection = connection;
        }
    }

    HeartbeatPeers(int whoami, Messenger messenger, Clock clock, Supplier<HeartbeatSettings> settings, Host host) {
        this.whoami = whoami;
        this.messenger = messenger;
        this.clock = clock;
        this.settings = settings;
        this.host = host;
        heartbeats = new Heartbeats(settings);
    }

    /** The map or the groups have changed. */
    void choose(Collection<Integer> groupPeers) {
        OsdMap map = host.map();
        heartbeats.watch(PeerChoice.of(map, whoami, groupPeers, settings.get()), map);
        for (int osd : List.copyOf(links.keySet())) {
            Osd row = map.osd(osd);
            Map<Side, Link> pair = links.getOrDefault(osd, Map.of());
            boolean moved = pair.values().stream().anyMatch(link -> !link.addrs.equals(addrs(row, link.side)));
            if (!heartbeats.watched().contains(osd) || moved) {
                pair.values().forEach(link -> link.connection.close());
                links.remove(osd);
            }
        }
    }

    private static EntityAddrs addrs(Osd row, Side side) {
        return switch (side) {
            case BACK -> row.heartbeatBack();
            case FRONT -> row.heartbeatFront();
        };
    }

    List<Integer> watched() {
        return List.copyOf(heartbeats.watched());
    }

    Map<Integer, OsdStat.PingTimes> pingTimes() {
        return heartbeats.pingTimes();
    }

    /** We were marked down while we are up: it must show again that others can be reached. */
    void doubt() {
        heartbeats.forgetAnswers(host.map());
    }

    boolean mostAreHealthy() {
        return heartbeats.mostAreHealthy(clock.nanoTime());
    }

    /** Sends a heartbeat to everybody. */
    void beat() {
        OsdMap map = host.map();
        long now = clock.nanoTime();
        OsdPing ping = ping(OsdPing.Op.PING, now);
        heartbeats.sent(now);
        for (int osd : heartbeats.watched()) {
            for (Side side : Side.values()) {
                send(osd, side, addrs(map.osd(osd), side), ping);
            }
        }
    }

    private void send(int osd, Side side, EntityAddrs addrs, OsdPing ping) {
        if (!addrs.isEmpty()) {
            Link link = links.computeIfAbsent(osd, o -> new EnumMap<>(Side.class))
                    .computeIfAbsent(side, s -> new Link(osd, s, addrs, connect(addrs)));
            if (link.connection.isClosed()) {
                reconnect(link);
            }
            link.connection.attach(link);
            link.connection.send(ping);
        }
    }

    private Connection connect(EntityAddrs addrs) {
        return messenger.connect(EntityType.OSD, addrs);
    }

    private void reconnect(Link link) {
        link.answered = false;
        link.connection = connect(link.addrs);
        link.connection.attach(link);
    }

    private OsdPing ping(OsdPing.Op op, long nowNanos) {
        Duration monotonic = Duration.ofNanos(nowNanos);
        return new OsdPing(
                host.map().fsid(),
                host.map().epoch(),
                op,
                clock.now(),
                host.upFrom(),
                monotonic,
                monotonic,
                null,
                OsdPing.DEFAULT_PADDING);
    }

    /** Tells the monitors what has changed. */
    void report() {
        heartbeats.check(clock.nanoTime()).forEach(this::tell);
    }

    /** Tells a monitor that may not have heard it. */
    void reportAgain() {
        heartbeats.standing().forEach(this::tell);
    }

    private void tell(FailureNotice notice) {
        switch (notice) {
            case FailureNotice.Failed f -> {
                int seconds = (int)
                        Duration.ofNanos(clock.nanoTime() - f.sinceNanos()).toSeconds();
                tell(f.osd(), f.addrs(), OsdFailure.FLAG_FAILED, seconds);
            }
            case FailureNotice.StillAlive a -> tell(a.osd(), a.addrs(), 0, 0);
        }
    }

    private void tell(int osd, EntityAddrs addrs, int flags, int failedForSeconds) {
        OsdMap map = host.map();
        host.sendToMonitor(new OsdFailure(map.epoch(), map.fsid(), osd, addrs, map.epoch(), flags, failedForSeconds));
    }

    /** A message that came on one of our own connections, or on a peer's. */
    void handle(Connection connection, OsdPing ping) {
        int osd = (int) connection.peerId().number();
        switch (ping.op()) {
            case PING -> answer(connection, osd, ping);
            case PING_REPLY -> {
                if (connection.attachment() instanceof Link link) {
                    link.answered = true;
                    long sent = ping.monotonicPingStamp().toNanos();
                    heartbeats.answered(link.osd, link.side, sent, clock.nanoTime(), clock.now());
                    host.peerHasMap(link.osd, ping.epoch());
                }
            }
            case YOU_DIED -> host.mapIsOld();
            case HEARTBEAT, START_HEARTBEAT, STOP_HEARTBEAT -> {}
        }
    }

    private void answer(Connection connection, int osd, OsdPing ping) {
        OsdMap map = host.map();
        Uuid fsid = map.fsid();
        if (!fsid.equals(ping.fsid())) {
            return;
        }
        connection.send(new OsdPing(
                fsid,
                map.epoch(),
                OsdPing.Op.PING_REPLY,
                ping.pingStamp(),
                host.upFrom(),
                ping.monotonicPingStamp(),
                Duration.ofNanos(clock.nanoTime()),
                null,
                ping.padding()));
        if (map.isUp(osd)) {
            host.peerHasMap(osd, ping.epoch());
        } else if (!map.exists(osd)
                || Integer.compareUnsigned(map.osd(osd).info().downAt(), ping.epoch()) > 0) {
            connection.send(ping(OsdPing.Op.YOU_DIED, clock.nanoTime()));
        }
    }

    /** One of our connections is gone: tries again at once where it had worked, as a process that is gone refuses the next one. */
    void reset(Connection connection) {
        Link link = link(connection);
        if (link != null && link.answered && heartbeats.watched().contains(link.osd)) {
            reconnect(link);
        }
    }

    private @Nullable Link link(Connection connection) {
        return connection.attachment() instanceof Link link && link.connection == connection ? link : null;
    }

    /** Nobody listens where the map has an OSD: its process is gone. Ceph: OSD::ms_handle_refused. */
    void refused(EntityAddrs addrs) {
        OsdMap map = host.map();
        if (!settings.get().fastFail()) {
            return;
        }
        long now = clock.nanoTime();
        for (int osd = 0; osd < map.maxOsd(); osd++) {
            Osd row = map.osd(osd);
            boolean there = row.heartbeatBack().equals(addrs)
                    || row.heartbeatFront().equals(addrs)
                    || row.cluster().equals(addrs);
            Long before = refusedAt.get(osd);
            if (row.isUp() && there && (before == null || now - before >= AGAIN.toNanos())) {
                refusedAt.put(osd, now);
                int flags = OsdFailure.FLAG_FAILED | OsdFailure.FLAG_IMMEDIATE;
                tell(osd, row.client(), flags, (int) settings.get().grace().toSeconds() + 1);
            }
        }
    }
}
