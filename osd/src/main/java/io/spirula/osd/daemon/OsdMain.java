package io.spirula.osd.daemon;

import io.spirula.common.auth.AuthClient;
import io.spirula.common.auth.AuthServer;
import io.spirula.common.auth.AuthSettings;
import io.spirula.common.auth.Keyring;
import io.spirula.common.config.CommonOptions;
import io.spirula.common.config.Config;
import io.spirula.common.config.ConfigException;
import io.spirula.common.config.MonHosts;
import io.spirula.common.encoding.MalformedInput;
import io.spirula.common.monclient.MonClientSettings;
import io.spirula.common.msgr.Messenger;
import io.spirula.common.msgr.MessengerOptions;
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
import io.spirula.osd.store.StoreException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The program {@code ceph-osd}: {@code --mkfs} makes an OSD's store, without it the OSD runs in the foreground until SIGTERM. A problem that the user can mend is one line on standard error.
 */
public final class OsdMain {
    private static final Logger LOG = LoggerFactory.getLogger(OsdMain.class);
    private static final String STORE_KIND = "type";

    private final CommonOptions options;
    private boolean mkfs;
    private @Nullable Uuid osdUuid;

    private OsdMain(CommonOptions options) {
        this.options = options;
    }

    public static void main(String[] args) {
        System.exit(run(List.of(args)));
    }

    /** The exit code. */
    public static int run(List<String> args) {
        try {
            OsdMain main =
                    new OsdMain(CommonOptions.parse(args, EntityType.OSD, CommonOptions.Kind.DAEMON, System.getenv()));
            main.parseOwn();
            return main.mkfs ? main.makeStore() : main.serve();
        } catch (ConfigException | OsdException | StoreException | MalformedInput | UncheckedIOException e) {
            return fail(e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return fail("interrupted");
        }
    }

    /** A broken invariant: what is durable is right, what is in memory may not be. The process ends at once and starts again from its store. */
    private static void die(Throwable failure) {
        LOG.error("broken, stopping", failure);
        System.err.println("ceph-osd: broken, stopping: " + failure);
        Runtime.getRuntime().halt(134);
    }

    private static int fail(@Nullable String line) {
        System.err.println("ceph-osd: " + line);
        LOG.error("{}", line);
        return 1;
    }

    private void parseOwn() {
        List<String> rest = new ArrayList<>(options.rest());
        while (!rest.isEmpty()) {
            String word = rest.removeFirst();
            int equals = word.startsWith("--") ? word.indexOf('=') : -1;
            String option = (equals < 0 ? word : word.substring(0, equals)).replace('_', '-');
            switch (option) {
                case "--mkfs" -> mkfs = true;
                case "--mkkey", "-f", "-d", "--foreground" -> {}
                case "--setuser", "--setgroup", "--monmap" -> {
                    if (equals < 0 && rest.isEmpty()) {
                        throw new ConfigException("option " + word + " needs a value");
                    }
                    if (equals < 0) {
                        rest.removeFirst();
                    }
                }
                default -> throw new ConfigException("unknown option '" + word + "'");
            }
        }
        String named = config().find("osd_uuid"); // the common options take it for one of the configuration's
        osdUuid = named == null ? null : uuid("--osd-uuid", named);
    }

    private static Uuid uuid(String what, String text) {
        try {
            return Uuid.parse(text);
        } catch (IllegalArgumentException e) {
            throw new ConfigException(what + " '" + text + "' is not a UUID", e);
        }
    }

    private Config config() {
        return options.config();
    }

    private Path folder() {
        return Path.of(config().string("osd_data", "/var/lib/ceph/osd/$cluster-$id"));
    }

    private OsdSettings settings() {
        return OsdSettings.of(config(), HostFacts.shortName(), HostFacts.collect());
    }

    private @Nullable Uuid clusterFsid() {
        String configured = config().find("fsid");
        return configured == null ? null : uuid("fsid", configured);
    }

    private int makeStore() throws InterruptedException {
        OsdSettings settings = settings();
        Uuid cluster = clusterFsid();
        if (cluster == null) {
            throw new ConfigException("no fsid: put the cluster's into the configuration");
        }
        Path folder = folder();
        try {
            Files.createDirectories(folder);
            if (settings.objectStore().equals("memory")) {
                // Made anew at every start: only what it is called outlives the process.
                SecureRandom random = new SecureRandom();
                Files.writeString(folder.resolve("fsid"), (osdUuid == null ? Uuid.random(random) : osdUuid) + "\n");
            }
            Files.writeString(folder.resolve(STORE_KIND), settings.objectStore() + "\n");
            Files.writeString(folder.resolve("whoami"), settings.whoami() + "\n");
        } catch (IOException e) {
            throw new OsdException("can't write to " + folder + ": " + e.getMessage(), e);
        }
        if (settings.objectStore().equals("memory")) {
            return 0;
        }
        Path disk = folder.resolve("store");
        if (!Files.isDirectory(disk)) {
            RocksStore.create(disk);
        }
        NettyReactor reactor = NettyReactor.start("mkfs");
        AtomicReference<RuntimeException> failure = new AtomicReference<>();
        CountDownLatch durable = new CountDownLatch(1);
        try {
            ObjectStore store = onReactor(
                    reactor,
                    () -> RocksStore.open(disk, RocksOptions.DEFAULT, reactor, why -> {
                        failure.set(why);
                        durable.countDown();
                    }));
            Uuid fsid = osdUuid == null ? Uuid.random(new SecureRandom()) : osdUuid;
            onReactor(reactor, () -> {
                OsdDaemon.makeStore(store, cluster, settings.whoami(), fsid, durable::countDown);
                return true;
            });
            durable.await();
            onReactor(reactor, () -> {
                store.close();
                return true;
            });
        } finally {
            reactor.close();
        }
        if (failure.get() != null) {
            throw failure.get();
        }
        return 0;
    }

    private int serve() throws InterruptedException {
        OsdSettings settings = settings();
        Path folder = folder();
        if (!Files.isDirectory(folder)) {
            throw new OsdException("there is no OSD in " + folder + ": make one with --mkfs");
        }
        Keyring keyring = keyring();
        List<EntityAddrs> monitors = MonHosts.parse(config().string("mon_host", ""));
        if (monitors.isEmpty()) {
            throw new ConfigException("no monitors: set mon host in the configuration");
        }
        NettyReactor reactor = NettyReactor.start("osd", OsdMain::die);
        CountDownLatch stop = new CountDownLatch(1);
        AtomicReference<RuntimeException> failure = new AtomicReference<>();
        ObjectStore store = openStore(settings, folder, reactor, why -> {
            LOG.error("the store can keep nothing any more, stopping: {}", why.getMessage());
            failure.set(why);
            stop.countDown();
        });
        RandomGenerator random = new SecureRandom();
        OsdDaemon.Env env = new OsdDaemon.Env(
                settings,
                reactor,
                random,
                store,
                new NettyMessengers(reactor, settings.whoami(), random),
                monitors,
                MonClientSettings.of(config()),
                authSettings(),
                keyring,
                ObjectClasses.NONE,
                why -> {
                    failure.set(why);
                    stop.countDown();
                });
        CountDownLatch stopped = new CountDownLatch(1);
        try {
            OsdDaemon daemon = onReactor(reactor, () -> {
                OsdDaemon d = new OsdDaemon(env);
                d.start();
                return d;
            });
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                stop.countDown();
                try {
                    stopped.await(10, TimeUnit.SECONDS);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }));
            stop.await();
            if (failure.get() == null) {
                CountDownLatch left = new CountDownLatch(1);
                reactor.execute(() -> daemon.stop(left::countDown));
                left.await(8, TimeUnit.SECONDS);
                onReactor(reactor, () -> {
                    store.close();
                    return true;
                });
            }
        } finally {
            stopped.countDown();
            reactor.close();
        }
        RuntimeException why = failure.get();
        if (why != null) {
            throw why;
        }
        return 0;
    }

    private ObjectStore openStore(
            OsdSettings settings, Path folder, NettyReactor reactor, ObjectStore.FailureHandler failed)
            throws InterruptedException {
        if (settings.objectStore().equals("memory")) {
            return onReactor(reactor, () -> {
                MemoryStore store = new MemoryStore(reactor);
                Uuid cluster = clusterFsid();
                if (cluster == null) {
                    throw new ConfigException("no fsid: put the cluster's into the configuration");
                }
                OsdDaemon.makeStore(store, cluster, settings.whoami(), storedFsid(folder), () -> {});
                return store;
            });
        }
        ObjectStore store = onReactor(
                reactor, () -> RocksStore.open(folder.resolve("store"), RocksOptions.DEFAULT, reactor, failed));
        Uuid cluster = clusterFsid();
        if (cluster != null) {
            onReactor(reactor, () -> {
                MetaStore.open(store).check(cluster, settings.whoami());
                return true;
            });
        }
        return store;
    }

    private static Uuid storedFsid(Path folder) {
        try {
            return uuid(
                    "the OSD's fsid", Files.readString(folder.resolve("fsid")).strip());
        } catch (IOException e) {
            throw new OsdException("there is no OSD in " + folder + ": make one with --mkfs", e);
        }
    }

    private AuthSettings authSettings() {
        return AuthSettings.of(
                EntityType.OSD,
                config().string("auth_cluster_required", "cephx"),
                config().string("auth_service_required", "cephx"),
                config().string("auth_client_required", "cephx, none"));
    }

    private Keyring keyring() {
        String path = config().find("keyring");
        Path file = path != null && !path.isBlank() ? Path.of(path) : folder().resolve("keyring");
        if (!Files.exists(file)) {
            if (config().string("auth_cluster_required", "cephx").contains("cephx")) {
                throw new ConfigException("unable to find a keyring on " + file);
            }
            return Keyring.EMPTY;
        }
        try {
            return Keyring.load(file);
        } catch (IOException e) {
            throw new ConfigException("can't read the keyring " + file + ": " + e.getMessage(), e);
        }
    }

    private static <T> T onReactor(NettyReactor reactor, Supplier<T> task) throws InterruptedException {
        CompletableFuture<T> result = new CompletableFuture<>();
        reactor.execute(() -> {
            try {
                result.complete(task.get());
            } catch (RuntimeException e) {
                result.completeExceptionally(e);
            }
        });
        try {
            return result.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException r) {
                throw r;
            }
            throw new IllegalStateException(e.getCause());
        }
    }

    private record NettyMessengers(NettyReactor reactor, int whoami, RandomGenerator random) implements OsdMessengers {
        @Override
        public Messenger make(Role role, AuthClient client, @Nullable AuthServer server) {
            MessengerOptions options = switch (role) {
                case CLIENTS, CLUSTER -> MessengerOptions.osd();
                case HEARTBEAT_SERVER -> MessengerOptions.osdHeartbeat(true);
                case HEARTBEAT_CLIENT -> MessengerOptions.osdHeartbeat(false);
            };
            return new NettyMessenger(reactor, new EntityId(EntityType.OSD, whoami), options, client, server, random);
        }
    }

    /** What an OSD says of its host. */
    static final class HostFacts {
        private HostFacts() {}

        static Map<String, String> collect() {
            Map<String, String> m = new TreeMap<>();
            String arch = System.getProperty("os.arch", "");
            m.put("arch", arch.equals("amd64") ? "x86_64" : arch);
            m.put("hostname", shortName());
            m.put("os", System.getProperty("os.name", ""));
            m.put("kernel_version", System.getProperty("os.version", ""));
            m.put("cpu_count", Integer.toString(Runtime.getRuntime().availableProcessors()));
            return m;
        }

        static String shortName() {
            try {
                String name =
                        Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
                int dot = name.indexOf('.');
                return dot > 0 ? name.substring(0, dot) : name;
            } catch (IOException e) {
                return "localhost";
            }
        }
    }
}
