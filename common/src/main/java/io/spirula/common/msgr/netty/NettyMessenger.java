package io.spirula.common.msgr.netty;

import io.spirula.common.auth.AuthClient;
import io.spirula.common.auth.AuthServer;
import io.spirula.common.msgr.Connection;
import io.spirula.common.msgr.Dispatcher;
import io.spirula.common.msgr.Messenger;
import io.spirula.common.msgr.MessengerOptions;
import io.spirula.common.types.EntityAddr;
import io.spirula.common.types.EntityAddrs;
import io.spirula.common.types.EntityId;
import io.spirula.common.types.EntityType;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** A messenger on a real network. */
public final class NettyMessenger implements Messenger {
    private EntityId self;

    /** @param authServer null for a messenger that never binds */
    public NettyMessenger(
            NettyReactor reactor,
            EntityId self,
            MessengerOptions options,
            AuthClient authClient,
            @Nullable AuthServer authServer,
            RandomGenerator random) {
        this.self = self;
    }

    @Override
    public void setDispatcher(Dispatcher dispatcher) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void bind(EntityAddr address) {
        throw new UnsupportedOperationException();
    }

    @Override
    public EntityAddrs addrs() {
        throw new UnsupportedOperationException();
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
        throw new UnsupportedOperationException();
    }

    @Override
    public void shutdown() {}
}
