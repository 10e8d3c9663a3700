package io.spirula.it.sim;

import io.spirula.common.auth.AuthClient;
import io.spirula.common.auth.AuthServer;
import io.spirula.common.msgr.Messenger;
import io.spirula.common.msgr.MessengerOptions;
import io.spirula.common.types.EntityId;
import io.spirula.common.types.EntityName;
import io.spirula.common.types.EntityType;
import io.spirula.it.cluster.ClusterBlueprint;
import io.spirula.mon.daemon.MessengerFactory;
import io.spirula.mon.daemon.MonDaemon;
import io.spirula.mon.store.KeyValueStore;
import io.spirula.mon.store.MemoryKeyValueStore;
import io.spirula.mon.store.StoreTransaction;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.random.RandomGenerator;

/** A monitor on its host: a new daemon after every crash, on what the disk had made durable. */
public final class SimMonitor {
    private record Write(StoreTransaction transaction, Runnable durable) {}

    private final int rank;
    private final ClusterBlueprint blueprint;
    private final SimNetwork network;
    private final SimHost host;
    private final RandomGenerator random;
    private final SimDisk disk;
    private final MemoryKeyValueStore store = new MemoryKeyValueStore();
    private final ArrayDeque<Write> uncommitted = new ArrayDeque<>();
    private MonDaemon daemon;
    private Runnable afterWrite = () -> {};

    SimMonitor(int rank, ClusterBlueprint blueprint, SimNetwork network) {
        this.rank = rank;
        this.blueprint = blueprint;
        this.network = network;
        Simulation simulation = network.simulation();
        host = new SimHost(simulation, "mon." + name());
        random = simulation.newRandom();
        disk = new SimDisk(host, simulation.newRandom());
        MonDaemon.makeStore(store, blueprint.monMap(host.now()), blueprint.keyring());
        daemon = run();
    }

    public String name() {
        return ClusterBlueprint.monitorName(rank);
    }

    public KeyValueStore store() {
        return store;
    }

    /** Runs whenever a write has become durable, before the monitor hears of it: a crash there is one between two durable writes. */
    public void afterWrite(Runnable task) {
        afterWrite = task;
    }

    private MonDaemon.Env env() {
        return new MonDaemon.Env(
                host,
                random,
                store,
                this::commit,
                new Messengers(network, host),
                blueprint.config(new EntityName(EntityType.MON, name())),
                Map.of("hostname", host.name()));
    }

    private MonDaemon run() {
        MonDaemon started = new MonDaemon(name(), env());
        host.execute(started::start);
        return started;
    }

    private void commit(StoreTransaction transaction, Runnable durable) {
        uncommitted.add(new Write(transaction, durable));
        disk.write(() -> {
            Write oldest = uncommitted.remove();
            store.apply(oldest.transaction);
            afterWrite.run();
            if (host.isUp()) {
                oldest.durable.run();
            }
        });
    }

    public SimHost host() {
        return host;
    }

    public MonDaemon daemon() {
        return daemon;
    }

    public void crash() {
        if (!host.isUp()) {
            return;
        }
        host.crash();
        for (int kept = disk.survivors(uncommitted.size()); kept > 0; kept--) {
            store.apply(uncommitted.remove().transaction);
        }
        uncommitted.clear();
    }

    /** The disk of a crashed monitor is replaced: its new store knows the other monitors and their key and nothing else. */
    void remake() {
        StoreTransaction nothing = new StoreTransaction();
        store.scanAll("", "", (prefix, key, value) -> {
            nothing.erase(prefix, key);
            return true;
        });
        store.apply(nothing);
        MonDaemon.makeStore(store, blueprint.monMap(host.now()), blueprint.keyring());
    }

    public void restart() {
        if (host.isUp()) {
            return;
        }
        host.restart();
        daemon = run();
    }

    private record Messengers(SimNetwork network, SimHost host) implements MessengerFactory {
        @Override
        public Messenger monitor(int rank, AuthClient client, AuthServer server) {
            return new SimMessenger(
                    network, host, new EntityId(EntityType.MON, rank), MessengerOptions.mon(), client, server);
        }

        @Override
        public Messenger manager(AuthClient client, AuthServer server) {
            return new SimMessenger(
                    network, host, new EntityId(EntityType.MGR, 4099), MessengerOptions.mon(), client, server);
        }
    }
}
