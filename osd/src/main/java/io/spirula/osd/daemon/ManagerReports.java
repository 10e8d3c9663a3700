package io.spirula.osd.daemon;

import io.spirula.common.config.Config;
import io.spirula.common.config.ConfigReport;
import io.spirula.common.encoding.Bytes;
import io.spirula.common.env.Reactor;
import io.spirula.common.maps.MgrMap;
import io.spirula.common.maps.OsdMap;
import io.spirula.common.message.DaemonHealthMetric;
import io.spirula.common.message.MgrOpen;
import io.spirula.common.message.MgrReport;
import io.spirula.common.message.PgStatsReport;
import io.spirula.common.monclient.ClusterLog;
import io.spirula.common.msgr.Connection;
import io.spirula.common.msgr.Messenger;
import io.spirula.common.pg.OsdStat;
import io.spirula.common.pg.PgStats;
import io.spirula.common.pg.StoreStatfs;
import io.spirula.common.types.EntityAddrs;
import io.spirula.common.types.EntityType;
import io.spirula.common.types.PgId;
import io.spirula.osd.pg.PlacementGroup;
import io.spirula.osd.pg.PlacementGroups;
import io.spirula.osd.pg.SlowOps;
import io.spirula.osd.store.ObjectStore;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What the manager hears of this OSD: every few seconds, and soon after something has changed. Ceph: MgrClient with OSD::collect_pg_stats. */
final class ManagerReports {
    /** Changes within this time go together. */
    private static final Duration SOON = Duration.ofMillis(200);

    /** An empty structure of values: stock managers do not check for there being none. */
    private static final Bytes NO_COUNTERS = Bytes.ofHex("010100000000");

    private final int whoami;
    private final Messenger messenger;
    private final Reactor reactor;
    private final PlacementGroups groups;
    private final ObjectStore store;
    private final Supplier<OsdMap> map;
    private final Supplier<List<Integer>> heartbeatPeers;
    private final Supplier<Map<Integer, OsdStat.PingTimes>> pingTimes;
    private final Supplier<OsdTuning> tuning;
    private final ClusterLog clusterLog;
    private final ConfigReport config;
    private MgrMap manager = MgrMap.EMPTY;
    private @Nullable Connection connection;
    private Reactor.@Nullable Timer timer;
    private boolean soon;
    private boolean stopped;
    private long sequence;

    ManagerReports(
            int whoami,
            Messenger messenger,
            Reactor reactor,
            PlacementGroups groups,
            ObjectStore store,
            Supplier<OsdMap> map,
            Supplier<List<Integer>> heartbeatPeers,
            Supplier<Map<Integer, OsdStat.PingTimes>> pingTimes,
            Supplier<OsdTuning> tuning,
            ClusterLog clusterLog,
            Config config) {
        this.config = new ConfigReport(config);
        this.whoami = whoami;
        this.messenger = messenger;
        this.reactor = reactor;
        this.groups = groups;
        this.store = store;
        this.map = map;
        this.heartbeatPeers = heartbeatPeers;
        this.pingTimes = pingTimes;
        this.tuning = tuning;
        this.clusterLog = clusterLog;
    }

    /** The manager may be another one now. */
    void managerIs(MgrMap newMap) {
        boolean same = newMap.activeGid() == manager.activeGid()
                && newMap.activeAddrs().equals(manager.activeAddrs());
        manager = newMap;
        if (!same || connection == null || connection.isClosed()) {
            reconnect();
        }
    }

    private void reconnect() {
        if (connection != null) {
            connection.close();
            connection = null;
        }
        EntityAddrs addrs = manager.activeAddrs();
        if (stopped || addrs.isEmpty() || addrs.msgr2() == null) {
            return;
        }
        Connection fresh = messenger.connect(EntityType.MGR, addrs);
        connection = fresh;
        fresh.send(new MgrOpen(Integer.toString(whoami), "osd", null, config.whole(), Bytes.EMPTY));
        changed();
    }

    /** The connection is gone: tries again after a while, if it was the manager's. */
    void reset(Connection lost) {
        if (lost == connection) {
            connection = null;
            reactor.schedule(Duration.ofSeconds(1), () -> {
                if (connection == null) {
                    reconnect();
                }
            });
        }
    }

    /** Something is worth telling soon. */
    void changed() {
        if (!soon && !stopped) {
            soon = true;
            schedule(SOON);
        }
    }

    private void schedule(Duration delay) {
        if (timer != null) {
            timer.cancel();
        }
        timer = reactor.schedule(delay, this::report);
    }

    void stop() {
        stopped = true;
        if (timer != null) {
            timer.cancel();
        }
    }

    /** Reports at once; the report's number. */
    long reportNow() {
        report();
        return numbered(map.get());
    }

    private void report() {
        soon = false;
        if (stopped) {
            return;
        }
        schedule(tuning.get().reportInterval());
        Connection to = connection;
        OsdMap current = map.get();
        if (to == null || to.isClosed() || current.epoch() == 0) {
            return;
        }
        Map<PgId, PgStats> stats = new TreeMap<>();
        for (PlacementGroup pg : groups.all()) {
            if (pg.isPrimary()) {
                stats.put(pg.id().pg(), pg.stats());
            }
        }
        StoreStatfs statfs = statfs();
        Map<Long, StoreStatfs> pools = new TreeMap<>();
        to.send(new PgStatsReport(0, current.fsid(), osdStat(statfs, current), stats, current.epoch(), pools));
        to.send(new MgrReport(
                Integer.toString(whoami),
                List.of(),
                NO_COUNTERS,
                List.of(),
                "osd",
                null,
                List.of(slowOps()),
                config.news(),
                MgrReport.NO_METRICS));
    }

    /** How many requests are slow, and for how many seconds the oldest: two numbers in one. No news would not be good news. */
    private DaemonHealthMetric slowOps() {
        SlowOps slow = groups.slowOps(tuning.get().complaintTime());
        long seconds = slow.oldest().toSeconds();
        if (slow.count() > 0) {
            clusterLog.warn(slow.describe(map.get()));
        }
        return new DaemonHealthMetric(DaemonHealthMetric.SLOW_OPS, slow.count() | seconds << 32);
    }

    OsdStat osdStat() {
        return osdStat(statfs(), map.get());
    }

    /** The newest report's number, which no other instance's has. */
    private long numbered(OsdMap current) {
        return (long) upFrom(current) << 32 | sequence;
    }

    private int upFrom(OsdMap current) {
        return current.exists(whoami) ? current.osd(whoami).info().upFrom() : 0;
    }

    private OsdStat osdStat(StoreStatfs statfs, OsdMap current) {
        sequence++;
        return new OsdStat(
                statfs,
                0,
                0,
                heartbeatPeers.get(),
                List.of(),
                0,
                0,
                upFrom(current),
                numbered(current),
                groups.all().size(),
                Map.of(),
                groups.shardsRepaired(),
                1,
                0,
                0,
                pingTimes.get());
    }

    /** How much of the store is in use, from 0 to 1. */
    double usedRatio() {
        StoreStatfs statfs = statfs();
        return statfs.total() == 0 ? 0 : (double) (statfs.total() - statfs.available()) / statfs.total();
    }

    private StoreStatfs statfs() {
        ObjectStore.Usage usage = store.usage();
        return new StoreStatfs(
                usage.totalBytes(),
                usage.availableBytes(),
                0,
                usage.dataBytes(),
                usage.dataBytes(),
                0,
                0,
                0,
                usage.omapBytes(),
                usage.metadataBytes());
    }
}
