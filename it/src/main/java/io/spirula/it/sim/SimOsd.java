package io.spirula.it.sim;

import io.spirula.common.auth.AuthClient;
import io.spirula.common.auth.AuthServer;
import io.spirula.common.config.Config;
import io.spirula.common.monclient.MonClientSettings;
import io.spirula.common.msgr.Messenger;
import io.spirula.common.msgr.MessengerOptions;
import io.spirula.common.types.EntityId;
import io.spirula.common.types.EntityType;
import io.spirula.common.types.Uuid;
import io.spirula.it.cluster.ClusterBlueprint;
import io.spirula.osd.cls.ObjectClasses;
import io.spirula.osd.daemon.OsdDaemon;
import io.spirula.osd.daemon.OsdException;
import io.spirula.osd.daemon.OsdMessengers;
import io.spirula.osd.daemon.OsdSettings;
import io.spirula.osd.store.MemoryStore;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** An OSD on its host: a new daemon after every crash, on what the disk had made durable, or on what has become of its disk. */
public final class SimOsd {
    public static final long DISK_BYTES = 1L << 40;

    private static final long REPLACED_AFTER_NANOS = 1_000_000_000;

    private final int id;
    private final ClusterBlueprint blueprint;
    private final SimNetwork network;
    private final SimHost host;
    private final SimHost operator;
    private final RandomGenerator random;
    private final SimDisk disk;
    private final MemoryStore.Disk contents = new MemoryStore.Disk(DISK_BYTES);
    private final Uuid fsid;
    private MemoryStore store;
    private OsdDaemon daemon;
    private Runnable beforeWrite = () -> {};

    /** @param operator who replaces a disk that the OSD refuses */
    SimOsd(int id, ClusterBlueprint blueprint, SimNetwork network, SimHost operator) {
        this.id = id;
        this.operator = operator;
        this.blueprint = blueprint;
        this.network = network;
        Simulation simulation = network.simulation();
        host = new SimHost(simulation, "osd." + id);
        random = simulation.newRandom();
        disk = new SimDisk(host, simulation.newRandom());
        fsid = Uuid.random(random);
        makeStore();
        store = open();
        daemon = run();
    }

    private MemoryStore open() {
        return new MemoryStore(contents, this::write, disk::read);
    }

    private void write(Runnable commit) {
        disk.write(() -> {
            beforeWrite.run();
            if (host.isUp()) {
                commit.run();
            }
        });
    }

    private void makeStore() {
        MemoryStore fresh = new MemoryStore(contents, Runnable::run);
        OsdDaemon.makeStore(fresh, blueprint.fsid(), id, fsid, () -> {});
        fresh.close();
    }

    /** Runs when a write is about to become durable, and when one has become so and the OSD has not heard of it: a crash there is one right before, or right after, that step. */
    public void aroundWrites(Runnable before, Runnable after) {
        beforeWrite = before;
        contents.afterWrite(after);
    }

    /** What outlives the process. */
    public MemoryStore.Disk contents() {
        return contents;
    }

    /** The disk of an OSD that is down is a new one, made with the OSD's own number and id. */
    public void replaceDisk() {
        contents.wipe();
        makeStore();
    }

    /** How many times as long as usual the disk takes. */
    public void diskSlowness(int times) {
        disk.slowness(times);
    }

    private OsdDaemon run() {
        Config config = blueprint
                .config(ClusterBlueprint.osdName(id))
                .with(Map.of("public_addr", "10.0.1." + id, "osd_crush_initial_weight", "1"));
        OsdDaemon started = new OsdDaemon(new OsdDaemon.Env(
                OsdSettings.of(config, "host" + id, Map.of("hostname", host.name())),
                host,
                random,
                store,
                new Messengers(id, network, host),
                blueprint.monitors(),
                MonClientSettings.of(config),
                blueprint.authSettings(ClusterBlueprint.osdName(id)),
                blueprint.keyringOf(ClusterBlueprint.osdName(id)),
                ObjectClasses.NONE,
                this::failed));
        host.execute(started::start);
        return started;
    }

    private void failed(OsdException why) {
        if (why.storeIsOld()) {
            host.simulation().after(REPLACED_AFTER_NANOS, operator, () -> {
                crash();
                replaceDisk(); // as the line says that one has to
                restart();
            });
            return;
        }
        host.simulation().fail(new SimulationFailure(host + " gives up: " + why.getMessage(), why));
    }

    public int id() {
        return id;
    }

    public boolean isActive() {
        return host.isUp() && daemon.isActive();
    }

    public MemoryStore store() {
        return store;
    }

    public OsdDaemon daemon() {
        return daemon;
    }

    public boolean isUp() {
        return host.isUp();
    }

    public SimHost host() {
        return host;
    }

    public void crash() {
        if (!host.isUp()) {
            return;
        }
        host.crash();
        store.crash(disk.survivors(store.uncommitted()));
    }

    public void restart() {
        if (host.isUp()) {
            return;
        }
        host.restart();
        store = open();
        daemon = run();
    }

    private record Messengers(int id, SimNetwork network, SimHost host) implements OsdMessengers {
        @Override
        public Messenger make(Role role, AuthClient client, @Nullable AuthServer server) {
            MessengerOptions options = switch (role) {
                case CLIENTS, CLUSTER -> MessengerOptions.osd();
                case HEARTBEAT_SERVER -> MessengerOptions.osdHeartbeat(true);
                case HEARTBEAT_CLIENT -> MessengerOptions.osdHeartbeat(false);
            };
            return new SimMessenger(network, host, new EntityId(EntityType.OSD, id), options, client, server);
        }
    }
}
