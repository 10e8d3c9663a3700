package io.spirula.mon.daemon;

import io.spirula.common.msgr.Connection;
import io.spirula.common.msgr.Dispatcher;
import io.spirula.common.msgr.Messenger;
import io.spirula.common.types.EntityAddr;
import io.spirula.common.types.EntityAddrs;
import io.spirula.common.types.EntityId;
import io.spirula.common.types.EntityType;

/** A messenger without a network, for the moment in which a store is made. */
final class NoMessenger implements Messenger {
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
        return new EntityId(EntityType.MON, 0);
    }

    @Override
    public void setSelf(EntityId self) {}

    @Override
    public Connection connect(EntityType peerType, EntityAddrs addrs) {
        throw new IllegalStateException("there is no network while a store is made");
    }

    @Override
    public void shutdown() {}
}
