package io.spirula.common.msgr.netty;

import io.spirula.common.auth.AuthClient;
import io.spirula.common.auth.AuthServer;
import io.spirula.common.msgr.AsyncMessenger;
import io.spirula.common.msgr.Connection;
import io.spirula.common.msgr.Dispatcher;
import io.spirula.common.msgr.Messenger;
import io.spirula.common.msgr.MessengerOptions;
import io.spirula.common.msgr.Traffic;
import io.spirula.common.types.EntityAddr;
import io.spirula.common.types.EntityAddrs;
import io.spirula.common.types.EntityId;
import io.spirula.common.types.EntityType;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** A messenger on a real network. */
public final class NettyMessenger implements Messenger {
    private final AsyncMessenger messenger;

    /** @param authServer null for a messenger that never binds */
    public NettyMessenger(
            NettyReactor reactor,
            EntityId self,
            MessengerOptions options,
            AuthClient authClient,
            @Nullable AuthServer authServer,
            RandomGenerator random) {
        messenger = new AsyncMessenger(
                reactor, new NettyTransport(reactor, options), self, options, authClient, authServer, random);
    }

    @Override
    public void setDispatcher(Dispatcher dispatcher) {
        messenger.setDispatcher(dispatcher);
    }

    @Override
    public void bind(EntityAddr address) {
        messenger.bind(address);
    }

    @Override
    public EntityAddrs addrs() {
        return messenger.addrs();
    }

    @Override
    public EntityId self() {
        return messenger.self();
    }

    @Override
    public void countIn(Traffic traffic) {
        messenger.countIn(traffic);
    }

    @Override
    public void setSelf(EntityId self) {
        messenger.setSelf(self);
    }

    @Override
    public Connection connect(EntityType peerType, EntityAddrs addrs) {
        return messenger.connect(peerType, addrs);
    }

    @Override
    public void shutdown() {
        messenger.shutdown();
    }
}
