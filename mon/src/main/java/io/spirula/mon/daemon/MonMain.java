package io.spirula.mon.daemon;

import io.spirula.common.admin.AdminDesk;
import io.spirula.common.admin.DaemonLog;
import io.spirula.common.auth.AuthClient;
import io.spirula.common.auth.AuthServer;
import io.spirula.common.config.ConfigException;
import io.spirula.common.daemon.DaemonOptions;
import io.spirula.common.daemon.DaemonProgram;
import io.spirula.common.daemon.HostAddresses;
import io.spirula.common.daemon.HostFacts;
import io.spirula.common.msgr.Messenger;
import io.spirula.common.msgr.MessengerOptions;
import io.spirula.common.msgr.PortRange;
import io.spirula.common.msgr.netty.NettyMessenger;
import io.spirula.common.msgr.netty.NettyReactor;
import io.spirula.common.types.EntityId;
import io.spirula.common.types.EntityType;
import io.spirula.mon.service.Version;
import io.spirula.mon.store.RocksKeyValueStore;
import io.spirula.mon.store.StoreFailure;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The program {@code ceph-mon}: {@code --mkfs} makes a monitor's store, without it the monitor runs in the foreground until SIGTERM. */
public final class MonMain {
    private static final Logger LOG = LoggerFactory.getLogger(MonMain.class);
    private static final Set<String> OWN_OPTIONS = Set.of("--monmap");

    private final DaemonProgram program = new DaemonProgram("ceph-mon", Set.of(StoreFailure.class));

    private MonMain() {}

    public static void main(String[] args) {
        System.exit(run(List.of(args), DaemonLog.NONE));
    }

    /** The exit code. */
    public static int run(List<String> args, DaemonLog log) {
        MonMain main = new MonMain();
        return main.program.run(() -> {
            DaemonOptions options = DaemonOptions.parse(args, EntityType.MON, OWN_OPTIONS, System.getenv());
            String name = options.config().name().id();
            if (name.isEmpty() || options.config().name().type() != EntityType.MON) {
                throw new ConfigException("a monitor needs its name: -i NAME");
            }
            Path folder = Path.of(options.config().string("mon_data", "/var/lib/ceph/mon/$cluster-$id"));
            return options.mkfs()
                    ? new MonCreation(options, name, folder).make()
                    : main.serve(options, name, folder, log);
        });
    }

    private int serve(DaemonOptions options, String name, Path folder, DaemonLog log) throws InterruptedException {
        if (!Files.isDirectory(folder)) {
            throw new ConfigException(
                    "monitor data directory at '" + folder + "' does not exist: have you run 'mkfs'?");
        }
        RocksKeyValueStore store = RocksKeyValueStore.open(folder.resolve("store.db"));
        NettyReactor reactor = NettyReactor.start("mon", program::die);
        CommitThread commits = new CommitThread(store, reactor, program::failed);
        RandomGenerator random = new SecureRandom();
        MonDaemon.Env env = new MonDaemon.Env(
                reactor,
                random,
                store,
                commits,
                new NettyMessengers(reactor, HostAddresses.ports(options.config()), random),
                options.config(),
                metadata());
        try {
            MonDaemon daemon = DaemonProgram.on(reactor, () -> {
                MonDaemon d = new MonDaemon(name, env);
                d.whenRemoved(() -> program.failed(new StoreFailure("not in monmap and have been in a quorum before;"
                        + " mon." + name + " must have been removed from it: to add it again, remove its store and"
                        + " make a new one (--mkfs)")));
                d.start();
                return d;
            });
            LOG.info("mon.{} serves at {}", name, daemon.addrs());
            AdminDesk desk = DaemonProgram.on(
                    reactor, () -> AdminDesk.open(options.config(), daemon.adminCommands(), reactor, log));
            program.awaitStop();
            desk.close();
            DaemonProgram.on(reactor, () -> {
                daemon.stop();
                return daemon;
            });
        } finally {
            commits.close();
            reactor.close();
            store.close();
        }
        program.rethrow();
        LOG.info("mon.{} stopped", name);
        return 0;
    }

    /** What a monitor says of itself and its host. */
    public static Map<String, String> metadata() {
        Map<String, String> facts = HostFacts.collect();
        facts.put("ceph_release", "pacific");
        facts.put("ceph_version", Version.LONG);
        facts.put("ceph_version_short", Version.SHORT);
        facts.put("compression_algorithms", "none");
        facts.put("device_ids", "");
        facts.put("device_paths", "");
        facts.put("devices", "");
        return facts;
    }

    private record NettyMessengers(NettyReactor reactor, PortRange ports, RandomGenerator random)
            implements MessengerFactory {
        @Override
        public Messenger monitor(int rank, AuthClient client, AuthServer server) {
            return new NettyMessenger(
                    reactor, new EntityId(EntityType.MON, rank), MessengerOptions.mon(), client, server, random);
        }

        @Override
        public Messenger manager(AuthClient client, AuthServer server) {
            return new NettyMessenger(
                    reactor,
                    new EntityId(EntityType.MGR, 4099),
                    MessengerOptions.mon().withPorts(ports),
                    client,
                    server,
                    random);
        }
    }
}
