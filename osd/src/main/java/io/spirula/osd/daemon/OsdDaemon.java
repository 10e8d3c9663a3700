package io.spirula.osd.daemon;

import io.spirula.common.auth.AuthSettings;
import io.spirula.common.auth.Keyring;
import io.spirula.common.command.CommandTable;
import io.spirula.common.config.Live;
import io.spirula.common.env.Reactor;
import io.spirula.common.maps.OsdMap;
import io.spirula.common.message.MonGetOsdMap;
import io.spirula.common.message.OsdFull;
import io.spirula.common.message.OsdOpReply;
import io.spirula.common.monclient.ClusterLogClient;
import io.spirula.common.monclient.MonClient;
import io.spirula.common.monclient.MonClientListener;
import io.spirula.common.monclient.MonClientSettings;
import io.spirula.common.pg.OsdStat;
import io.spirula.common.types.EntityAddrs;
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
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import java.util.random.RandomGenerator;

/**
 * One OSD, whole, without a thread of its own: everything happens in tasks of its reactor. Constructed, then {@link #start started}; it reports through the handler it was given when it can't go on.
 */
public final class OsdDaemon {
    private static final Duration START_TIMEOUT = Duration.ofMinutes(5);
    private static final Duration TICK = Duration.ofSeconds(1);

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
    private final Uplink uplink;
    private final MonClient monitors;
    private final ClusterLogClient clusterLog;
    private final MetaStore meta;
    private final MapFeed maps;
    private final MonitorRequests requests;
    private final Room room;
    private final PlacementGroups groups;
    private final MergeReadiness merges;
    private final ScrubScheduler scrubScheduler;
    private final ClusterConnections peers;
    private final Boot boot;
    private final Beacons beacons;
    private final PeerWatch watch;
    private final ManagerReports reports;
    private final Departure departure;
    private final Insight insight;
    private DoubleSupplier loadAverage = () -> 0;

    /** Throws OsdException where the store is not this OSD's. */
    public OsdDaemon(Env env) {
        this.env = env;
        settings = env.settings();
        tuning = Live.of(settings.config(), c -> OsdTuning.of(c, settings.isRotating()));
        StoreLoad load = new StoreLoad();
        ObjectStore store = new MeteredStore(env.store(), load);
        OpQueue queue = new OpQueue(env.reactor(), load, Live.of(settings.config(), QueueSettings::of));
        uplink = Uplink.of(env, new Session());
        monitors = uplink.monitors();
        clusterLog = uplink.clusterLog();
        meta = MetaStore.open(env.store());
        meta.check(null, settings.whoami());
        maps = new MapFeed(
                meta,
                env.store(),
                OsdMap.empty(meta.superblock().clusterFsid()),
                () -> tuning.get().mapsKept(),
                new Follow());
        requests = new MonitorRequests(settings.whoami(), monitors, env.store(), maps::current);
        peers = new ClusterConnections(uplink.network().cluster(), maps::current);
        room = new Room(settings.whoami(), clusterLog);
        GroupHost host = new GroupHost(
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
        boot = new Boot(settings, tuning, env.reactor(), uplink, meta, env.store(), maps, new BootOwner());
        beacons = new Beacons(tuning, env.reactor(), monitors, meta, maps, groups, boot);
        watch = new PeerWatch(settings, tuning, env.reactor(), env.random(), uplink, maps, peers, groups, boot);
        HeartbeatPeers heartbeats = watch.heartbeats();
        reports = new ManagerReports(
                settings.whoami(),
                uplink.network().clients(),
                env.reactor(),
                groups,
                env.store(),
                maps::current,
                heartbeats::watched,
                heartbeats::pingTimes,
                tuning,
                clusterLog,
                settings.config());
        departure = new Departure(settings.whoami(), env.reactor(), uplink, maps, reports, boot);
        insight = new Insight(env, uplink.network(), host, groups, scrubScheduler, queue, new Asked());
        new OsdDispatcher(new OsdDispatcher.Parts(
                        host,
                        groups,
                        scrubScheduler,
                        monitors,
                        clusterLog,
                        maps,
                        heartbeats,
                        reports,
                        insight,
                        boot,
                        departure))
                .attach(uplink.network());
    }

    /** Makes a new OSD's store. */
    public static void makeStore(ObjectStore store, Uuid cluster, int whoami, Uuid osdFsid, Runnable durable) {
        MetaStore.initialize(store, cluster, whoami, osdFsid, durable);
    }

    /** Begins: loads the groups, listens, finds the monitors, and becomes part of the cluster in the background. Throws OsdException where an address can't be had. */
    public void start() {
        try {
            uplink.network().bind(settings, env.random().nextInt());
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
        watch.start();
        tick();
        beacons.start();
        tuning.whenChanged(now -> beacons.start());
    }

    private void fail(String line, Throwable cause) {
        env.failed().accept(new OsdException(line, cause));
    }

    private void becameActive(int epoch) {
        maps.mounted(epoch);
        watch.begin();
        reports.changed();
        monitors.subscribe("osd_pg_creates", 0);
        askAgain();
    }

    /** What is to be looked at every second. */
    private void tick() {
        if (!boot.isStopping()) {
            watch.report();
            watchRoom();
            scrubScheduler.tick();
            env.reactor().schedule(TICK, this::tick);
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

    private final class Session implements MonClientListener {
        @Override
        public void sessionOpened(long globalId) {
            clusterLog.sessionOpened();
            askAgain();
            watch.heartbeats().reportAgain();
        }

        @Override
        public void configured(Map<String, String> options) {
            settings.config().setMonitors(options);
            settings.config().started();
        }
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
            insight.answered(op, reply, env.reactor().clock().nanoTime() - op.sinceNanos());
        }

        @Override
        public void replicated(long bytes, long nanos) {
            insight.metrics().replicated(bytes, nanos);
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

    private final class Asked implements Insight.Daemon {
        @Override
        public Map<Integer, OsdStat.PingTimes> pingTimes() {
            return watch.heartbeats().pingTimes();
        }

        @Override
        public long reportNow() {
            return reports.reportNow();
        }

        @Override
        public void beaconNow() {
            beacons.send();
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
        public List<Integer> watched() {
            return watch.heartbeats().watched();
        }

        @Override
        public OsdCommands.Status status() {
            return new OsdCommands.Status(
                    meta.superblock(),
                    boot.phase().toString().toLowerCase(Locale.ROOT),
                    groups.all().size());
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
            watch.doubt();
        }

        @Override
        public boolean isHealthy() {
            return watch.heartbeats().mostAreHealthy();
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
            watch.mapChanged();
            if (boot.isActive()) {
                requests.mapChanged();
            }
            groups.wakeWaiting();
            reports.changed();
            if (boot.isStopping() && map.isDown(settings.whoami())) {
                departure.end();
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

    /** Leaves the cluster, telling the monitors; {@code done} runs when all is closed. */
    public void stop(Runnable done) {
        departure.begin(done);
    }

    /** The placement groups here, for those who look on. */
    public PlacementGroups groups() {
        return groups;
    }

    /** Has scrubs that can wait heed how busy the host is: its load average by processors. */
    public void heedLoad(DoubleSupplier average) {
        loadAverage = average;
    }

    /** What it can be asked itself: for its admin socket. */
    public CommandTable commandTable() {
        return insight.commands().table();
    }

    /** The addresses that clients use; empty before the OSD listens. */
    public EntityAddrs addrs() {
        return uplink.network().clients().addrs();
    }

    public boolean isActive() {
        return boot.isActive();
    }

    /** The newest map that this OSD has and its placement groups follow. */
    public OsdMap map() {
        return maps.current();
    }

    ClusterLogClient clusterLog() {
        return clusterLog;
    }
}
