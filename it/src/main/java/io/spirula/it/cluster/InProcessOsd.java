package io.spirula.it.cluster;

import io.spirula.common.auth.AuthClient;
import io.spirula.common.auth.AuthServer;
import io.spirula.common.config.Config;
import io.spirula.common.monclient.MonClientSettings;
import io.spirula.common.msgr.Messenger;
import io.spirula.common.msgr.MessengerOptions;
import io.spirula.common.msgr.netty.NettyMessenger;
import io.spirula.common.msgr.netty.NettyReactor;
import io.spirula.common.types.EntityId;
import io.spirula.common.types.EntityName;
import io.spirula.common.types.EntityType;
import io.spirula.common.types.Uuid;
import io.spirula.osd.cls.ObjectClasses;
import io.spirula.osd.daemon.OsdDaemon;
import io.spirula.osd.daemon.OsdMessengers;
import io.spirula.osd.daemon.OsdSettings;
import io.spirula.osd.store.MemoryStore;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One of a cluster's OSDs: its disk in memory, which stays, and the daemon that runs on it or does not. All methods are called on the reactor. */
final class InProcessOsd {
    private static final Logger LOG = LoggerFactory.getLogger(InProcessOsd.class);

    private final int id;
    private final ClusterBlueprint blueprint;
    private final NettyReactor reactor;
    private final RandomGenerator random;
    private final MemoryStore.Disk disk = new MemoryStore.Disk();
    private @Nullable MemoryStore store;
    private @Nullable OsdDaemon daemon;

    InProcessOsd(int id, ClusterBlueprint blueprint, NettyReactor reactor, RandomGenerator random) {
        this.id = id;
        this.blueprint = blueprint;
        this.reactor = reactor;
        this.random = random;
        MemoryStore fresh = open();
        OsdDaemon.makeStore(fresh, blueprint.fsid(), id, Uuid.random(random), () -> {});
        fresh.close();
    }

    private MemoryStore open() {
        return new MemoryStore(disk, reactor::execute);
    }

    boolean isRunning() {
        return daemon != null;
    }

    /** Starts a daemon on the disk; it boots in the background. */
    void start() {
        EntityName name = ClusterBlueprint.osdName(id);
        Config config = blueprint.config(name).with(Map.of("public_addr", "127.0.0.1"));
        MemoryStore opened = open();
        OsdDaemon started = new OsdDaemon(new OsdDaemon.Env(
                OsdSettings.of(config, "localhost", Map.of("hostname", "localhost")),
                reactor,
                random,
                opened,
                new Messengers(id, reactor, random),
                blueprint.monitors(),
                MonClientSettings.of(config),
                blueprint.authSettings(name),
                blueprint.keyringOf(name),
                ObjectClasses.NONE,
                why -> LOG.error("osd.{} can't go on", id, why)));
        started.start();
        store = opened;
        daemon = started;
    }

    /** Stops the daemon as SIGTERM would, and keeps what it has stored. */
    void stop(Runnable stopped) {
        OsdDaemon running = daemon;
        MemoryStore open = store;
        daemon = null;
        store = null;
        if (running == null || open == null) {
            stopped.run();
            return;
        }
        running.stop(() -> {
            open.close();
            stopped.run();
        });
    }

    private record Messengers(int id, NettyReactor reactor, RandomGenerator random) implements OsdMessengers {
        @Override
        public Messenger make(Role role, AuthClient client, @Nullable AuthServer server) {
            MessengerOptions options = switch (role) {
                case CLIENTS, CLUSTER -> MessengerOptions.osd();
                case HEARTBEAT_SERVER -> MessengerOptions.osdHeartbeat(true);
                case HEARTBEAT_CLIENT -> MessengerOptions.osdHeartbeat(false);
            };
            return new NettyMessenger(reactor, new EntityId(EntityType.OSD, id), options, client, server, random);
        }
    }
}
