package io.spirula.mon.quorum;

import io.spirula.common.maps.MonMap;
import io.spirula.common.message.Message;
import io.spirula.common.msgr.AuthenticatedPeer;
import io.spirula.common.msgr.Connection;
import io.spirula.common.msgr.Messenger;
import io.spirula.common.types.EntityAddrs;
import io.spirula.common.types.EntityType;
import io.spirula.mon.election.Elector;
import java.util.function.Supplier;

/** The other monitors as the map has them. Sessions with them are lossless: what is sent to one that is away waits for it. */
public final class Peers implements Elector.Network {
    private final Messenger messenger;
    private final Supplier<MonMap> map;

    public Peers(Messenger messenger, Supplier<MonMap> map) {
        this.messenger = messenger;
        this.map = map;
    }

    /** Whether a connection's other end is a monitor that has proved to be one. */
    public static boolean isMonitor(Connection connection) {
        AuthenticatedPeer peer = connection.authenticated();
        return connection.peerType() == EntityType.MON
                && (peer == null || peer.name().type() == EntityType.MON);
    }

    /** The rank of the monitor at a connection's other end; -1 where the map does not have it. */
    public int rank(Connection connection) {
        return map.get().rank(connection.peerAddrs());
    }

    public Connection connection(EntityAddrs addrs) {
        return messenger.connect(EntityType.MON, addrs);
    }

    private Connection connection(int rank) {
        return connection(map.get().monitor(rank).addrs());
    }

    @Override
    public void send(int rank, Message message) {
        if (rank < map.get().size()) {
            connection(rank).send(message);
        }
    }

    @Override
    public void tryNow(int rank) {
        Connection connection = connection(rank);
        if (!connection.isConnected()) {
            connection.close();
        }
    }

    @Override
    public boolean isConnected(int rank) {
        return connection(rank).isConnected();
    }

    /** Sees to it that a broken link is noticed. */
    void ping(int rank) {
        if (rank < map.get().size()) {
            connection(rank).sendKeepalive();
        }
    }

    /** Who we say we are. */
    void rankIs(int rank) {
        messenger.setSelf(new io.spirula.common.types.EntityId(EntityType.MON, rank));
    }
}
