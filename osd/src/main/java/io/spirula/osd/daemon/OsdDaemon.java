package io.spirula.osd.daemon;

import io.spirula.common.admin.AdminCommands;
import io.spirula.common.auth.AuthSettings;
import io.spirula.common.auth.ClientAuth;
import io.spirula.common.auth.Keyring;
import io.spirula.common.auth.ServiceAuthServer;
import io.spirula.common.command.CommandTable;
import io.spirula.common.config.Config;
import io.spirula.common.config.Live;
import io.spirula.common.env.Reactor;
import io.spirula.common.maps.OsdMap;
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
import io.spirula.osd.pg.ClientOp;
import io.spirula.osd.pg.MergeReadiness;
import io.spirula.osd.pg.PlacementGroup;
import io.spirula.osd.pg.PlacementGroups;
import io.spirula.osd.pg.ScrubScheduler;
import io.spirula.osd.queue.MeteredStore;
import io.spirula.osd.queue.OpQueue;
import io.spirula.osd.queue.QueueSettings;
import io.spirula.osd.queue.StoreLoad;
import io.spirula.osd.store.ObjectStore;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
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
public final class OsdDaemon {
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
    private final OpQueue queue;
    private final OsdNetwork network;
    private final MonClient monitors;
    private final ClusterLogClient clusterLog;
    private final MetaStore meta;
    private final MapFeed maps;
    private final MonitorRequests requests;
    private final Room room;
    private final GroupHost host;
    private final PlacementGroups groups;
    private final MergeReadiness merges;
    private final ScrubScheduler scrubScheduler;
    private final HeartbeatPeers heartbeats;
    private final ManagerReports reports;
    private final Boot boot;
    private final ClusterConnections peers;
    private final OsdMetrics metrics;
    private final OpHistory history;
    private final OsdCommands commands;
    private DoubleSupplier loadAverage = () -> 0;
    private int cleanThru;
    private Reactor.@Nullable Timer nextBeacon;
    private @Nullable Runnable stopped;

    /** Throws OsdException where the store is not this OSD's. */
    public OsdDaemon(Env env) {
        this.env = env;
        settings = env.settings();
        tuning = Live.of(settings.config(), c -> OsdTuning.of(c, settings.isRotating()));
        StoreLoad load = new StoreLoad();
        ObjectStore store = new MeteredStore(env.store(), load);
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
        maps = new MapFeed(
                meta,
                env.store(),
                OsdMap.empty(meta.superblock().clusterFsid()),
                () -> tuning.get().mapsKept(),
                new Follow());
        requests = new MonitorRequests(settings.whoami(), monitors, env.store(), maps::current);
        peers = new ClusterConnections(network.cluster(), maps::current);
        room = new Room(settings.whoami(), clusterLog);
        host = new GroupHost(
                new GroupHost.Parts(
                        settings,
                        tuning,
                        env.reactor(),
                        store,
                        queue,
                        env.classes(),
                        monitors,
                        clusterLog,
                        maps,
                        requests,
                        peers,
                        room),
                new GroupOwner());
        groups = new PlacementGroups(host);
        merges = new MergeReadiness(groups, monitors::send);
        scrubScheduler = new ScrubScheduler(host, groups, () -> loadAverage.getAsDouble());
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
        metrics = new OsdMetrics(groups, env.store(), () -> heartbeats.watched().size());
        history = new OpHistory(config, "osd", env.reactor().clock());
        PerfRegistry counters = new PerfRegistry();
        counters.add(metrics.group());
        Traffic traffic = new Traffic();
        network.countIn(traffic);
        counters.add(traffic.group());
        CommandTable table = new CommandTable();
        new AdminCommands(config, counters).register(table);
        new OsdInspection(host, new Inspected()).register(table);
        new OsdActivity(host, groups, scrubScheduler, new StoreBench(host, env.random())).register(table);
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
        tuning.whenChanged(now -> beacon());
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
        if (nextBeacon != null) {
            nextBeacon.cancel();
        }
        if (boot.phase() == Boot.Phase.STOPPING) {
            return;
        }
        beaconNow();
        nextBeacon = env.reactor().schedule(tuning.get().beaconInterval(), this::beacon);
    }

    private void beaconNow() {
        if (boot.isActive()) {
            monitors.send(new OsdBeacon(
                    maps.current().epoch(),
                    groups.byId().keySet().stream().map(id -> id.pg()).toList(),
                    meta.oldest(),
                    Instant.EPOCH,
                    (int) tuning.get().beaconInterval().toSeconds()));
        }
    }

    /** Tells the monitors when the store has become fuller or emptier than the map has it. */
    private void watchRoom() {
        OsdFull news =
                room.look(maps.current(), reports.usedRatio(), tuning.get().failsafeFullRatio());
        room.letIn(client -> {
            client.close();
            groups.closed(client);
        });
        if (news != null && boot.isActive()) {
            monitors.send(news);
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

    private final class GroupOwner implements GroupHost.Owner {
        @Override
        public boolean isActive() {
            return boot.isActive();
        }

        @Override
        public int groups() {
            return groups.byId().size();
        }

        @Override
        public void answered(ClientOp op, OsdOpReply reply) {
            long nanos = env.reactor().clock().nanoTime() - op.sinceNanos();
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
        public void ask() {
            askAgain();
        }
    }

    private final class Inspected implements OsdInspection.Daemon {
        @Override
        public Map<Integer, OsdStat.PingTimes> pingTimes() {
            return heartbeats.pingTimes();
        }

        @Override
        public long reportNow() {
            return reports.reportNow();
        }

        @Override
        public void beaconNow() {
            OsdDaemon.this.beaconNow();
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
        public Collection<ShardPgId> groupIds() {
            return groups.byId().keySet();
        }
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

    /** Leaves the cluster, telling the monitors; {@code done} runs when all is closed. */
    public void stop(Runnable done) {
        stopped = done;
        boolean wasActive = boot.isActive();
        cleanThru = wasActive ? maps.current().epoch() : 0;
        boot.stopping();
        reports.stop();
        clusterLog.flush(); // nobody hears why it goes otherwise: the monitors' answer to what follows ends it
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
    /** The newest map that this OSD has and its placement groups follow. */
    public OsdMap map() {
        return maps.current();
    }

    /** What placement groups see of it. */
    GroupHost host() {
        return host;
    }

    ClusterLogClient clusterLog() {
        return clusterLog;
    }
}
