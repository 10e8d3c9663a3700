package io.spirula.mon;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.maps.MonInfo;
import io.spirula.common.maps.MonMap;
import io.spirula.common.message.Forward;
import io.spirula.common.message.LogAck;
import io.spirula.common.message.LogMessage;
import io.spirula.common.message.Message;
import io.spirula.common.message.MgrReport;
import io.spirula.common.message.MonElection;
import io.spirula.common.message.MonGlobalId;
import io.spirula.common.message.MonJoin;
import io.spirula.common.message.MonPaxos;
import io.spirula.common.message.MonPing;
import io.spirula.common.message.MonProbe;
import io.spirula.common.message.MonSync;
import io.spirula.common.message.Route;
import io.spirula.common.message.TimeCheck2;
import io.spirula.common.msgr.Connection;
import io.spirula.mon.quorum.Membership;
import io.spirula.mon.quorum.Peers;
import io.spirula.mon.quorum.TimeCheck;
import io.spirula.mon.service.AuthService;
import io.spirula.mon.service.MonmapService;
import io.spirula.mon.service.Proposals;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a monitor does with what other monitors send: membership's affairs, time checks, and requests on their way to the leader and back. */
public final class MonPeers {
    private static final Logger LOG = LoggerFactory.getLogger(MonPeers.class);

    private final Membership membership;
    private final Peers peers;
    private final TimeCheck timeCheck;
    private final MonmapService monmap;
    private final AuthService auth;
    private final Proposals proposals;
    private @Nullable Requests requests;
    private BiConsumer<Connection, LogMessage> log = (c, m) -> {};
    private Consumer<LogAck> logged = m -> {};
    private BiConsumer<String, Bytes> configs = (daemon, options) -> {};

    public MonPeers(
            Membership membership,
            Peers peers,
            TimeCheck timeCheck,
            MonmapService monmap,
            AuthService auth,
            Proposals proposals) {
        this.membership = membership;
        this.peers = peers;
        this.timeCheck = timeCheck;
        this.monmap = monmap;
        this.auth = auth;
        this.proposals = proposals;
    }

    void routing(Requests newRequests, BiConsumer<Connection, LogMessage> newLog, Consumer<LogAck> newLogged) {
        requests = newRequests;
        log = newLog;
        logged = newLogged;
    }

    /** Who hears how the others are set up. */
    public void configs(BiConsumer<String, Bytes> listener) {
        configs = listener;
    }

    boolean isInQuorum() {
        return membership.state().isInQuorum();
    }

    void send(int rank, Message message) {
        peers.send(rank, message);
    }

    /** Sends the leader a message of our own; nothing where there is none, or where we are it. */
    public void tellLeader(Message message) {
        if (membership.leader() >= 0 && membership.leader() != membership.rank()) {
            peers.send(membership.leader(), message);
        }
    }

    void accepted(Connection connection) {
        if (!Peers.isMonitor(connection)) {
            LOG.warn("{} says it is a monitor and has not proved it", connection.peerAddrs());
            connection.close();
        }
    }

    void refused(Connection connection) {
        membership.refused(connection);
    }

    void restarted(Connection connection) {
        membership.restarted(connection);
    }

    void dispatch(Connection connection, Message message) {
        if (!Peers.isMonitor(connection)) {
            connection.close();
            return;
        }
        switch (message) {
            case MonProbe m -> membership.receive(connection, m);
            case MonElection m -> membership.receive(connection, m);
            case MonPing m -> membership.receive(connection, m);
            case MonPaxos m -> membership.receive(connection, m);
            case MonSync m -> membership.receive(connection, m);
            case TimeCheck2 m -> timeCheck.receive(peers.rank(connection), m);
            case MonJoin m -> join(m);
            case MonGlobalId m -> globalIds(connection);
            case LogMessage m -> log.accept(connection, m);
            case LogAck m -> logged.accept(m);
            case MgrReport m -> {
                if (proposals.isLeading()) {
                    configs.accept("mon." + m.daemonName(), m.config());
                }
            }
            case Forward m -> {
                if (requests != null) {
                    requests.received(connection, m);
                }
            }
            case Route m -> {
                if (requests != null) {
                    requests.received(m);
                }
            }
            default -> LOG.debug("{} sends {}, which is not for a monitor", connection, message.type());
        }
    }

    /** A new monitor that has the monitors' key and asks to be in the map. On a peon it is passed on. Ceph: MonmapMonitor::prepare_join. */
    private void join(MonJoin m) {
        if (!m.fsid().equals(monmap.map().fsid())) {
            return;
        }
        if (!proposals.isLeading()) {
            tellLeader(m);
            return;
        }
        proposals.whenWriteable(() -> {
            MonMap map = monmap.pendingMap();
            if (map.rank(m.name()) < 0 && map.rank(m.addrs()) < 0) {
                monmap.change(map.with(MonInfo.of(m.name(), m.addrs())));
            }
        });
    }

    private void globalIds(Connection connection) {
        int rank = peers.rank(connection);
        if (rank >= 0) {
            String name = monmap.map().ranks().get(rank);
            proposals.whenWriteable(() -> auth.reserveGlobalIds(name));
        }
    }
}
