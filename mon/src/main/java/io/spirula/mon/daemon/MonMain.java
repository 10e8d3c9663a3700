package io.spirula.mon.daemon;

import io.spirula.common.auth.AuthClient;
import io.spirula.common.auth.AuthServer;
import io.spirula.common.auth.Keyring;
import io.spirula.common.config.CommonOptions;
import io.spirula.common.config.Config;
import io.spirula.common.config.ConfigException;
import io.spirula.common.config.MonHosts;
import io.spirula.common.encoding.Bytes;
import io.spirula.common.encoding.MalformedInput;
import io.spirula.common.maps.MonInfo;
import io.spirula.common.maps.MonMap;
import io.spirula.common.msgr.Messenger;
import io.spirula.common.msgr.MessengerOptions;
import io.spirula.common.msgr.netty.NettyMessenger;
import io.spirula.common.msgr.netty.NettyReactor;
import io.spirula.common.types.EntityAddrs;
import io.spirula.common.types.EntityId;
import io.spirula.common.types.EntityName;
import io.spirula.common.types.EntityType;
import io.spirula.common.types.Uuid;
import io.spirula.mon.store.MemoryKeyValueStore;
import io.spirula.mon.store.RocksKeyValueStore;
import io.spirula.mon.store.StoreFailure;
import io.spirula.mon.store.StoreFormat;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The program {@code ceph-mon}: {@code --mkfs} makes a monitor's store, without it the monitor runs in the foreground until SIGTERM. A problem that the user can mend is one line on standard error.
 */
public final class MonMain {
    private static final Logger LOG = LoggerFactory.getLogger(MonMain.class);

    private final CommonOptions options;
    private boolean mkfs;
    private @Nullable Path monmap;
    private @Nullable String publicAddr;
    private @Nullable Uuid fsid;

    private MonMain(CommonOptions options) {
        this.options = options;
    }

    public static void main(String[] args) {
        System.exit(run(List.of(args)));
    }

    /** The exit code. */
    public static int run(List<String> args) {
        try {
            MonMain main =
                    new MonMain(CommonOptions.parse(args, EntityType.MON, CommonOptions.Kind.DAEMON, System.getenv()));
            main.parseOwn();
            return main.mkfs ? main.makeStore() : main.serve();
        } catch (ConfigException | StoreFailure | MalformedInput e) {
            return fail(e.getMessage());
        } catch (UncheckedIOException e) {
            return fail(e.getMessage());
        }
    }

    /** A broken invariant: what is durable is right, what is in memory may not be. The process ends at once and starts again from its store. */
    private static void die(Throwable failure) {
        LOG.error("broken, stopping", failure);
        System.err.println("ceph-mon: broken, stopping: " + failure);
        Runtime.getRuntime().halt(134);
    }

    private static int fail(@Nullable String line) {
        System.err.println("ceph-mon: " + line);
        LOG.error("{}", line);
        return 1;
    }

    private void parseOwn() {
        List<String> rest = options.rest();
        for (int i = 0; i < rest.size(); i++) {
            String word = rest.get(i);
            int equals = word.startsWith("--") ? word.indexOf('=') : -1;
            String option = (equals < 0 ? word : word.substring(0, equals)).replace('_', '-');
            switch (option) {
                case "--mkfs" -> mkfs = true;
                case "-f", "-d", "--foreground" -> {}
                case "--monmap", "--public-addr", "--public-addrv", "--fsid", "--setuser", "--setgroup" -> {
                    if (equals < 0 && i + 1 >= rest.size()) {
                        throw new ConfigException("option " + word + " needs a value");
                    }
                    take(option, equals < 0 ? rest.get(++i) : word.substring(equals + 1));
                }
                default -> throw new ConfigException("unknown option '" + word + "'");
            }
        }
    }

    private void take(String option, String value) {
        switch (option) {
            case "--monmap" -> monmap = Path.of(value);
            case "--public-addr", "--public-addrv" -> publicAddr = value;
            case "--fsid" -> fsid = parsedFsid(value);
            default -> {}
        }
    }

    private static Uuid parsedFsid(String text) {
        try {
            return Uuid.parse(text);
        } catch (IllegalArgumentException e) {
            throw new ConfigException("fsid '" + text + "' is not a UUID", e);
        }
    }

    private Config config() {
        return options.config();
    }

    private String name() {
        String id = config().name().id();
        if (id.isEmpty() || config().name().type() != EntityType.MON) {
            throw new ConfigException("a monitor needs its name: -i NAME");
        }
        return id;
    }

    private Path dataFolder() {
        return Path.of(config().string("mon_data", "/var/lib/ceph/mon/$cluster-$id"));
    }

    private int makeStore() {
        Path store = dataFolder().resolve("store.db");
        if (Files.exists(store.resolve("CURRENT"))) {
            RocksKeyValueStore.open(store).close();
            System.err.println("'" + dataFolder() + "' already exists and is not empty: monitor may already exist");
            return 17;
        }
        String name = name();
        MonMap map = initialMonMap(name);
        Keyring keyring = initialKeyring();
        // Everything is put together in memory first, so that a failure leaves nothing behind.
        MemoryKeyValueStore memory = new MemoryKeyValueStore();
        NettyReactor reactor = NettyReactor.start("mkfs");
        try (RocksKeyValueStore disk = RocksKeyValueStore.create(store)) {
            MonDaemon.Env env = new MonDaemon.Env(
                    reactor, new SecureRandom(), memory, (t, done) -> {}, NO_NETWORK, config(), HostMetadata.collect());
            MonDaemon.makeStore(name, env, map, keyring);
            disk.apply(memory.all());
        } finally {
            reactor.close();
        }
        return 0;
    }

    private MonMap initialMonMap(String name) {
        MonMap map;
        if (monmap != null) {
            try {
                map = MonMap.CODEC.fromBytes(Bytes.wrap(Files.readAllBytes(monmap)));
            } catch (IOException e) {
                throw new ConfigException("cannot read the monitor map '" + monmap + "': no such file", e);
            } catch (MalformedInput e) {
                throw new ConfigException("'" + monmap + "' is not a monitor map: " + e.getMessage(), e);
            }
        } else {
            map = MonMap.of(Uuid.ZERO, 0, NettyReactor.SYSTEM_CLOCK.now(), monitorsFromConfig(name));
        }
        String configured = config().find("fsid");
        Uuid id = fsid != null ? fsid : configured != null ? parsedFsid(configured) : map.fsid();
        if (id.isZero()) {
            id = Uuid.random(new SecureRandom());
        }
        return map.withFsid(map.fsid().isZero() || fsid != null ? id : map.fsid());
    }

    private List<MonInfo> monitorsFromConfig(String name) {
        String hosts = publicAddr != null ? publicAddr : config().find("mon_host");
        if (hosts == null) {
            throw new ConfigException("no monitor map: give --monmap FILE, --public-addr ADDR, or set mon host");
        }
        List<EntityAddrs> addrs = MonHosts.parse(hosts);
        String members = config().string("mon_initial_members", "");
        List<String> names = new ArrayList<>(List.of(members.isBlank() ? name : members).stream()
                .flatMap(m -> List.of(m.trim().split("[,;\\s]+")).stream())
                .toList());
        if (!names.contains(name)) {
            names.add(name);
        }
        List<MonInfo> infos = new ArrayList<>();
        for (int i = 0; i < Math.min(names.size(), addrs.size()); i++) {
            infos.add(MonInfo.of(names.get(i), addrs.get(i)));
        }
        return infos;
    }

    private Keyring initialKeyring() {
        String path = config().find("keyring");
        boolean cephx = config().string("auth_cluster_required", "cephx").contains("cephx");
        if (path == null || !Files.exists(Path.of(path))) {
            if (cephx) {
                throw new ConfigException(
                        path == null
                                ? "a new monitor needs --keyring FILE with the key of mon."
                                : "unable to find a keyring file on " + path);
            }
            return Keyring.EMPTY;
        }
        Keyring keyring;
        try {
            keyring = Keyring.load(Path.of(path));
        } catch (IOException e) {
            throw new ConfigException("cannot read the keyring '" + path + "': " + e.getMessage(), e);
        }
        if (cephx && keyring.key(new EntityName(EntityType.MON, "")) == null) {
            throw new ConfigException("the keyring '" + path + "' has no key for mon.");
        }
        return keyring;
    }

    private int serve() {
        String name = name();
        Path folder = dataFolder();
        if (!Files.isDirectory(folder)) {
            throw new ConfigException(
                    "monitor data directory at '" + folder + "' does not exist: have you run 'mkfs'?");
        }
        RocksKeyValueStore store = RocksKeyValueStore.open(folder.resolve("store.db"));
        StoreFormat.check(store, folder.toString());
        NettyReactor reactor = NettyReactor.start("mon", MonMain::die);
        CountDownLatch stop = new CountDownLatch(1);
        boolean[] failed = {false};
        CommitThread commits = new CommitThread(store, reactor, (thread, e) -> {
            LOG.error("the store can't be written, stopping", e);
            System.err.println("ceph-mon: " + e.getMessage());
            failed[0] = true;
            stop.countDown();
        });
        RandomGenerator random = new SecureRandom();
        MonDaemon.Env env = new MonDaemon.Env(
                reactor,
                random,
                store,
                commits,
                new NettyMessengers(reactor, random),
                config(),
                HostMetadata.collect());
        CountDownLatch stopped = new CountDownLatch(1);
        try {
            MonDaemon daemon = onReactor(reactor, () -> {
                MonDaemon d = new MonDaemon(name, env);
                d.start();
                return d;
            });
            LOG.info("mon.{} serves at {}", name, daemon.addrs());
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                stop.countDown();
                try {
                    stopped.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }));
            stop.await();
            onReactor(reactor, () -> {
                daemon.stop();
                return daemon;
            });
            if (!failed[0]) {
                commits.close();
            }
            LOG.info("mon.{} stopped", name);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (StoreFailure | UncheckedIOException e) {
            stopCommits(commits);
            reactor.close();
            store.close();
            throw e;
        } finally {
            stopped.countDown();
        }
        reactor.close();
        store.close();
        return failed[0] ? 1 : 0;
    }

    private static void stopCommits(CommitThread commits) {
        try {
            commits.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static <T> T onReactor(NettyReactor reactor, java.util.function.Supplier<T> task)
            throws InterruptedException {
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

    private record NettyMessengers(NettyReactor reactor, RandomGenerator random) implements MessengerFactory {
        @Override
        public Messenger monitor(int rank, AuthClient client, AuthServer server) {
            return new NettyMessenger(
                    reactor, new EntityId(EntityType.MON, rank), MessengerOptions.mon(), client, server, random);
        }

        @Override
        public Messenger manager(AuthClient client, AuthServer server) {
            return new NettyMessenger(
                    reactor, new EntityId(EntityType.MGR, 4099), MessengerOptions.mon(), client, server, random);
        }
    }

    /** For making a store: nothing is sent. */
    private static final MessengerFactory NO_NETWORK = new MessengerFactory() {
        @Override
        public Messenger monitor(int rank, AuthClient client, AuthServer server) {
            return new NoMessenger();
        }

        @Override
        public Messenger manager(AuthClient client, AuthServer server) {
            return new NoMessenger();
        }
    };

    /** What a monitor says of its host. */
    static final class HostMetadata {
        private HostMetadata() {}

        static Map<String, String> collect() {
            Map<String, String> m = new java.util.TreeMap<>();
            m.put(
                    "arch",
                    System.getProperty("os.arch", "").equals("amd64") ? "x86_64" : System.getProperty("os.arch", ""));
            m.put("ceph_release", "pacific");
            m.put("ceph_version", io.spirula.mon.service.Version.LONG);
            m.put("ceph_version_short", io.spirula.mon.service.Version.SHORT);
            m.put("compression_algorithms", "none");
            m.put("cpu", value("/proc/cpuinfo", "model name\\s*:\\s*(.*)"));
            m.put("device_ids", "");
            m.put("device_paths", "");
            m.put("devices", "");
            m.put("distro", value("/etc/os-release", "ID=\"?([^\"]*)\"?"));
            m.put("distro_description", value("/etc/os-release", "PRETTY_NAME=\"?([^\"]*)\"?"));
            m.put("distro_version", value("/etc/os-release", "VERSION_ID=\"?([^\"]*)\"?"));
            m.put("kernel_description", value("/proc/version", ".*?(#.*)"));
            m.put("mem_total_kb", value("/proc/meminfo", "MemTotal:\\s*(\\d+).*"));
            m.put("mem_swap_kb", value("/proc/meminfo", "SwapTotal:\\s*(\\d+).*"));
            m.put("hostname", hostname());
            m.put("os", System.getProperty("os.name", ""));
            m.put("kernel_version", System.getProperty("os.version", ""));
            return m;
        }

        /** What the first line of a file that matches has in its group; empty if there is none. */
        private static String value(String file, String pattern) {
            Pattern line = Pattern.compile(pattern);
            try (var lines = Files.lines(Path.of(file))) {
                return lines.map(line::matcher)
                        .filter(Matcher::matches)
                        .map(matched -> matched.group(1))
                        .findFirst()
                        .orElse("");
            } catch (IOException | UncheckedIOException e) {
                return "";
            }
        }

        private static String hostname() {
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
