package io.spirula.librados;

import io.spirula.common.auth.AuthSettings;
import io.spirula.common.auth.ClientAuth;
import io.spirula.common.auth.Keyring;
import io.spirula.common.config.Config;
import io.spirula.common.config.MonHosts;
import io.spirula.common.maps.MgrMap;
import io.spirula.common.maps.OsdMap;
import io.spirula.common.message.LogEntry;
import io.spirula.common.message.LogMessage;
import io.spirula.common.message.Message;
import io.spirula.common.message.MgrMapMessage;
import io.spirula.common.monclient.MapVersions;
import io.spirula.common.monclient.MonAuth;
import io.spirula.common.monclient.MonClient;
import io.spirula.common.monclient.MonClientException;
import io.spirula.common.monclient.MonClientListener;
import io.spirula.common.monclient.MonClientSettings;
import io.spirula.common.msgr.Connection;
import io.spirula.common.msgr.Dispatcher;
import io.spirula.common.msgr.Features;
import io.spirula.common.msgr.Messenger;
import io.spirula.common.msgr.MessengerOptions;
import io.spirula.common.msgr.netty.NettyMessenger;
import io.spirula.common.msgr.netty.NettyReactor;
import io.spirula.common.types.EntityAddrs;
import io.spirula.common.types.EntityId;
import io.spirula.common.types.EntityType;
import io.spirula.common.types.Errno;
import io.spirula.librados.objecter.DaemonCommands;
import io.spirula.librados.objecter.Lingers;
import io.spirula.librados.objecter.MapSource;
import io.spirula.librados.objecter.Objecter;
import io.spirula.librados.objecter.Operation;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** What is behind a {@link Rados}: one reactor with its messenger, the monitor client and the objecter, wired together. Other threads come in through {@link #call} and {@link #submit}. */
final class RadosClient implements Dispatcher, MonClientListener, MapSource, AutoCloseable {
    /** Beyond an operation's own time: only a stuck reactor lets a blocking call get there. */
    private static final Duration GRACE = Duration.ofSeconds(30);

    final Config config;
    final RadosSettings settings;
    final Throttle throttle;
    final @Nullable Executor callbacks;
    private final NettyReactor reactor;
    private final Messenger messenger;
    private final MonClient monClient;
    private final Objecter objecter;
    private final DaemonCommands daemonCommands;
    private String logSubscription = "";
    private Consumer<LogEntry> logLine = line -> {};
    private volatile @Nullable OsdMap osdMap;
    private volatile boolean closed;

    RadosClient(Config config, @Nullable Executor callbacks) {
        this.config = config;
        this.callbacks = callbacks;
        settings = RadosSettings.of(config);
        throttle = new Throttle(settings.operationsInFlight(), settings.bytesInFlight());
        String monHost = config.string("mon_host", "");
        if (monHost.isEmpty()) {
            throw new RadosException(
                    Errno.ENOENT,
                    "no monitor is known: set mon_host in " + config.file().source() + ", or give -m");
        }
        List<EntityAddrs> monitors = MonHosts.parse(monHost);
        AuthSettings authSettings = AuthSettings.configured(EntityType.CLIENT, config);
        Keyring keyring = Credentials.keyring(config);
        RandomGenerator random = new SecureRandom();
        reactor = NettyReactor.start("rados-client"); // from here on nothing may fail
        MonAuth auth = new MonAuth(new ClientAuth(
                authSettings, config.name(), keyring, ClientAuth.CLIENT_SERVICES, random, reactor.clock()));
        messenger = new NettyMessenger(
                reactor, new EntityId(EntityType.CLIENT, -1), MessengerOptions.client(), auth, null, random);
        monClient = new MonClient(MonClientSettings.of(config), monitors, reactor, random, messenger, auth, this);
        objecter = new Objecter(reactor, messenger, this, Features.PACIFIC);
        daemonCommands = new DaemonCommands(reactor, messenger, objecter, monClient::fsid);
    }

    /** Returns once there are a session and an OSD map. */
    void connect() {
        await(
                call(() -> {
                    messenger.setDispatcher(this);
                    monClient.start();
                    objecter.start();
                    return monClient
                            .authenticated(settings.connectTimeout())
                            .thenCompose(
                                    v -> objecter.mapWaiters().await(objecter.map(), 1, settings.connectTimeout()));
                }),
                settings.connectTimeout());
    }

    // Crossing from the callers' threads to the reactor and back.

    /** Runs {@code start} on the reactor. */
    <T> CompletableFuture<T> call(Supplier<CompletableFuture<T>> start) {
        CompletableFuture<T> result = new CompletableFuture<>();
        if (closed) {
            result.completeExceptionally(new RadosException(Errno.ESHUTDOWN, "this client is closed"));
            return result;
        }
        reactor.execute(() -> start.get().whenComplete((value, error) -> {
            if (error == null) {
                result.complete(value);
            } else {
                result.completeExceptionally(translate(error));
            }
        }));
        return result;
    }

    void submit(Operation op) {
        reactor.execute(() -> objecter.submit(op));
    }

    /** Runs {@code task} on the reactor, unless this is closed. */
    void run(Runnable task) {
        if (!closed) {
            reactor.execute(task);
        }
    }

    /** Where those are told who may block. */
    Executor deliveries() {
        Executor given = callbacks;
        return given == null ? task -> Thread.ofVirtual().name("rados-watch").start(task) : given;
    }

    /** Used on the reactor. */
    Lingers lingers() {
        return objecter.lingers();
    }

    java.time.Instant now() {
        return reactor.clock().now();
    }

    boolean onReactor() {
        return reactor.isCurrent();
    }

    boolean isClosed() {
        return closed;
    }

    /** Waits for what bounds its own time. */
    <T> T await(CompletableFuture<T> future, Duration ownTimeout) {
        if (reactor.isCurrent()) {
            throw new IllegalStateException(
                    "a blocking call within a completion of the client would wait for itself: continue with"
                            + " thenApplyAsync, or give the builder an executor");
        }
        try {
            return future.get(ownTimeout.plus(GRACE).toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            throw translate(e);
        } catch (TimeoutException e) {
            throw new RadosException(Errno.ETIMEDOUT, "the client does not make progress", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RadosException(Errno.EINTR, "interrupted", e);
        }
    }

    static RadosException translate(Throwable error) {
        Throwable cause = error;
        while ((cause instanceof CompletionException || cause instanceof ExecutionException)
                && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return switch (cause) {
            // A new one, whose trace shows the caller.
            case RadosException e -> new RadosException(e);
            case MonClientException e -> new RadosException(e.errno(), message(e), e);
            case TimeoutException e -> new RadosException(Errno.ETIMEDOUT, message(e), e);
            default -> new RadosException(Errno.EIO, cause.toString(), cause);
        };
    }

    private static String message(Throwable e) {
        String message = e.getMessage();
        return message == null ? "" : message;
    }

    // Maps.

    /** The newest map that arrived. */
    OsdMap osdMap() {
        OsdMap map = osdMap;
        if (map == null) {
            throw new IllegalStateException("not connected");
        }
        return map;
    }

    /** A map at least as new as the monitors' newest now. */
    CompletableFuture<OsdMap> latestMap() {
        return call(this::newestMap);
    }

    private CompletableFuture<OsdMap> newestMap() {
        return monClient.versions("osdmap", settings.monitorTimeout()).thenCompose(v -> mapOf((int) v.newest()));
    }

    /** A map that has the pool, if there is one: used within call(). */
    CompletableFuture<OsdMap> mapWithPool(long pool) {
        OsdMap map = objecter.map();
        return map != null && map.pool(pool) != null ? CompletableFuture.completedFuture(map) : newestMap();
    }

    CompletableFuture<OsdMap> mapAtLeast(int epoch) {
        return call(() -> mapOf(epoch));
    }

    private CompletableFuture<OsdMap> mapOf(int epoch) {
        CompletableFuture<OsdMap> map = objecter.mapWaiters().await(objecter.map(), epoch, settings.monitorTimeout());
        if (!map.isDone()) {
            objecter.requestNewerMap();
        }
        return map;
    }

    @Override
    public void request(int epoch, boolean lasting) {
        if (lasting) {
            monClient.subscribe("osdmap", epoch);
        } else {
            monClient.subscribeOnce("osdmap", epoch);
        }
    }

    @Override
    public void got(int epoch) {
        osdMap = objecter.map(); // before anybody who waits for it goes on
        monClient.got("osdmap", epoch);
    }

    @Override
    public void newestEpoch(LongConsumer answer) {
        monClient.versions("osdmap", settings.monitorTimeout()).whenComplete((MapVersions v, Throwable e) -> {
            if (v != null) {
                answer.accept(v.newest());
            }
        });
    }

    // Monitors and other daemons: used within call().

    MonClient monClient() {
        return monClient;
    }

    DaemonCommands daemonCommands() {
        return daemonCommands;
    }

    void wantManager() {
        monClient.subscribe("mgrmap", 0);
    }

    /** Has the lines of the cluster log from a level on given to {@code line}, on the reactor. */
    void watchLog(String level, Consumer<LogEntry> line) {
        logSubscription = "log-" + level;
        logLine = line;
        monClient.subscribe(logSubscription, 0);
    }

    private void takeLog(LogMessage log) {
        monClient.got(logSubscription, log.version());
        log.entries().forEach(logLine);
    }

    // Events.

    @Override
    public void configured(Map<String, String> options) {
        config.setMonitors(options);
        config.started();
    }

    @Override
    public void sessionOpened(long globalId) {
        messenger.setSelf(new EntityId(EntityType.CLIENT, globalId));
    }

    @Override
    public void dispatch(Connection connection, Message message) {
        if (monClient.dispatch(connection, message)) {
            return;
        }
        if (message instanceof MgrMapMessage mgr) {
            MgrMap map = MgrMap.CODEC.fromBytes(mgr.map());
            monClient.got("mgrmap", map.epoch());
            daemonCommands.managerIs(map);
        } else if (message instanceof LogMessage log) {
            takeLog(log);
        } else if (!daemonCommands.dispatch(message)) {
            objecter.dispatch(connection, message);
        }
    }

    @Override
    public void connected(Connection connection) {
        if (!monClient.connected(connection)) {
            objecter.connected(connection);
        }
    }

    @Override
    public void reset(Connection connection) {
        lost(connection);
    }

    @Override
    public void refused(Connection connection) {
        lost(connection);
    }

    private void lost(Connection connection) {
        boolean toMonitors = monClient.reset(connection);
        if (!daemonCommands.reset(connection) && !toMonitors) {
            objecter.reset(connection);
        }
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        if (reactor.isCurrent()) {
            closeParts();
        } else {
            CompletableFuture<Void> done = new CompletableFuture<>();
            reactor.execute(() -> {
                closeParts();
                done.complete(null);
            });
            awaitQuietly(done);
        }
        reactor.close();
    }

    private void closeParts() {
        daemonCommands.close();
        objecter.close();
        monClient.shutdown();
        messenger.shutdown();
    }

    private static void awaitQuietly(CompletableFuture<Void> done) {
        try {
            done.get(GRACE.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            // Nothing of ours can be done about it: the reactor's thread is a daemon and dies with the process.
        }
    }
}
