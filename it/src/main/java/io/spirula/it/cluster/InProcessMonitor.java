package io.spirula.it.cluster;

import io.spirula.common.auth.AuthClient;
import io.spirula.common.auth.AuthServer;
import io.spirula.common.msgr.Messenger;
import io.spirula.common.msgr.MessengerOptions;
import io.spirula.common.msgr.netty.NettyMessenger;
import io.spirula.common.msgr.netty.NettyReactor;
import io.spirula.common.types.EntityId;
import io.spirula.common.types.EntityName;
import io.spirula.common.types.EntityType;
import io.spirula.mon.daemon.MessengerFactory;
import io.spirula.mon.daemon.MonDaemon;
import io.spirula.mon.store.MemoryKeyValueStore;
import java.util.Map;
import java.util.random.RandomGenerator;

/** A cluster's monitor with its store in memory. */
final class InProcessMonitor {
    private final MonDaemon daemon;

    private InProcessMonitor(MonDaemon daemon) {
        this.daemon = daemon;
    }

    /** Makes the store and starts the monitor; on the reactor. Throws UncheckedIOException where the address is somebody else's. */
    static InProcessMonitor start(ClusterBlueprint blueprint, NettyReactor reactor, RandomGenerator random) {
        MemoryKeyValueStore store = new MemoryKeyValueStore();
        MonDaemon.Env env = new MonDaemon.Env(
                reactor,
                random,
                store,
                (transaction, durable) -> {
                    store.apply(transaction);
                    reactor.execute(durable);
                },
                new Messengers(reactor, random),
                blueprint.config(new EntityName(EntityType.MON, ClusterBlueprint.monitorName(0))),
                Map.of("hostname", "localhost"));
        MonDaemon.makeStore(store, blueprint.monMap(reactor.clock().now()), blueprint.keyring());
        MonDaemon daemon = new MonDaemon(ClusterBlueprint.monitorName(0), env);
        daemon.start();
        return new InProcessMonitor(daemon);
    }

    void stop() {
        daemon.stop();
    }

    private record Messengers(NettyReactor reactor, RandomGenerator random) implements MessengerFactory {
        @Override
        public Messenger monitor(int rank, AuthClient client, AuthServer server) {
            return make(new EntityId(EntityType.MON, rank), client, server);
        }

        @Override
        public Messenger manager(AuthClient client, AuthServer server) {
            return make(new EntityId(EntityType.MGR, 4099), client, server);
        }

        private Messenger make(EntityId self, AuthClient client, AuthServer server) {
            return new NettyMessenger(reactor, self, MessengerOptions.mon(), client, server, random);
        }
    }
}
