package io.spirula.librados.fake;

import io.spirula.common.msgr.Connection;
import io.spirula.common.msgr.Dispatcher;
import io.spirula.common.msgr.Messenger;
import io.spirula.common.types.EntityAddr;
import io.spirula.common.types.EntityAddrs;
import io.spirula.common.types.EntityId;
import io.spirula.common.types.EntityType;
import java.util.ArrayList;
import java.util.List;

/** A messenger that hands out connections to nowhere. */
public final class FakeMessenger implements Messenger {
    public final List<FakeConnection> connections = new ArrayList<>();
    private final FakeReactor reactor;
    private EntityId self = new EntityId(EntityType.CLIENT, -1);

    public FakeMessenger(FakeReactor reactor) {
        this.reactor = reactor;
    }

    /** The connections to one peer that are not closed. */
    public List<FakeConnection> openTo(EntityAddrs addrs) {
        return connections.stream()
                .filter(c -> !c.isClosed() && c.peerAddrs().equals(addrs))
                .toList();
    }

    public List<FakeConnection> open() {
        return connections.stream().filter(c -> !c.isClosed()).toList();
    }

    @Override
    public void setDispatcher(Dispatcher dispatcher) {}

    @Override
    public void bind(EntityAddr address) {}

    @Override
    public EntityAddrs addrs() {
        return EntityAddrs.NONE;
    }

    @Override
    public EntityId self() {
        return self;
    }

    @Override
    public void setSelf(EntityId id) {
        self = id;
    }

    @Override
    public Connection connect(EntityType peerType, EntityAddrs addrs) {
        FakeConnection connection =
                new FakeConnection(peerType, addrs, reactor.clock().nanoTime());
        connections.add(connection);
        return connection;
    }

    @Override
    public void shutdown() {}
}
