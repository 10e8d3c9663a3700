package io.spirula.osd.daemon;

import io.spirula.common.admin.AdminCommands;
import io.spirula.common.auth.AuthSettings;
import io.spirula.common.auth.ClientAuth;
import io.spirula.common.auth.Keyring;
import io.spirula.common.auth.ServiceAuthServer;
import io.spirula.common.auth.caps.OsdCaps;
import io.spirula.common.command.CommandTable;
import io.spirula.common.config.Config;
import io.spirula.common.config.Live;
import io.spirula.common.env.Reactor;
import io.spirula.common.maps.OsdMap;
import io.spirula.common.maps.PgPool;
import io.spirula.common.message.Message;
import io.spirula.common.message.MonGetOsdMap;
import io.spirula.common.message.OsdBeacon;
import io.spirula.common.message.OsdFull;
import io.spirula.common.message.OsdMapMessage;
import io.spirula.common.message.OsdMarkMeDown;
import io.spirula.common.message.OsdOpReply;
import io.spirula.common.metrics.PerfRegistry;
import io.spirula.common.monclient.ClusterLogClient;
import io.spirula.common.monclient.MonAuth;
import io.spirula.common.monclient.MonClient;
import io.spirula.common.monclient.MonClientListener;
import io.spirula.common.monclient.MonClientSettings;
import io.spirula.common.msgr.Connection;
import io.spirula.common.msgr.Traffic;
import io.spirula.common.optracker.OpHistory;
import io.spirula.common.pg.OsdStat;
import io.spirula.common.types.EntityAddrs;
import io.spirula.common.types.EntityId;
import io.spirula.common.types.EntityName;
import io.spirula.common.types.EntityType;
import io.spirula.common.types.ShardPgId;
import io.spirula.common.types.Uuid;
import io.spirula.osd.cls.ObjectClasses;
import io.spirula.osd.op.OpLimits;
import io.spirula.osd.pg.BackoffPolicy;
import io.spirula.osd.pg.ClientOp;
import io.spirula.osd.pg.Fullness;
import io.spirula.osd.pg.MergeReadiness;
import io.spirula.osd.pg.PlacementGroup;
import io.spirula.osd.pg.PlacementGroups;
import io.spirula.osd.pg.ScrubScheduler;
import io.spirula.osd.pglog.PgLog;
import io.spirula.osd.queue.MeteredStore;
import io.spirula.osd.queue.OpQueue;
import io.spirula.osd.queue.QueueSettings;
import io.spirula.osd.queue.StoreLoad;
import io.spirula.osd.recovery.RecoveryResources;
import io.spirula.osd.scrub.OsdScrubs;
import io.spirula.osd.store.ObjectStore;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One OSD, whole, without a thread of its own: everything happens in tasks of its reactor. Constructed, then {@link #start started}; it reports through the handler it was given when it can't go on.
 */
public final class OsdDaemon implements OsdInspection.Daemon {
    private static final Logger LOG = LoggerFactory.getLogger(OsdDaemon.class);
    private static final Duration START_TIMEOUT = Duration.ofMinutes(5);
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(3);
    private static final List<EntityType> SERVICES = List.of(EntityType.MON, EntityType.OSD, EntityType.MGR);
    private static final Duration WATCH = Duration.ofSeconds(1);

    /**
     * What an OSD is made of.
     *
     * @param failed is told once, with a line for people, when the OSD can't go on
     */
    public record Env(
            OsdSettings settings,
            Reactor reactor,
            RandomGenerator random,
            ObjectStore store,
            OsdMessengers messengers,
            List<EntityAddrs> monitors,
            MonClientSettings monClient,
            AuthSettings auth,
            Keyring keyring,
            ObjectClasses classes,
            Consumer<OsdException> failed) {}

    private final Env env;
    private final OsdSettings settings;
    private final Live<OsdTuning> tuning;
    private final ObjectStore store;
    private final OpQueue queue;
    private final OsdNetwork network;
    private final MonClient monitors;
    private final ClusterLogClient clusterLog;
    private final MetaStore meta;
    private final MapFeed maps;
    private final MonitorRequests requests;
    private final RecoveryResources recovery;
    private final PlacementGroups groups;
    private final MergeReadiness merges;
    private final OsdScrubs scrubs;
    private final ScrubScheduler scrubScheduler;
    private final HeartbeatPeers heartbeats;
    private final ManagerReports reports;
    private final Boot boot;
    private final ClusterConnections peers;
    private final OsdMetrics metrics;
    private final OpHistory history;
    private final OsdCommands commands;
    private Fullness fullness = Fullness.NONE;
    /** Clients whose writes were dropped for lack of room. */
    private final LinkedHashSet<Connection> turnedAway = new LinkedHashSet<>();

    private DoubleSupplier loadAverage = () -> 0;
    private long notifyIds;
    private int cleanThru;
    private final Live<BackoffPolicy> backoffPolicy;
    private long backoffIds;
    private @Nullable Runnable stopped;

    /** Throws OsdException where the store is not this OSD's. */
    public OsdDaemon(Env env) {
        this.env = env;
        settings = env.settings();
        tuning = Live.of(settings.config(), OsdTuning::of);
        StoreLoad load = new StoreLoad();
        store = new MeteredStore(env.store(), load);
        queue = new OpQueue(env.reactor(), load, Live.of(settings.config(), QueueSettings::of));
        EntityName name = new EntityName(EntityType.OSD, Integer.toString(settings.whoami()));
        ClientAuth login = new ClientAuth(
                env.auth(),
                name,
                env.keyring(),
                SERVICES,
                env.random(),
                env.reactor().clock());
        MonAuth auth = new MonAuth(login);
        ServiceAuthServer server = new ServiceAuthServer(env.auth(), login.rotatingKeys(), env.random());
        OsdMessengers m = env.messengers();
        network = new OsdNetwork(
                m.make(OsdMessengers.Role.CLIENTS, auth, server),
                m.make(OsdMessengers.Role.CLUSTER, auth, server),
                m.make(OsdMessengers.Role.HEARTBEAT_SERVER, auth, server),
                m.make(OsdMessengers.Role.HEARTBEAT_SERVER, auth, server),
                m.make(OsdMessengers.Role.HEARTBEAT_CLIENT, auth, null));
        monitors = new MonClient(
                env.monClient(),
                env.monitors(),
                env.reactor(),
                env.random(),
                network.clients(),
                auth,
                new MonClientListener() {
                    @Override
                    public void sessionOpened(long globalId) {
                        clusterLog().sessionOpened();
                        askAgain();
                        heartbeats().reportAgain();
                    }

                    @Override
                    public void configured(Map<String, String> options) {
                        settings.config().setMonitors(options);
                        settings.config().started();
                    }
                });
        clusterLog = new ClusterLogClient(
                name,
                () -> new EntityId(EntityType.OSD, settings.whoami()),
                network.clients()::addrs,
                env.reactor(),
                ClusterLogClient.GATHER,
                monitors);
        meta = MetaStore.open(env.store());
        meta.check(null, settings.whoami());
        maps = new MapFeed(meta, env.store(), OsdMap.empty(meta.superblock().clusterFsid()), new Follow());
        requests = new MonitorRequests(settings.whoami(), monitors, env.store(), maps::current);
        recovery = new RecoveryResources(
                settings.config(), env.reactor(), settings.deviceClass().equals("hdd"));
        groups = new PlacementGroups(this);
        merges = new MergeReadiness(groups, monitors::send);
        scrubs = new OsdScrubs(settings.config());
        scrubScheduler = new ScrubScheduler(this, groups, () -> loadAverage.getAsDouble());
        peers = new ClusterConnections(network.cluster(), maps::current);
        heartbeats = new HeartbeatPeers(
                settings.whoami(),
                network.heartbeatClient(),
                env.reactor().clock(),
                () -> tuning.get().heartbeat(),
                new HeartbeatNeeds());
        reports = new ManagerReports(
                settings.whoami(),
                network.clients(),
                env.reactor(),
                groups,
                env.store(),
                maps::current,
                heartbeats::watched,
                heartbeats::pingTimes,
                tuning,
                clusterLog,
                settings.config());
        boot = new Boot(settings, tuning, env.reactor(), monitors, network, meta, env.store(), maps, new BootOwner());
        Config config = settings.config();
        backoffPolicy = Live.of(config, BackoffPolicy::of);
        metrics = new OsdMetrics(groups, env.store(), () -> heartbeats.watched().size());
        history = new OpHistory(config, "osd", env.reactor().clock());
        PerfRegistry counters = new PerfRegistry();
        counters.add(metrics.group());
        Traffic traffic = new Traffic();
        network.countIn(traffic);
        counters.add(traffic.group());
        CommandTable table = new CommandTable();
        new AdminCommands(config, counters).register(table);
        new OsdInspection(this).register(table);
        new OsdActivity(this, groups, scrubScheduler, new StoreBench(this, env.random())).register(table);
        commands = new OsdCommands(table, this::status, maps::current, groups, history, queue);
        OsdDispatcher dispatcher = new OsdDispatcher(this);
        network.clients().setDispatcher(dispatcher.clients());
        network.cluster().setDispatcher(dispatcher.cluster());
        network.heartbeatFront().setDispatcher(dispatcher.heartbeats());
        network.heartbeatBack().setDispatcher(dispatcher.heartbeats());
        network.heartbeatClient().setDispatcher(dispatcher.heartbeats());
    }

    /** Makes a new OSD's store. */
    public static void makeStore(ObjectStore store, Uuid cluster, int whoami, Uuid osdFsid, Runnable durable) {
        MetaStore.initialize(store, cluster, whoami, osdFsid, durable);
    }

    /** Begins: loads the groups, listens, finds the monitors, and becomes part of the cluster in the background. Throws OsdException where an address can't be had. */
    public void start() {
        try {
            network.bind(settings, env.random().nextInt());
        } catch (java.io.UncheckedIOException e) {
            throw new OsdException("can't listen: " + e.getMessage(), e);
        }
        if (maps.current().epoch() > 0) {
            groups.load();
        }
        monitors.start();
        monitors.authenticated(START_TIMEOUT).whenComplete((done, failure) -> {
            if (failure != null) {
                fail("the monitors can't be reached or do not want us: " + failure.getMessage(), failure);
            } else {
                monitors.rotatingKeys(START_TIMEOUT).whenComplete((keys, trouble) -> {
                    if (trouble != null) {
                        fail("no keys from the monitors: " + trouble.getMessage(), trouble);
                    } else {
                        join();
                    }
                });
            }
        });
    }

    private void join() {
        monitors.subscribe("mgrmap", 0);
        monitors.subscribe("osdmap", maps.wanted());
        monitors.subscribe("osd_pg_creates", 0);
        boot.start();
        beat();
        watch();
        beacon();
    }

    private void fail(String line, Throwable cause) {
        env.failed().accept(new OsdException(line, cause));
    }

    private void becameActive(int epoch) {
        maps.mounted(epoch);
        watchPeers();
        heartbeats.beat();
        reports.changed();
        monitors.subscribe("osd_pg_creates", 0);
        askAgain();
    }

    private void beat() {
        if (boot.phase() == Boot.Phase.STOPPING) {
            return;
        }
        if (watchesPeers()) {
            heartbeats.beat();
        }
        // Not all OSDs at the same moments. Source: OSD::heartbeat_entry.
        long millis = 500
                + env.random().nextInt(10) * tuning.get().heartbeat().interval().toMillis() / 10;
        env.reactor().schedule(Duration.ofMillis(millis), this::beat);
    }

    private boolean watchesPeers() {
        return boot.isActive() || boot.phase() == Boot.Phase.WAITING_FOR_HEALTHY;
    }

    private void watch() {
        if (boot.phase() != Boot.Phase.STOPPING) {
            if (watchesPeers()) {
                heartbeats.report();
            }
            watchRoom();
            scrubScheduler.tick();
            env.reactor().schedule(WATCH, this::watch);
        }
    }

    private void beacon() {
        if (boot.phase() == Boot.Phase.STOPPING) {
            return;
        }
        beaconNow();
        env.reactor().schedule(tuning.get().beaconInterval(), this::beacon);
    }

    @Override
    public void beaconNow() {
        if (boot.isActive()) {
            monitors.send(new OsdBeacon(
                    maps.current().epoch(),
                    groups.byId().keySet().stream().map(id -> id.pg()).toList(),
                    meta.oldest(),
                    Instant.EPOCH,
                    (int) tuning.get().beaconInterval().toSeconds()));
        }
    }

    @Override
    public long reportNow() {
        return reports.reportNow();
    }

    @Override
    public void askForNewestMap() {
        monitors.versions("osdmap", START_TIMEOUT).whenComplete((versions, failure) -> {
            if (failure == null && versions.newest() > maps.current().epoch()) {
                monitors.send(new MonGetOsdMap(0, 0, 0, maps.current().epoch() + 1, (int) versions.newest()));
            }
        });
    }

    @Override
    public Map<Integer, OsdStat.PingTimes> pingTimes() {
        return heartbeats.pingTimes();
    }

    @Override
    public Collection<ShardPgId> groupIds() {
        return groups.byId().keySet();
    }

    /** Tells the monitors when the store has become fuller or emptier than the map has it. Ceph: OSD::send_full_update. */
    private void watchRoom() {
        OsdMap map = maps.current();
        Fullness before = fullness;
        double used = reports.usedRatio();
        fullness = Fullness.of(map, used, tuning.get().failsafeFullRatio());
        if (before != fullness && (before == Fullness.FAILSAFE || fullness == Fullness.FAILSAFE)) {
            clusterLog.error("full status failsafe "
                    + (fullness == Fullness.FAILSAFE
                            ? "engaged, dropping updates, now "
                            : "disengaged, no longer dropping updates, now ")
                    + Math.round(used * 100) + "% full");
        }
        if (fullness != Fullness.FAILSAFE && !turnedAway.isEmpty()) {
            letIn();
        }
        if (boot.isActive() && !fullness.isIn(map.osd(settings.whoami()))) {
            monitors.send(new OsdFull(map.epoch(), map.epoch(), fullness.state()));
        }
    }

    /** There is room again: a client whose connection breaks sends what is unanswered once more. */
    private void letIn() {
        List<Connection> clients = List.copyOf(turnedAway);
        turnedAway.clear();
        for (Connection client : clients) {
            client.close();
            groups.closed(client);
        }
    }

    private void watchPeers() {
        TreeSet<Integer> members = new TreeSet<>();
        for (PlacementGroup pg : groups.all()) {
            members.addAll(pg.map().up());
            members.addAll(pg.map().acting());
        }
        heartbeats.choose(members);
    }

    private final class BootOwner implements Boot.Owner {
        @Override
        public void active(int epoch) {
            becameActive(epoch);
        }

        @Override
        public void markedDown() {
            OsdMap map = maps.current();
            if (map.isDown(settings.whoami())) {
                clusterLog.warn("Monitor daemon marked osd." + settings.whoami() + " down, but it is still running");
                clusterLog.debug("map e" + map.epoch() + " wrongly marked me down at e"
                        + map.osd(settings.whoami()).info().downAt());
            }
            peers.drop();
            watchPeers();
            heartbeats.doubt();
            heartbeats.beat();
        }

        @Override
        public boolean isHealthy() {
            return heartbeats.mostAreHealthy();
        }

        @Override
        public void giveUp(String why) {
            env.failed().accept(new OsdException(why));
        }

        @Override
        public void storeIsOld(String why) {
            env.failed().accept(OsdException.ofOldStore(why));
        }
    }

    private final class HeartbeatNeeds implements HeartbeatPeers.Host {
        @Override
        public OsdMap map() {
            return maps.current();
        }

        @Override
        public int upFrom() {
            return OsdDaemon.this.upFrom();
        }

        @Override
        public void sendToMonitor(Message message) {
            monitors.send(message);
        }

        @Override
        public void peerHasMap(int osd, int epoch) {
            if (boot.isActive()) {
                peers.shareMap(osd, epoch, maps::since);
            }
        }

        @Override
        public void mapIsOld() {
            monitors.subscribe("osdmap", maps.wanted());
        }
    }

    private final class Follow implements MapFeed.Follower {
        @Override
        public void advance(OsdMap map, boolean newest) {
            groups.advance(map);
            if (!newest) {
                return;
            }
            monitors.got("osdmap", map.epoch());
            peers.mapChanged();
            groups.mapsAreIn();
            boot.mapChanged(map);
            if (watchesPeers()) {
                watchPeers();
            }
            if (boot.isActive()) {
                requests.mapChanged();
            }
            groups.wakeWaiting();
            reports.changed();
            if (boot.phase() == Boot.Phase.STOPPING && map.isDown(settings.whoami())) {
                shutDown();
            }
        }

        @Override
        public void request(int fromEpoch) {
            monitors.subscribe("osdmap", fromEpoch);
        }

        @Override
        public void requestWhole(int epoch) {
            monitors.send(new MonGetOsdMap(0, epoch, epoch, 0, 0));
        }
    }

    /** Asks for what the monitors have not granted yet: they may not have heard it. */
    private void askAgain() {
        if (boot.isActive()) {
            requests.ask();
            merges.tellAgain();
        }
    }

    private int upFrom() {
        OsdMap map = maps.current();
        return map.exists(settings.whoami()) ? map.osd(settings.whoami()).info().upFrom() : 0;
    }

    /** Tells a client what it does not know of the map yet. */
    void shareMap(Connection client, int knownEpoch) {
        ClientSession session = ClientSession.of(client);
        session.knownEpoch = Math.max(session.knownEpoch, knownEpoch);
        if (session.knownEpoch < maps.current().epoch()) {
            OsdMapMessage news = maps.since(session.knownEpoch);
            session.knownEpoch = maps.current().epoch();
            if (news != null) {
                client.send(news);
            }
        }
    }

    /** Leaves the cluster, telling the monitors; {@code done} runs when all is closed. */
    public void stop(Runnable done) {
        stopped = done;
        boolean wasActive = boot.isActive();
        cleanThru = wasActive ? maps.current().epoch() : 0;
        boot.stopping();
        reports.stop();
        if (wasActive && monitors.hasSession()) {
            monitors.send(new OsdMarkMeDown(
                    maps.current().epoch(),
                    maps.current().fsid(),
                    settings.whoami(),
                    network.clients().addrs(),
                    maps.current().epoch(),
                    true,
                    true));
            env.reactor().schedule(STOP_TIMEOUT, this::shutDown);
        } else {
            shutDown();
        }
    }

    /** The monitors have noted that we are going, or do not answer. */
    void shutDown() {
        Runnable done = stopped;
        if (done == null) {
            return;
        }
        stopped = null;
        if (cleanThru != 0) {
            maps.left(cleanThru);
        }
        monitors.shutdown();
        network.shutdown();
        LOG.info("osd.{} stopped", settings.whoami());
        done.run();
    }

    MonClient monitors() {
        return monitors;
    }

    void takeMaps(OsdMapMessage message) {
        metrics.maps(message, maps.current().epoch());
        maps.handle(message);
    }

    MapFeed maps() {
        return maps;
    }

    /** The placement groups here, for those who look on. */
    public PlacementGroups groups() {
        return groups;
    }

    ScrubScheduler scrubScheduler() {
        return scrubScheduler;
    }

    /** Has scrubs that can wait heed how busy the host is: its load average by processors. */
    public void heedLoad(DoubleSupplier average) {
        loadAverage = average;
    }

    HeartbeatPeers heartbeats() {
        return heartbeats;
    }

    ManagerReports reports() {
        return reports;
    }

    OsdCommands commands() {
        return commands;
    }

    private OsdCommands.Status status() {
        return new OsdCommands.Status(
                meta.superblock(),
                boot.phase().toString().toLowerCase(java.util.Locale.ROOT),
                groups.all().size());
    }

    /** What it can be asked itself: for its admin socket. */
    public CommandTable commandTable() {
        return commands.table();
    }

    /** The addresses that clients use; empty before the OSD listens. */
    public EntityAddrs addrs() {
        return network.clients().addrs();
    }

    public boolean isActive() {
        return boot.isActive();
    }

    boolean isStopping() {
        return boot.phase() == Boot.Phase.STOPPING;
    }

    @Override
    public int whoami() {
        return settings.whoami();
    }

    @Override
    public Reactor reactor() {
        return env.reactor();
    }

    @Override
    public Config config() {
        return settings.config();
    }

    @Override
    public ClusterLogClient clusterLog() {
        return clusterLog;
    }

    @Override
    public ObjectStore store() {
        return store;
    }

    @Override
    public OpQueue queue() {
        return queue;
    }

    @Override
    public Duration readLease(long pool) {
        PgPool there = maps.current().pool(pool);
        Object set = there == null ? null : there.options().value("read_lease_interval");
        return set instanceof Double seconds && seconds > 0
                ? Duration.ofNanos((long) (seconds * 1e9))
                : Duration.ofNanos((long) (tuning.get().heartbeat().grace().toNanos()
                        * tuning.get().readLeaseRatio()));
    }

    @Override
    public OsdMap map() {
        return maps.current();
    }

    @Override
    public @Nullable OsdMap map(int epoch) {
        return maps.map(epoch);
    }

    @Override
    public BackoffPolicy backoffPolicy() {
        return backoffPolicy.get();
    }

    @Override
    public long nextBackoffId() {
        return ++backoffIds;
    }

    @Override
    public OsdScrubs scrubs() {
        return scrubs;
    }

    @Override
    public Fullness fullness() {
        return fullness;
    }

    @Override
    public void turnedAway(Connection client) {
        if (turnedAway.add(client)) {
            turnedAway.removeIf(Connection::isClosed);
        }
    }

    @Override
    public OpLimits limits() {
        return OpLimits.DEFAULT;
    }

    @Override
    public PgLog.Limits logLimits() {
        PgLog.Limits usual = PgLog.Limits.DEFAULT;
        Config config = settings.config();
        return new PgLog.Limits(
                (int) config.integer("osd_max_pg_log_entries", usual.maxEntries()),
                (int) config.integer("osd_pg_log_trim_min", usual.trimMin()),
                (int) config.integer("osd_pg_log_dups_tracked", usual.maxDups()));
    }

    @Override
    public ObjectClasses classes() {
        return env.classes();
    }

    @Override
    public RecoveryResources recovery() {
        return recovery;
    }

    @Override
    public void sendToOsd(int osd, Message message) {
        peers.send(osd, message);
    }

    @Override
    public void sendToMonitor(Message message) {
        monitors.send(message);
    }

    @Override
    public void shareMap(Connection client) {
        if (!client.isClosed()) {
            shareMap(client, 0);
        }
    }

    @Override
    public void sendToClient(Connection client, Message message) {
        client.send(message);
    }

    @Override
    public OsdCaps capsOf(Connection client) {
        return ClientSession.of(client).caps();
    }

    @Override
    public void answered(ClientOp op, OsdOpReply reply) {
        long nanos = clock().nanoTime() - op.sinceNanos();
        metrics.answered(op, reply, nanos);
        history.finished(new ListedOp(op), nanos);
    }

    @Override
    public void replicated(long bytes, long nanos) {
        metrics.replicated(bytes, nanos);
    }

    @Override
    public void stateChanged(PlacementGroup pg) {
        merges.look(pg);
        reports.changed();
    }

    @Override
    public void wantUpThru(int epoch) {
        if (requests.upThru(epoch) && boot.isActive()) {
            askAgain();
        }
    }

    @Override
    public void wantActing(PlacementGroup pg, List<Integer> acting) {
        requests.acting(pg, acting);
        if (boot.isActive()) {
            requests.askActing(pg, acting);
        }
    }

    @Override
    public void actingSettled(PlacementGroup pg) {
        requests.settled(pg);
    }

    @Override
    public long nextNotifyId() {
        return (long) maps.current().epoch() << 32 | ++notifyIds & 0xffffffffL;
    }
}
