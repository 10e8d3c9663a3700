package io.spirula.osd.daemon;

import io.spirula.common.command.CommandCall;
import io.spirula.common.encoding.Bytes;
import io.spirula.common.encoding.MalformedInput;
import io.spirula.common.maps.MgrMap;
import io.spirula.common.message.Command;
import io.spirula.common.message.CommandReply;
import io.spirula.common.message.LogAck;
import io.spirula.common.message.Message;
import io.spirula.common.message.MgrMapMessage;
import io.spirula.common.message.OsdBackoff;
import io.spirula.common.message.OsdForceRecovery;
import io.spirula.common.message.OsdMapMessage;
import io.spirula.common.message.OsdMarkMeDown;
import io.spirula.common.message.OsdOp;
import io.spirula.common.message.OsdPgCreate2;
import io.spirula.common.message.OsdPing;
import io.spirula.common.message.OsdScrub2;
import io.spirula.common.monclient.ClusterLogClient;
import io.spirula.common.monclient.MonClient;
import io.spirula.common.msgr.AuthenticatedPeer;
import io.spirula.common.msgr.Connection;
import io.spirula.common.msgr.Dispatcher;
import io.spirula.common.types.EntityType;
import io.spirula.common.types.Errno;
import io.spirula.osd.pg.PlacementGroups;
import io.spirula.osd.pg.ScrubScheduler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Who in an OSD takes which message. What clients may not send closes their connection. */
final class OsdDispatcher {
    private static final Logger LOG = LoggerFactory.getLogger(OsdDispatcher.class);

    /** Who takes what. */
    record Parts(
            GroupHost host,
            PlacementGroups groups,
            ScrubScheduler scrubs,
            MonClient monitors,
            ClusterLogClient clusterLog,
            MapFeed maps,
            HeartbeatPeers heartbeats,
            ManagerReports reports,
            Insight insight,
            Boot boot,
            Departure departure) {}

    private final Parts osd;
    private final MonClient monitors;

    OsdDispatcher(Parts osd) {
        this.osd = osd;
        monitors = osd.monitors();
    }

    /** Has it take all that comes from now on. */
    void attach(OsdNetwork network) {
        network.clients().setDispatcher(clients());
        network.cluster().setDispatcher(cluster());
        network.heartbeatFront().setDispatcher(heartbeats());
        network.heartbeatBack().setDispatcher(heartbeats());
        network.heartbeatClient().setDispatcher(heartbeats());
    }

    /** Whether the peer is one of the cluster's own daemons. */
    private static boolean isDaemon(Connection connection) {
        AuthenticatedPeer peer = connection.authenticated();
        EntityType type = peer == null ? connection.peerType() : peer.name().type();
        return type != EntityType.CLIENT;
    }

    private Dispatcher clients() {
        return new Dispatcher() {
            @Override
            public void dispatch(Connection connection, Message message) {
                if (message instanceof OsdOp op) {
                    if (osd.boot().isStopping()) {
                        return; // we have said that we serve nobody any more: another may do so by now
                    }
                    osd.host().shareMap(connection, op.epoch());
                    osd.groups().handle(connection, op);
                } else if (message instanceof OsdBackoff backoff) {
                    guarded(connection, () -> osd.groups().handle(connection, backoff));
                } else if (!monitors.dispatch(connection, message)) {
                    guarded(connection, () -> other(connection, message));
                }
            }

            @Override
            public void connected(Connection connection) {
                monitors.connected(connection);
            }

            @Override
            public void reset(Connection connection) {
                if (!monitors.reset(connection)) {
                    osd.reports().reset(connection);
                    osd.groups().closed(connection);
                }
            }

            @Override
            public void refused(Connection connection) {
                if (!monitors.refused(connection)) {
                    osd.reports().reset(connection);
                }
            }
        };
    }

    private void other(Connection connection, Message message) {
        if (message instanceof Command command) {
            run(connection, command);
            return;
        }
        if (!isDaemon(connection)) {
            LOG.debug("nothing to do with {} from {}", message.type(), connection.peerId());
            return;
        }
        switch (message) {
            case LogAck m -> osd.clusterLog().acknowledged(m);
            case OsdMapMessage m -> {
                if (connection.peerId().type() == EntityType.MON) {
                    osd.maps().requireSameCluster(m.fsid());
                }
                takeMaps(m);
            }
            case OsdPgCreate2 m -> {
                osd.groups().create(m);
                monitors.got("osd_pg_creates", m.epoch());
            }
            case MgrMapMessage m -> {
                MgrMap map = MgrMap.CODEC.fromBytes(m.map());
                monitors.got("mgrmap", map.epoch());
                osd.reports().managerIs(map);
            }
            case OsdMarkMeDown m -> osd.departure().end();
            case OsdScrub2 m -> osd.scrubs().request(m);
            case OsdForceRecovery m -> osd.groups().force(m);
            default -> LOG.debug("nothing to do with {} from {}", message.type(), connection.peerId());
        }
    }

    private void takeMaps(OsdMapMessage message) {
        osd.insight().metrics().maps(message, osd.maps().current().epoch());
        osd.maps().handle(message);
    }

    private void run(Connection connection, Command command) {
        if (osd.host().capsOf(connection).allowsAll()) {
            osd.insight().commands().answer(command, caller(connection), connection::send);
        } else {
            connection.send(new CommandReply(command.tid(), -Errno.EACCES, "", Bytes.EMPTY));
        }
    }

    private static CommandCall.Caller caller(Connection connection) {
        AuthenticatedPeer peer = connection.authenticated();
        return new CommandCall.Caller(
                peer == null ? CommandCall.Caller.NOBODY.name() : peer.name(),
                connection.peerId(),
                connection.peerAddrs());
    }

    private Dispatcher cluster() {
        return new Dispatcher() {
            @Override
            public void dispatch(Connection connection, Message message) {
                guarded(connection, () -> fromOsd(connection, message));
            }

            @Override
            public void refused(Connection connection) {
                osd.heartbeats().refused(connection.peerAddrs());
            }
        };
    }

    private void fromOsd(Connection connection, Message message) {
        if (!isDaemon(connection)) {
            LOG.warn("closed the connection to {}: {} on the network for OSDs", connection, message.type());
            connection.close();
        } else if (message instanceof OsdMapMessage m) {
            takeMaps(m);
        } else if (!osd.groups().dispatch((int) connection.peerId().number(), message)) {
            LOG.debug("nothing to do with {} from {}", message.type(), connection.peerId());
        }
    }

    private Dispatcher heartbeats() {
        return new Dispatcher() {
            @Override
            public void dispatch(Connection connection, Message message) {
                if (message instanceof OsdPing ping && isDaemon(connection)) {
                    osd.heartbeats().handle(connection, ping);
                }
            }

            @Override
            public void reset(Connection connection) {
                osd.heartbeats().reset(connection);
            }

            @Override
            public void refused(Connection connection) {
                osd.heartbeats().refused(connection.peerAddrs());
            }
        };
    }

    /** A message whose contents can't be read ends its connection. */
    private static void guarded(Connection connection, Runnable task) {
        try {
            task.run();
        } catch (MalformedInput e) {
            LOG.warn("closing the connection of {}: {}", connection.peerId(), e.getMessage());
            connection.close();
        }
    }
}
