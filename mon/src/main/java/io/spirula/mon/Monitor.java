package io.spirula.mon;

import io.spirula.common.auth.AuthCaps;
import io.spirula.common.auth.MonAuthServer;
import io.spirula.common.auth.caps.MonCaps;
import io.spirula.common.command.CommandCall;
import io.spirula.common.command.CommandTable;
import io.spirula.common.command.Outcome;
import io.spirula.common.encoding.Bytes;
import io.spirula.common.encoding.Encoder;
import io.spirula.common.env.Clock;
import io.spirula.common.maps.FsMap;
import io.spirula.common.message.Auth;
import io.spirula.common.message.AuthReply;
import io.spirula.common.message.Command;
import io.spirula.common.message.CommandReply;
import io.spirula.common.message.FsMapMessage;
import io.spirula.common.message.GetConfig;
import io.spirula.common.message.GetPoolStats;
import io.spirula.common.message.LogAck;
import io.spirula.common.message.LogMessage;
import io.spirula.common.message.Message;
import io.spirula.common.message.MonCommand;
import io.spirula.common.message.MonCommandAck;
import io.spirula.common.message.MonGetMap;
import io.spirula.common.message.MonGetOsdMap;
import io.spirula.common.message.MonGetVersion;
import io.spirula.common.message.MonGetVersionReply;
import io.spirula.common.message.MonMapMessage;
import io.spirula.common.message.MonSubscribe;
import io.spirula.common.message.Ping;
import io.spirula.common.message.PoolOp;
import io.spirula.common.message.ServiceMapMessage;
import io.spirula.common.message.Statfs;
import io.spirula.common.msgr.AuthenticatedPeer;
import io.spirula.common.msgr.Connection;
import io.spirula.common.msgr.Dispatcher;
import io.spirula.common.types.EntityType;
import io.spirula.common.types.Errno;
import io.spirula.mon.service.ConfigKeyService;
import io.spirula.mon.service.LogService;
import io.spirula.mon.service.OsdReports;
import io.spirula.mon.service.PoolRequests;
import io.spirula.mon.session.MonOps;
import io.spirula.mon.session.Session;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a monitor does with what arrives: every message goes to the service that it concerns. Reads are answered at once from what is committed; what changes something waits for its turn and is
 * answered once it is committed. Ceph: Monitor::dispatch_op.
 */
public final class Monitor implements Dispatcher {
    private static final int MAX_WAITING = 10_000;

    private static final Logger LOG = LoggerFactory.getLogger(Monitor.class);

    private final Services services;
    private final MonAuthServer auth;
    private final CommandRunner commands;
    private final CommandTable own;
    private final OsdReports osdReports;
    private final PoolRequests poolRequests;
    private final MonPeers peers;
    private final Requests requests;
    private final MonOps ops;
    private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();

    /** What came while there was no quorum. */
    private record Waiting(Session session, Message message, MonOps.Op op) {}

    public Monitor(
            Services services,
            MonAuthServer auth,
            CommandRunner commands,
            CommandTable own,
            OsdReports osdReports,
            PoolRequests poolRequests,
            MonPeers peers,
            MonOps ops,
            Clock clock) {
        this.services = services;
        this.auth = auth;
        this.commands = commands;
        this.own = own;
        this.osdReports = osdReports;
        this.poolRequests = poolRequests;
        this.peers = peers;
        this.ops = ops;
        requests = new Requests(
                this::lead,
                peers::send,
                (session, first) -> services.osdmap().sendIncrements(session, Math.max(first, session.osdEpoch() + 1)),
                ops,
                clock);
        peers.routing(requests, this::log, services.log()::acknowledged);
    }

    @Override
    public void accepted(Connection connection) {
        if (connection.peerType() == EntityType.MON) {
            peers.accepted(connection);
            return;
        }
        AuthenticatedPeer peer = connection.authenticated();
        if (peer == null || !peers.isInQuorum()) {
            connection.close(); // a client finds another monitor
            return;
        }
        MonCaps caps = MonCaps.of(
                AuthCaps.decode(peer.caps()),
                peer.name(),
                connection.socketAddr().ip());
        Session session = new Session(connection, peer, caps);
        connection.attach(session);
        services.sessions().add(session);
    }

    @Override
    public void reset(Connection connection) {
        if (connection.attachment() instanceof Session session) {
            services.sessions().remove(session);
            requests.sessionGone(session);
            connection.attach(null);
        }
    }

    @Override
    public void refused(Connection connection) {
        peers.refused(connection);
    }

    @Override
    public void remoteReset(Connection connection) {
        if (connection.peerType() == EntityType.MON) {
            peers.restarted(connection);
        } else {
            reset(connection);
        }
    }

    @Override
    public void dispatch(Connection connection, Message message) {
        if (connection.peerType() == EntityType.MON) {
            peers.dispatch(connection, message);
            return;
        }
        Session session = session(connection);
        if (session == null) {
            LOG.info("{} sends {} without a session", connection.peerAddrs(), message.type());
            connection.close();
            return;
        }
        MonOps.Op op = ops.begin(connection.peerId(), connection.peerAddrs(), message);
        if (peers.isInQuorum()) {
            serve(session, message, op);
        } else if (waiting.size() < MAX_WAITING) {
            op.mark("wait_for_quorum");
            waiting.add(new Waiting(session, message, op));
        } else {
            ops.finished(op);
            drop(session);
        }
    }

    /** There is a quorum: what came meanwhile is looked at, and what was unanswered goes to the leader that there is now. */
    public void quorum(int epoch, int leader, boolean ourselves) {
        requests.leaderIs(epoch, leader, ourselves);
        for (Waiting w = waiting.poll(); w != null; w = waiting.poll()) {
            if (w.session.connection().isClosed()) {
                ops.finished(w.op);
            } else {
                serve(w.session, w.message, w.op);
            }
        }
    }

    public void noQuorum() {
        requests.leaderLost();
    }

    public void tick() {
        requests.tick();
    }

    /** Ends all sessions: there has been no quorum for so long that clients had better look elsewhere. */
    public void dropSessions() {
        waiting.forEach(w -> ops.finished(w.op));
        waiting.clear();
        services.sessions().all().forEach(this::drop);
    }

    private void drop(Session session) {
        Connection connection = session.connection();
        connection.close();
        reset(connection);
    }

    /** What this monitor does for its own client. */
    private void serve(Session session, Message message, MonOps.Op op) {
        op.mark("mon:_ms_dispatch");
        switch (message) {
            case MonGetVersion m -> whenReadable(op, () -> version(session, m));
            case Command m ->
                tell(session, m, o -> {
                    ops.finished(op);
                    session.send(new CommandReply(m.tid(), o.result(), o.text(), o.output()));
                });
            case MonCommand m when commands.isLocal(m.command()) -> command(session, m, op);
            default -> {
                if (serveAtOnce(session, message)) {
                    ops.finished(op);
                } else if (!requests.submit(session, message, op)) {
                    ops.finished(op);
                    drop(session);
                }
            }
        }
    }

    private void whenReadable(MonOps.Op op, Runnable work) {
        boolean queued = services.proposals().whenReadable(() -> {
            work.run();
            ops.finished(op);
        });
        if (!queued) {
            ops.finished(op);
        }
    }

    /** What any monitor has at hand. False where the leader must be asked. */
    private boolean serveAtOnce(Session session, Message message) {
        switch (message) {
            case MonSubscribe m -> subscribe(session, m);
            case MonGetMap m ->
                session.send(new MonMapMessage(services.monmap().map().encoded()));
            case MonGetOsdMap m -> sendOsdMaps(session, m);
            case Auth m -> renew(session, m);
            case GetConfig m -> services.config().send(session);
            case Ping m -> pong(session);
            default -> {
                return false;
            }
        }
        return true;
    }

    /** What the leader does for any monitor's client. */
    private void lead(Session session, Message message) {
        switch (message) {
            case MonCommand m -> command(session, m);
            case LogMessage m -> log(session, m);
            case Statfs m -> poolRequests.statfs(session, m);
            case GetPoolStats m -> poolRequests.poolStats(session, m);
            case PoolOp m -> poolRequests.poolOp(session, m);
            default -> {
                if (!osdReports.dispatch(session, message)) {
                    LOG.debug("{} sends {}, which is not for a monitor", session.name(), message.type());
                    session.finished();
                }
            }
        }
    }

    private void command(Session session, MonCommand m, MonOps.Op op) {
        op.mark("mon:dispatch_op");
        run(session, m.command(), m.input(), o -> {
            ops.finished(op);
            session.send(answer(m, o));
        });
    }

    private void command(Session session, MonCommand m) {
        run(session, m.command(), m.input(), o -> session.send(answer(m, o)));
    }

    private MonCommandAck answer(MonCommand m, Outcome o) {
        return new MonCommandAck(m.tid(), services.paxosVersion(), o.result(), o.text(), m.command(), o.output());
    }

    /** A peon's own lines for the cluster log. */
    private void log(Connection peon, LogMessage m) {
        log(m, peon::send);
    }

    /** Lines for the cluster log, where this monitor leads; acknowledged once they are committed. */
    public void log(LogMessage m, Consumer<LogAck> acknowledge) {
        services.proposals().whenWriteable(() -> {
            LogAck ack = services.log().take(m);
            services.proposals().whenCommitted(() -> acknowledge.accept(ack));
        });
    }

    /** The session of a connection; made now where the messenger did not tell of its arrival. */
    private @Nullable Session session(Connection connection) {
        if (!(connection.attachment() instanceof Session) && connection.authenticated() != null) {
            accepted(connection);
        }
        return connection.attachment() instanceof Session s ? s : null;
    }

    /** {@code ceph ping}: how this monitor is, as one JSON text. */
    private void pong(Session session) {
        String state = "{\"health\":{\"status\":\""
                + services.health().status() + "\"},\"mon_status\":{\"state\":\""
                + services.quorum().get().state() + "\"}}";
        session.send(new Ping(new Encoder().string(state).toBytes()));
    }

    private void sendOsdMaps(Session session, MonGetOsdMap m) {
        if (session.caps().allows("osd", "r")) {
            session.send(
                    services.osdmap().maps(m.fullFirst(), m.fullLast(), m.incrementalFirst(), m.incrementalLast()));
        }
    }

    private void run(Session session, List<String> command, Bytes input, Consumer<Outcome> reply) {
        commands.run(command, input, Permit.of(session.caps()), session.caller(), reply);
    }

    /** A command for this very monitor. Whoever is to give it needs everything there is of the monitors. */
    private void tell(Session session, Command m, Consumer<Outcome> reply) {
        CommandCall call = CommandCall.parse(m.command(), m.input(), session.caller(), reply);
        if (call == null) {
            return;
        }
        if (session.caps().allows("mon", call.prefix(), call.texts(), "rwx")) {
            own.run(call, reply);
        } else {
            reply.accept(Outcome.refused(Errno.EACCES, "insufficient caps"));
        }
    }

    private void renew(Session session, Auth m) {
        MonAuthServer.RenewalReply reply = auth.renew(session.peer(), m.payload());
        session.send(new AuthReply(m.protocol(), reply.result(), session.peer().globalId(), reply.payload(), ""));
    }

    private void log(Session session, LogMessage m) {
        if (!session.caps().allows("log", "w")) {
            session.finished();
            return;
        }
        log(m, session::send);
    }

    private void subscribe(Session session, MonSubscribe m) {
        if (!m.hostname().isEmpty()) {
            session.hostname(m.hostname());
        }
        for (Map.Entry<String, MonSubscribe.Item> e : m.what().entrySet()) {
            String what = e.getKey();
            if (!maySubscribe(session, what)) {
                LOG.info("{} may not subscribe to {}", session.name(), what);
                continue;
            }
            if (LogService.isLogSubscription(what)) {
                services.log().subscribed(session, what);
                continue;
            }
            if (!session.subscribe(what, e.getValue().start(), e.getValue().onetime())) {
                LOG.info("{} subscribes to too much", session.name());
                session.connection().close();
                return;
            }
            send(session, what);
        }
    }

    /**
     * What anybody may know who is let in: where monitors and manager are, and the configuration of one's own, without which no client starts. Whoever may not have the rest does not get into the list of subscribers, so that
     * later changes do not reach him either.
     */
    private static boolean maySubscribe(Session session, String what) {
        MonCaps caps = session.caps();
        return switch (what) {
            case "osdmap" -> caps.allows("osd", "r");
            case "osd_pg_creates" -> caps.allows("osd", "w");
            case "mdsmap", "fsmap", "fsmap.user" -> caps.allows("mds", "r");
            default -> {
                if (ConfigKeyService.isSubscription(what)) {
                    yield caps.allows("config-key", "r"); // keys may be secrets
                }
                yield !LogService.isLogSubscription(what) || caps.allows("mon", "r");
            }
        };
    }

    /** Sends what a new subscription asks for, as far as it is there. */
    private void send(Session session, String what) {
        switch (what) {
            case "monmap" -> services.monmap().sendMap(session);
            case "osdmap" -> services.osdmap().sendMaps(session);
            case "mgrmap" -> services.mgrmap().sendMap(session);
            case "osd_pg_creates" -> services.osdmap().sendCreates(session);
            case "config" -> {
                services.config().send(session);
                session.sent("config", services.config().version());
            }
            case "mdsmap", "fsmap", "fsmap.user" -> sendFileSystems(session, what);
            case "servicemap" -> {
                session.send(new ServiceMapMessage(emptyServiceMap()));
                session.sent(what, 1);
            }
            default -> {
                if (ConfigKeyService.isSubscription(what)) {
                    services.configKeys().send(session, what);
                } else {
                    LOG.debug("{} subscribes to {}, of which there is nothing", session.name(), what);
                }
            }
        }
    }

    private void sendFileSystems(Session session, String what) {
        Session.Subscription s = session.subscriptions().get(what);
        if (what.equals("fsmap") && s != null && s.next() <= 1) {
            session.send(new FsMapMessage(1, new FsMap(1).encoded()));
            session.sent(what, 1);
        }
    }

    /** Ceph: ServiceMap, version 1. */
    private Bytes emptyServiceMap() {
        Encoder out = new Encoder();
        out.struct(1, 1, o -> o.u64(1).time(services.monmap().map().created()).u32(0));
        return out.toBytes();
    }

    private void version(Session session, MonGetVersion m) {
        if (!session.caps().allows("mon", "r")) {
            return;
        }
        long[] range = switch (m.what()) {
            case "osdmap" ->
                new long[] {
                    services.osdmap().firstCommitted(), services.osdmap().version()
                };
            case "monmap" ->
                new long[] {
                    services.monmap().firstCommitted(), services.monmap().version()
                };
            case "mgrmap" ->
                new long[] {
                    services.mgrmap().firstCommitted(), services.mgrmap().version()
                };
            case "mdsmap", "fsmap" -> new long[] {1, 1};
            default -> new long[] {0, 0};
        };
        session.send(new MonGetVersionReply(m.handle(), range[1], range[0]));
    }

    /** Runs a command of somebody who may do everything: for the process's own use. */
    public void command(CommandCall call, Consumer<Outcome> reply) {
        commands.run(call, Permit.EVERYTHING, reply);
    }

    /** What a refused request says. */
    static Outcome busy() {
        return Outcome.refused(Errno.EAGAIN, "too many requests are waiting");
    }
}
