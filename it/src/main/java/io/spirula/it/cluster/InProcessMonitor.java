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
import io.spirula.mon.daemon.MonMain;
import io.spirula.mon.quorum.MonState;
import io.spirula.mon.store.MemoryKeyValueStore;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** One of a cluster's monitors with its store in memory. */
final class InProcessMonitor {
    private final int rank;
    private final ClusterBlueprint blueprint;
    private final NettyReactor reactor;
    private final RandomGenerator random;
    private MemoryKeyValueStore store;
    private @Nullable MonDaemon daemon;

    /** Makes the store. */
    InProcessMonitor(int rank, ClusterBlueprint blueprint, NettyReactor reactor, RandomGenerator random) {
        this.rank = rank;
        this.blueprint = blueprint;
        this.reactor = reactor;
        this.random = random;
        store = newStore();
    }

    private MemoryKeyValueStore newStore() {
        MemoryKeyValueStore made = new MemoryKeyValueStore();
        MonDaemon.makeStore(made, blueprint.monMap(reactor.clock().now()), blueprint.keyring());
        return made;
    }

    /** On the reactor. Throws UncheckedIOException where the address is somebody else's. */
    void start() {
        if (daemon != null) {
            return;
        }
        String name = ClusterBlueprint.monitorName(rank);
        MemoryKeyValueStore current = store;
        MonDaemon started = new MonDaemon(
                name,
                new MonDaemon.Env(
                        reactor,
                        random,
                        current,
                        (transaction, durable) -> {
                            current.apply(transaction);
                            reactor.execute(durable);
                        },
                        new Messengers(reactor, random),
                        blueprint.config(new EntityName(EntityType.MON, name)),
                        metadata()));
        started.start();
        daemon = started;
    }

    /** As of a monitor in a process of its own, but for its host: all parts of the cluster are on one. */
    private static Map<String, String> metadata() {
        Map<String, String> facts = MonMain.metadata();
        facts.put("hostname", "localhost");
        return facts;
    }

    /** On the reactor. */
    void stop() {
        if (daemon != null) {
            daemon.stop();
            daemon = null;
        }
    }

    /** On the reactor: a store without a past. */
    void remake() {
        if (daemon != null) {
            throw new IllegalStateException("mon." + ClusterBlueprint.monitorName(rank) + " runs");
        }
        store = newStore();
    }

    boolean isInQuorum() {
        return daemon != null && daemon.services().quorum().get().state().isInQuorum();
    }

    boolean isLeader() {
        return daemon != null && daemon.services().quorum().get().state() == MonState.LEADER;
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
