package io.spirula.osd.daemon;

import io.spirula.common.admin.AdminDesk;
import io.spirula.common.admin.DaemonLog;
import io.spirula.common.auth.AuthClient;
import io.spirula.common.auth.AuthServer;
import io.spirula.common.auth.AuthSettings;
import io.spirula.common.auth.Keyring;
import io.spirula.common.config.Config;
import io.spirula.common.config.ConfigException;
import io.spirula.common.config.MonHosts;
import io.spirula.common.daemon.DaemonOptions;
import io.spirula.common.daemon.DaemonProgram;
import io.spirula.common.daemon.HostAddresses;
import io.spirula.common.daemon.HostFacts;
import io.spirula.common.monclient.MonClientSettings;
import io.spirula.common.msgr.Messenger;
import io.spirula.common.msgr.MessengerOptions;
import io.spirula.common.msgr.PortRange;
import io.spirula.common.msgr.netty.NettyMessenger;
import io.spirula.common.msgr.netty.NettyReactor;
import io.spirula.common.types.EntityAddrs;
import io.spirula.common.types.EntityId;
import io.spirula.common.types.EntityType;
import io.spirula.common.types.Uuid;
import io.spirula.osd.cls.ObjectClasses;
import io.spirula.osd.store.MemoryStore;
import io.spirula.osd.store.ObjectStore;
import io.spirula.osd.store.RocksOptions;
import io.spirula.osd.store.RocksStore;
import io.spirula.osd.store.StoreCheck;
import io.spirula.osd.store.StoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The program {@code ceph-osd}: {@code --mkfs} makes an OSD's store, {@code --fsck} checks one that nobody has open, without either the OSD runs in the foreground until SIGTERM.
 */
public final class OsdMain {
    private static final Set<String> OWN_OPTIONS = Set.of("--monmap");
    private static final String FSCK = "--fsck";
    private static final String STORE_KIND = "type";
    private static final long LEAVE_SECONDS = 8;

    private final DaemonProgram program;
    private final DaemonOptions options;
    private final Config config;
    private final OsdSettings settings;
    private final Path folder;

    private OsdMain(DaemonProgram program, DaemonOptions options) {
        this.program = program;
        this.options = options;
        config = options.config();
        folder = Path.of(config.string("osd_data", "/var/lib/ceph/osd/$cluster-$id"));
        settings = OsdSettings.of(config, HostFacts.shortName(), Map.of());
    }

    /** With what the cluster is told of this host. */
    private OsdSettings withFacts(Config config) {
        SortedMap<String, String> facts = HostFacts.collect();
        facts.putAll(StoreFacts.read(folder));
        facts.put("front_iface", HostAddresses.interfaceOf(config.string("public_addr", "")));
        facts.put("back_iface", HostAddresses.interfaceOf(config.string("cluster_addr", "")));
        return OsdSettings.of(config, HostFacts.shortName(), facts);
    }

    public static void main(String[] args) {
        System.exit(run(List.of(args), DaemonLog.NONE));
    }

    /** The exit code. */
    public static int run(List<String> args, DaemonLog log) {
        DaemonProgram program = new DaemonProgram("ceph-osd", Set.of(OsdException.class, StoreException.class));
        return program.run(() -> {
            List<String> usual = args.stream().filter(a -> !a.equals(FSCK)).toList();
            OsdMain main =
                    new OsdMain(program, DaemonOptions.parse(usual, EntityType.OSD, OWN_OPTIONS, System.getenv()));
            if (usual.size() < args.size()) {
                return main.checkStore();
            }
            return main.options.mkfs() ? main.makeStore() : main.serve(log);
        });
    }

    private Uuid clusterFsid() {
        Uuid fsid = options.fsid();
        if (fsid == null) {
            throw new ConfigException("no fsid: put the cluster's into the configuration");
        }
        return fsid;
    }

    private boolean keepsNothing() {
        return settings.objectStore().equals("memory");
    }

    private int makeStore() throws InterruptedException {
        Uuid cluster = clusterFsid();
        Uuid named = DaemonOptions.uuid("osd_uuid", config.string("osd_uuid", ""));
        Uuid fsid = named == null ? Uuid.random(new SecureRandom()) : named;
        try {
            Files.createDirectories(folder);
            if (keepsNothing()) {
                // Made anew at every start: only what it is called outlives the process.
                Files.writeString(folder.resolve("fsid"), fsid + "\n");
            }
            Files.writeString(folder.resolve(STORE_KIND), settings.objectStore() + "\n");
            Files.writeString(folder.resolve("whoami"), settings.whoami() + "\n");
            StoreFacts.write(folder, Instant.now());
        } catch (IOException e) {
            throw new OsdException("can't write to " + folder + ": " + e.getMessage(), e);
        }
        if (!keepsNothing()) {
            makeOnDisk(cluster, fsid);
        }
        return 0;
    }

    private void makeOnDisk(Uuid cluster, Uuid fsid) throws InterruptedException {
        Path disk = folder.resolve("store");
        if (!Files.isDirectory(disk)) {
            RocksStore.create(disk);
        }
        NettyReactor reactor = NettyReactor.start("mkfs");
        CountDownLatch durable = new CountDownLatch(1);
        try {
            ObjectStore store = openStore(disk, reactor, why -> {
                program.failed(why);
                durable.countDown();
            });
            DaemonProgram.on(reactor, () -> {
                OsdDaemon.makeStore(store, cluster, settings.whoami(), fsid, durable::countDown);
                return store;
            });
            durable.await();
            close(reactor, store);
        } finally {
            reactor.close();
        }
        program.rethrow();
    }

    /** What ceph-bluestore-tool fsck is to BlueStore. */
    private int checkStore() {
        StoreCheck.Result result = StoreCheck.run(folder.resolve("store"), System.out::println);
        System.out.println("fsck " + (result.problems() == 0 ? "success" : "found " + result.problems() + " problems")
                + ": " + result.objects() + " objects, " + result.blocks() + " blocks of " + result.bytes()
                + " bytes");
        return result.problems() == 0 ? 0 : 1;
    }

    private int serve(DaemonLog log) throws InterruptedException {
        if (!Files.isDirectory(folder)) {
            throw new OsdException("there is no OSD in " + folder + ": make one with --mkfs");
        }
        Keyring keyring = options.keyring(folder.resolve("keyring").toString());
        List<EntityAddrs> monitors = MonHosts.parse(config.string("mon_host", ""));
        if (monitors.isEmpty()) {
            throw new ConfigException("no monitors: set mon host in the configuration");
        }
        Config placed = HostAddresses.choose(config, monitors);
        NettyReactor reactor = NettyReactor.start("osd", this::broken);
        try {
            ObjectStore store =
                    keepsNothing() ? memory(reactor) : openStore(folder.resolve("store"), reactor, program::failed);
            RandomGenerator random = new SecureRandom();
            OsdDaemon.Env env = new OsdDaemon.Env(
                    withFacts(placed),
                    reactor,
                    random,
                    store,
                    new NettyMessengers(reactor, settings.whoami(), clients(), HostAddresses.ports(placed), random),
                    monitors,
                    MonClientSettings.of(placed),
                    AuthSettings.configured(EntityType.OSD, placed),
                    keyring,
                    ObjectClasses.NONE,
                    program::failed);
            OsdDaemon daemon = DaemonProgram.on(reactor, () -> {
                MetaStore.open(store).check(options.fsid(), settings.whoami());
                OsdDaemon d = new OsdDaemon(env);
                d.start();
                return d;
            });
            DaemonProgram.on(reactor, () -> {
                daemon.heedLoad(HostFacts::loadPerProcessor);
                return daemon;
            });
            AdminDesk desk =
                    DaemonProgram.on(reactor, () -> AdminDesk.open(placed, daemon.commandTable(), reactor, log));
            program.awaitStop();
            desk.close();
            CountDownLatch left = new CountDownLatch(1);
            reactor.execute(() -> {
                RuntimeException why = program.failure();
                if (why != null) {
                    daemon.clusterLog().error("stopping: " + why.getMessage());
                }
                daemon.stop(left::countDown);
            });
            left.await(LEAVE_SECONDS, TimeUnit.SECONDS);
            if (!program.hasFailed()) {
                close(reactor, store);
            }
        } finally {
            reactor.close();
        }
        program.rethrow();
        return 0;
    }

    private ObjectStore openStore(Path disk, NettyReactor reactor, ObjectStore.FailureHandler failed)
            throws InterruptedException {
        long bytes = config.integer("bluestore_block_size", 0);
        RocksOptions rocks = bytes <= 0 ? RocksOptions.DEFAULT : RocksOptions.DEFAULT.withBlockBytes(bytes);
        try {
            return DaemonProgram.on(
                    reactor, () -> RocksStore.open(disk, rocks, reactor, why -> failed.accept(forPeople(disk, why))));
        } catch (StoreException e) {
            throw e.kind() == StoreException.Kind.IO ? e : forPeople(disk, e); // files that may not be read, perhaps
        }
    }

    private static StoreException forPeople(Path disk, StoreException why) {
        String line = switch (why.kind()) {
            case NO_SPACE -> "there is no room left for the store in " + disk + ": make some and start again";
            case DAMAGED ->
                "the store in " + disk + " is damaged: remove it and make a new one with --mkfs, which recovery fills";
            case IO -> "the disk of the store in " + disk + " fails";
            case NO_SUCH_OBJECT, WRONG_VERSION, LOCKED, NOT_A_STORE -> null;
        };
        return line == null ? why : new StoreException(why.kind(), line + " (" + why.getMessage() + ")", why);
    }

    /** What no group can be answered by: the store says nothing wrong, and goes on with nothing. */
    private void broken(Throwable why) {
        if (why instanceof StoreException e) {
            program.failed(forPeople(folder.resolve("store"), e));
        } else {
            program.die(why);
        }
    }

    private static void close(NettyReactor reactor, ObjectStore store) throws InterruptedException {
        DaemonProgram.on(reactor, () -> {
            store.close();
            return store;
        });
    }

    private ObjectStore memory(NettyReactor reactor) throws InterruptedException {
        Uuid cluster = clusterFsid();
        Uuid fsid = storedFsid();
        return DaemonProgram.on(reactor, () -> {
            MemoryStore store = new MemoryStore(reactor);
            OsdDaemon.makeStore(store, cluster, settings.whoami(), fsid, () -> {});
            return store;
        });
    }

    private Uuid storedFsid() {
        try {
            Uuid fsid = DaemonOptions.uuid("the OSD's fsid", Files.readString(folder.resolve("fsid")));
            if (fsid != null) {
                return fsid;
            }
        } catch (IOException e) {
            // as if it were empty
        }
        throw new OsdException("there is no OSD in " + folder + ": make one with --mkfs");
    }

    /** How clients are served: what they may have on its way here at most. */
    private MessengerOptions clients() {
        MessengerOptions options = MessengerOptions.osd();
        long bytes = config.integer("osd_client_message_size_cap", options.heldBytesMax());
        long messages = config.integer("osd_client_message_cap", options.heldMessagesMax());
        return options.withHeldMax(bytes, (int) Math.min(Integer.MAX_VALUE, messages));
    }

    private record NettyMessengers(
            NettyReactor reactor, int whoami, MessengerOptions clients, PortRange ports, RandomGenerator random)
            implements OsdMessengers {
        @Override
        public Messenger make(Role role, AuthClient client, @Nullable AuthServer server) {
            MessengerOptions options = switch (role) {
                case CLIENTS -> clients;
                case CLUSTER -> MessengerOptions.osd();
                case HEARTBEAT_SERVER -> MessengerOptions.osdHeartbeat(true);
                case HEARTBEAT_CLIENT -> MessengerOptions.osdHeartbeat(false);
            };
            return new NettyMessenger(
                    reactor, new EntityId(EntityType.OSD, whoami), options.withPorts(ports), client, server, random);
        }
    }
}
