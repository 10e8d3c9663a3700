package io.spirula.mon.mgr;

import io.spirula.common.auth.AuthCaps;
import io.spirula.common.auth.caps.MgrCaps;
import io.spirula.common.command.CommandCall;
import io.spirula.common.command.CommandSpec;
import io.spirula.common.command.CommandTable;
import io.spirula.common.command.Outcome;
import io.spirula.common.config.Config;
import io.spirula.common.encoding.Bytes;
import io.spirula.common.env.Clock;
import io.spirula.common.message.Command;
import io.spirula.common.message.CommandReply;
import io.spirula.common.message.Message;
import io.spirula.common.message.MgrCommand;
import io.spirula.common.message.MgrCommandReply;
import io.spirula.common.message.MgrConfigure;
import io.spirula.common.message.MgrOpen;
import io.spirula.common.message.MgrReport;
import io.spirula.common.message.PgStatsReport;
import io.spirula.common.msgr.AuthenticatedPeer;
import io.spirula.common.msgr.Connection;
import io.spirula.common.msgr.Dispatcher;
import io.spirula.common.pg.PgState;
import io.spirula.common.types.EntityType;
import io.spirula.common.types.Errno;
import io.spirula.common.types.Uuid;
import io.spirula.mon.CommandRunner;
import io.spirula.mon.service.OsdmapService;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a manager does, in the process of the monitor that leads: takes the daemons' reports, and carries out the commands that are sent to it. Runs on the monitor's reactor with a messenger of its own. Ceph: DaemonServer. */
public final class ManagerRole implements Dispatcher {
    private static final Logger LOG = LoggerFactory.getLogger(ManagerRole.class);
    private static final String ACCESS_DENIED = "access denied: does your client key have mgr caps? "
            + "See http://docs.ceph.com/en/latest/mgr/administrator/#client-authentication";

    private final OsdmapService osdmap;
    private final PgMap pgMap;
    private final DaemonHealth health;
    private final DaemonConfigs configs;
    private final CommandRunner commands;
    private final CommandTable own;
    private final Uuid fsid;
    private final Clock clock;
    private final int statsPeriodSeconds;
    private final int statsThreshold;
    private final Set<Connection> connections = new LinkedHashSet<>();
    private boolean active;

    /** @param own what this very daemon can be asked */
    public ManagerRole(
            OsdmapService osdmap,
            PgMap pgMap,
            DaemonHealth health,
            DaemonConfigs configs,
            CommandRunner commands,
            CommandTable own,
            Uuid fsid,
            Clock clock,
            Config config) {
        this.osdmap = osdmap;
        this.pgMap = pgMap;
        this.health = health;
        this.configs = configs;
        this.commands = commands;
        this.own = own;
        this.fsid = fsid;
        this.clock = clock;
        statsPeriodSeconds = (int) config.integer("mgr_stats_period", 5);
        statsThreshold = (int) config.integer("mgr_stats_threshold", 5);
    }

    /** To an OSD that is connected; false where it is not. */
    public boolean send(int osd, Message message) {
        for (Connection connection : connections) {
            AuthenticatedPeer peer = connection.authenticated();
            if (peer != null
                    && peer.name().type() == EntityType.OSD
                    && peer.name().id().equals(Integer.toString(osd))) {
                connection.send(message);
                return true;
            }
        }
        return false;
    }

    /** This monitor leads: the role is played here from now on. */
    public void activate() {
        if (!active) {
            active = true;
            forget();
            pgMap.follow(osdmap.map(), clock.now());
            pgMap.sample(clock.now());
        }
    }

    /** Another monitor leads: whoever is connected finds the manager there. */
    public void deactivate() {
        active = false;
        forget();
        List<Connection> all = List.copyOf(connections);
        connections.clear();
        all.forEach(Connection::close);
    }

    private void forget() {
        pgMap.clear();
        health.clear();
        configs.clear();
    }

    @Override
    public void reset(Connection connection) {
        connections.remove(connection);
        AuthenticatedPeer peer = connection.authenticated();
        if (peer != null) {
            health.forget(peer.name().toString());
            configs.forget(peer.name().toString());
        }
    }

    @Override
    public void dispatch(Connection connection, Message message) {
        AuthenticatedPeer peer = connection.authenticated();
        if (peer == null || !active) {
            connection.close();
            return;
        }
        connections.add(connection);
        switch (message) {
            case MgrOpen m -> {
                configs.reported(peer.name().toString(), m.config());
                connection.send(new MgrConfigure(statsPeriodSeconds, statsThreshold, MgrConfigure.NO_METRICS));
            }
            case MgrReport m -> {
                health.apply(peer.name().toString(), m.healthMetrics());
                configs.reported(peer.name().toString(), m.config());
            }
            case PgStatsReport m -> stats(peer, m);
            case MgrCommand m ->
                run(
                        connection,
                        peer,
                        m.command(),
                        m.input(),
                        o -> connection.send(new MgrCommandReply(m.tid(), o.result(), o.text(), o.output())));
            case Command m -> {
                Consumer<Outcome> reply =
                        o -> connection.send(new CommandReply(m.tid(), o.result(), o.text(), o.output()));
                if (m.fsid().isZero()) {
                    run(connection, peer, m.command(), m.input(), reply); // from an old tool, and for the manager
                } else {
                    tell(connection, peer, m, reply);
                }
            }
            default -> LOG.debug("{} sends {}, which is not for a manager", peer.name(), message.type());
        }
    }

    private void stats(AuthenticatedPeer peer, PgStatsReport m) {
        if (peer.name().type() != EntityType.OSD || !m.fsid().equals(fsid)) {
            return;
        }
        int osd;
        try {
            osd = Integer.parseInt(peer.name().id());
        } catch (NumberFormatException e) {
            return;
        }
        pgMap.apply(osd, m, osdmap.map());
        pgMap.sample(clock.now());
        m.pgStats().forEach((pg, s) -> {
            if ((s.state() & PgState.ACTIVE) != 0) {
                osdmap.created(pg);
            }
        });
    }

    private void run(
            Connection connection, AuthenticatedPeer peer, List<String> command, Bytes input, Consumer<Outcome> reply) {
        MgrCaps caps = caps(connection, peer);
        boolean mayAll = mayAll(peer, caps);
        commands.run(
                command, input, (spec, call) -> refusal(spec, call, caps, mayAll), caller(connection, peer), reply);
    }

    /** A command for this very daemon, as any other has them: its giver needs everything. Ceph: DaemonServer::handle_command, asok_command. */
    private void tell(Connection connection, AuthenticatedPeer peer, Command m, Consumer<Outcome> reply) {
        if (!mayAll(peer, caps(connection, peer))) {
            reply.accept(Outcome.refused(Errno.EACCES, ACCESS_DENIED));
            return;
        }
        CommandCall call = CommandCall.parse(m.command(), m.input(), caller(connection, peer), reply);
        if (call != null) {
            own.run(call, reply);
        }
    }

    private static MgrCaps caps(Connection connection, AuthenticatedPeer peer) {
        return MgrCaps.of(AuthCaps.decode(peer.caps()), connection.socketAddr().ip());
    }

    private static boolean mayAll(AuthenticatedPeer peer, MgrCaps caps) {
        return peer.name().type() == EntityType.MON || caps.allowsAll();
    }

    private static CommandCall.Caller caller(Connection connection, AuthenticatedPeer peer) {
        return new CommandCall.Caller(peer.name(), connection.peerId(), connection.peerAddrs());
    }

    /** Only what managers do is done here: capabilities at the manager open no door to the monitors. Ceph: DaemonServer::_allowed_command. */
    private static @Nullable Outcome refusal(CommandSpec spec, CommandCall call, MgrCaps caps, boolean mayAll) {
        String module = ManagerModules.moduleOf(spec.prefix());
        String service = module.isEmpty() ? spec.module() : "py";
        // What is not for managers asks for nothing, which those have who have anything at all.
        String permission = spec.isForManager() ? spec.permission() : "";
        if (!mayAll && !caps.allows(service, module, spec.prefix(), call.texts(), permission)) {
            return Outcome.refused(Errno.EACCES, ACCESS_DENIED);
        }
        return spec.isForManager()
                ? null
                : Outcome.refused(Errno.EINVAL, "No handler found for '" + spec.prefix() + "'");
    }
}
