package io.spirula.osd.daemon;

import io.spirula.common.env.Clock;
import io.spirula.common.maps.Osd;
import io.spirula.common.maps.OsdMap;
import io.spirula.common.message.Message;
import io.spirula.common.message.OsdFailure;
import io.spirula.common.message.OsdPing;
import io.spirula.common.msgr.Connection;
import io.spirula.common.msgr.Messenger;
import io.spirula.common.types.EntityAddrs;
import io.spirula.common.types.EntityType;
import io.spirula.common.types.Uuid;
import java.time.Duration;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.function.Consumer;

/** Which OSDs this one watches, and when each last answered, on both networks. One that stays silent is reported to the monitors. Ceph: OSD::heartbeat, handle_osd_ping. */
final class HeartbeatPeers {
    private final int whoami;
    private final Messenger messenger;
    private final Clock clock;
    private final Duration grace;
    private final Consumer<Message> toMonitor;
    private final TreeMap<Integer, Peer> peers = new TreeMap<>();

    private static final class Peer {
        private final EntityAddrs back;
        private final EntityAddrs front;
        private final long since;
        private long lastBack;
        private long lastFront;
        private boolean reported;

        Peer(Osd row, long now) {
            back = row.heartbeatBack();
            front = row.heartbeatFront();
            since = now;
            lastBack = now;
            lastFront = now;
        }

        long silentSince() {
            return Math.min(lastBack, lastFront);
        }
    }

    HeartbeatPeers(int whoami, Messenger messenger, Clock clock, Duration grace, Consumer<Message> toMonitor) {
        this.whoami = whoami;
        this.messenger = messenger;
        this.clock = clock;
        this.grace = grace;
        this.toMonitor = toMonitor;
    }

    /** Watches these from now on, as far as they are up. */
    void watch(SortedSet<Integer> wanted, OsdMap map) {
        peers.keySet().removeIf(osd -> !wanted.contains(osd) || !map.isUp(osd));
        for (int osd : wanted) {
            if (osd == whoami || !map.isUp(osd)) {
                continue;
            }
            Osd row = map.osd(osd);
            Peer known = peers.get(osd);
            if (known == null || !known.back.equals(row.heartbeatBack())) {
                peers.put(osd, new Peer(row, clock.nanoTime()));
            }
        }
    }

    java.util.List<Integer> watched() {
        return java.util.List.copyOf(peers.keySet());
    }

    /** Sends a heartbeat to everybody, and reports those who have been silent for too long. */
    void beat(OsdMap map, int upFrom) {
        long now = clock.nanoTime();
        OsdPing ping = message(map.fsid(), map.epoch(), OsdPing.Op.PING, upFrom);
        peers.forEach((osd, peer) -> {
            send(peer.back, ping);
            send(peer.front, ping);
            long silent = now - peer.silentSince();
            if (silent > grace.toNanos()) {
                peer.reported = true;
                report(map, osd, OsdFailure.FLAG_FAILED, Duration.ofNanos(silent));
            } else if (peer.reported) {
                peer.reported = false;
                report(map, osd, 0, Duration.ZERO);
            }
        });
    }

    private void report(OsdMap map, int osd, int flags, Duration failedFor) {
        toMonitor.accept(new OsdFailure(
                map.epoch(), map.fsid(), osd, map.osd(osd).client(), map.epoch(), flags, (int) failedFor.toSeconds()));
    }

    private void send(EntityAddrs addrs, OsdPing ping) {
        if (!addrs.isEmpty()) {
            messenger.connect(EntityType.OSD, addrs).send(ping);
        }
    }

    private OsdPing message(Uuid fsid, int epoch, OsdPing.Op op, int upFrom) {
        Duration monotonic = Duration.ofNanos(clock.nanoTime());
        return new OsdPing(fsid, epoch, op, clock.now(), upFrom, monotonic, monotonic, null, OsdPing.DEFAULT_PADDING);
    }

    /** A peer's answer to our heartbeat. */
    void answered(Connection connection, OsdPing reply) {
        int osd = (int) connection.peerId().number();
        Peer peer = peers.get(osd);
        if (peer == null) {
            return;
        }
        long now = clock.nanoTime();
        if (connection.peerAddrs().equals(peer.back)) {
            peer.lastBack = now;
        } else {
            peer.lastFront = now;
        }
    }

    /** Answers a peer's heartbeat. */
    void answer(Connection connection, OsdPing ping, OsdMap map, int upFrom) {
        Duration monotonic = Duration.ofNanos(clock.nanoTime());
        connection.send(new OsdPing(
                map.fsid(),
                map.epoch(),
                OsdPing.Op.PING_REPLY,
                ping.pingStamp(),
                upFrom,
                ping.monotonicPingStamp(),
                monotonic,
                null,
                ping.padding()));
    }

    /** A peer's port refuses connections: its process is gone. Ceph: OSD::heartbeat's fast fail. */
    void refused(EntityAddrs addrs, OsdMap map) {
        peers.forEach((osd, peer) -> {
            if (peer.back.equals(addrs) || peer.front.equals(addrs)) {
                if (map.isUp(osd) && !peer.reported) {
                    peer.reported = true;
                    Duration since = Duration.ofNanos(clock.nanoTime() - peer.since);
                    report(map, osd, OsdFailure.FLAG_FAILED | OsdFailure.FLAG_IMMEDIATE, since);
                }
            }
        });
    }
}
