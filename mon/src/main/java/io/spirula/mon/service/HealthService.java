package io.spirula.mon.service;

import io.spirula.common.config.Config;
import io.spirula.common.env.Clock;
import io.spirula.common.maps.OsdMap;
import io.spirula.common.maps.OsdMapFlag;
import io.spirula.common.maps.PgPool;
import io.spirula.common.message.LogEntry;
import io.spirula.common.pg.ObjectStats;
import io.spirula.common.pg.PgStats;
import io.spirula.common.types.PgId;
import io.spirula.mon.mgr.PgMap;
import io.spirula.mon.mgr.PgState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** What is wrong with the cluster, told from the maps and the statistics, and a line in the cluster log whenever that changes. Ceph: HealthMonitor, with the checks of OSDMap and PGMap. */
public final class HealthService {
    /** One thing that is wrong. */
    public record Check(boolean error, String summary, List<String> detail, int count) {
        public String severity() {
            return error ? "HEALTH_ERR" : "HEALTH_WARN";
        }
    }

    /** Ceph: OSDMAP_FLAGS warns of these. */
    private static final List<OsdMapFlag> WARNING_FLAGS = List.of(
            OsdMapFlag.PAUSERD,
            OsdMapFlag.PAUSEWR,
            OsdMapFlag.NOUP,
            OsdMapFlag.NODOWN,
            OsdMapFlag.NOOUT,
            OsdMapFlag.NOIN,
            OsdMapFlag.NOBACKFILL,
            OsdMapFlag.NORECOVER,
            OsdMapFlag.NOSCRUB,
            OsdMapFlag.NODEEP_SCRUB,
            OsdMapFlag.NOTIERAGENT,
            OsdMapFlag.NOSNAPTRIM,
            OsdMapFlag.NOREBALANCE);

    private final OsdmapService osdmap;
    private final MgrmapService mgrmap;
    private final PgMap pgMap;
    private final LogService log;
    private final Config config;
    private final Clock clock;
    private final long startedNanos;
    private SortedMap<String, Check> before = Collections.emptySortedMap();
    private final Map<Long, Long> poolSeenAt = new TreeMap<>();

    public HealthService(
            OsdmapService osdmap, MgrmapService mgrmap, PgMap pgMap, LogService log, Config config, Clock clock) {
        this.osdmap = osdmap;
        this.mgrmap = mgrmap;
        this.pgMap = pgMap;
        this.log = log;
        this.config = config;
        this.clock = clock;
        startedNanos = clock.nanoTime();
    }

    /** The checks that fail now, by their code. */
    public SortedMap<String, Check> checks() {
        TreeMap<String, Check> checks = new TreeMap<>();
        OsdMap map = osdmap.map();
        osdChecks(map, checks);
        poolChecks(map, checks);
        pgChecks(map, checks);
        if (!mgrmap.map().available()) {
            checks.put("MGR_DOWN", new Check(false, "no active mgr", List.of(), 0));
        }
        return checks;
    }

    /** The time by which ages are told. */
    public java.time.Instant now() {
        return clock.now();
    }

    public static String status(Map<String, Check> checks) {
        return checks.isEmpty()
                ? "HEALTH_OK"
                : checks.values().stream().anyMatch(Check::error) ? "HEALTH_ERR" : "HEALTH_WARN";
    }

    private void osdChecks(OsdMap map, Map<String, Check> checks) {
        int exists = map.numOsds();
        int wanted = (int) config.integer("osd_pool_default_size", 3);
        if (exists < wanted && config.bool("mon_warn_on_too_few_osds", true)) {
            String text = "OSD count " + exists + " < osd_pool_default_size " + wanted;
            checks.put("TOO_FEW_OSDS", new Check(false, text, List.of(), wanted - exists));
        }
        List<String> down = new ArrayList<>();
        List<String> full = new ArrayList<>();
        for (int osd = 0; osd < map.maxOsd(); osd++) {
            if (map.isIn(osd) && map.isDown(osd)) {
                down.add("osd." + osd + " is down");
            }
            if (map.exists(osd) && map.osd(osd).has(io.spirula.common.maps.OsdState.FULL)) {
                full.add("osd." + osd + " is full");
            }
        }
        if (!down.isEmpty()) {
            checks.put("OSD_DOWN", new Check(false, down.size() + " osds down", down, down.size()));
        }
        if (!full.isEmpty()) {
            checks.put("OSD_FULL", new Check(true, full.size() + " full osd(s)", full, full.size()));
        }
        List<String> flags = WARNING_FLAGS.stream()
                .filter(map::has)
                .map(OsdMapFlag::toString)
                .toList();
        if (!flags.isEmpty()) {
            checks.put(
                    "OSDMAP_FLAGS",
                    new Check(false, String.join(",", flags) + " flag(s) set", List.of(), flags.size()));
        }
    }

    private void poolChecks(OsdMap map, Map<String, Check> checks) {
        poolSeenAt.keySet().retainAll(map.pools().keySet());
        List<String> unnamed = new ArrayList<>();
        List<String> single = new ArrayList<>();
        List<String> quota = new ArrayList<>();
        for (Map.Entry<Long, PgPool> e : map.pools().entrySet()) {
            String name = map.poolName(e.getKey());
            PgPool pool = e.getValue();
            ObjectStats stats = pgMap.pool(e.getKey());
            if (pool.applications().isEmpty() && stats.get(ObjectStats.Counter.OBJECTS) > 0) {
                long seen = poolSeenAt.computeIfAbsent(e.getKey(), k -> clock.nanoTime());
                Duration grace = config.span("mon_warn_on_pool_no_app_grace", Duration.ZERO);
                if (clock.nanoTime() - seen >= grace.toNanos()) {
                    unnamed.add("application not enabled on pool '" + name + "'");
                }
            } else {
                poolSeenAt.remove(e.getKey());
            }
            if (pool.size() == 1 && config.bool("mon_warn_on_pool_no_redundancy", true)) {
                single.add("pool '" + name + "' has no replicas configured");
            }
            if (pool.quotaMaxBytes() > 0 && stats.get(ObjectStats.Counter.BYTES) >= pool.quotaMaxBytes()
                    || pool.quotaMaxObjects() > 0 && stats.get(ObjectStats.Counter.OBJECTS) >= pool.quotaMaxObjects()) {
                quota.add("pool '" + name + "' is full (running out of quota)");
            }
        }
        if (!unnamed.isEmpty() && config.bool("mon_warn_on_pool_no_app", true)) {
            unnamed.add("use 'ceph osd pool application enable <pool-name> <app-name>', where <app-name> is 'cephfs',"
                    + " 'rbd', 'rgw', or freeform for custom applications.");
            int count = unnamed.size() - 1;
            checks.put(
                    "POOL_APP_NOT_ENABLED",
                    new Check(false, count + " pool(s) do not have an application enabled", unnamed, count));
        }
        if (!single.isEmpty()) {
            checks.put(
                    "POOL_NO_REDUNDANCY",
                    new Check(false, single.size() + " pool(s) have no replicas configured", single, single.size()));
        }
        if (!quota.isEmpty()) {
            checks.put("POOL_FULL", new Check(false, quota.size() + " pool(s) full", quota, quota.size()));
        }
    }

    private void pgChecks(OsdMap map, Map<String, Check> checks) {
        List<String> inactive = new ArrayList<>();
        List<String> degraded = new ArrayList<>();
        int degradedPgs = 0;
        int undersized = 0;
        long now = clock.now().getEpochSecond();
        Duration stuck = config.span("mon_pg_stuck_threshold", Duration.ofMinutes(1));
        for (Map.Entry<PgId, PgStats> e : pgMap.pgs().entrySet()) {
            PgStats stats = e.getValue();
            long state = stats.state();
            PgPool pool = map.pool(e.getKey().pool());
            // After a restart nothing is known of anybody until the OSDs have reported again.
            boolean unheard = state == 0 && clock.nanoTime() - startedNanos < stuck.toNanos();
            boolean young = unheard || pool != null && now - pool.createTime().getEpochSecond() < stuck.toSeconds();
            boolean isInactive = (state & PgState.ACTIVE) == 0 || (state & PgState.STALE) != 0;
            long lastActive = stats.stamps().active().getEpochSecond();
            if (isInactive
                    && !young
                    && (now - lastActive > stuck.toSeconds()
                            || (state & (PgState.STALE | PgState.PEERED | PgState.DOWN | PgState.INCOMPLETE)) != 0)) {
                inactive.add("pg " + e.getKey() + " is stuck inactive" + since(now, lastActive) + ", current state "
                        + PgState.names(state) + ", last acting "
                        + list(stats.mapping().acting()));
            }
            if ((state & PgState.DEGRADED) != 0) {
                degradedPgs++;
            }
            if ((state & PgState.UNDERSIZED) != 0) {
                undersized++;
            }
            if ((state & (PgState.DEGRADED | PgState.UNDERSIZED)) != 0) {
                degraded.add("pg " + e.getKey() + " is " + PgState.names(state) + ", acting "
                        + list(stats.mapping().acting()));
            }
        }
        if (!inactive.isEmpty()) {
            String summary = "Reduced data availability: " + inactive.size()
                    + (inactive.size() == 1 ? " pg inactive" : " pgs inactive");
            checks.put("PG_AVAILABILITY", new Check(false, summary, inactive, inactive.size()));
        }
        ObjectStats total = pgMap.total();
        long lost = total.get(ObjectStats.Counter.OBJECTS_DEGRADED);
        long copies = total.get(ObjectStats.Counter.OBJECT_COPIES);
        if (!degraded.isEmpty() || lost > 0) {
            List<String> parts = new ArrayList<>();
            if (lost > 0 && copies > 0) {
                parts.add(String.format(
                        Locale.ROOT, "%d/%d objects degraded (%.3f%%)", lost, copies, 100.0 * lost / copies));
            }
            if (degradedPgs > 0) {
                parts.add(degradedPgs + (degradedPgs == 1 ? " pg degraded" : " pgs degraded"));
            }
            if (undersized > 0) {
                parts.add(undersized + (undersized == 1 ? " pg undersized" : " pgs undersized"));
            }
            checks.put(
                    "PG_DEGRADED",
                    new Check(
                            false, "Degraded data redundancy: " + String.join(", ", parts), degraded, degraded.size()));
        }
    }

    private static String since(long now, long then) {
        return then < 1 ? "" : " for " + Stamps.span(Duration.ofSeconds(now - then));
    }

    private static String list(List<Integer> osds) {
        return osds.toString().replace(" ", "").replace("2147483647", "NONE");
    }

    /** Logs what has changed since the last time. */
    public void tick() {
        SortedMap<String, Check> now = checks();
        now.forEach((code, check) -> {
            Check was = before.get(code);
            LogEntry.Level level = check.error() ? LogEntry.Level.ERROR : LogEntry.Level.WARN;
            if (was == null) {
                log.log(level, "Health check failed: " + check.summary() + " (" + code + ")");
            } else if (!was.summary().equals(check.summary())) {
                log.log(level, "Health check update: " + check.summary() + " (" + code + ")");
            }
        });
        before.forEach((code, was) -> {
            if (!now.containsKey(code)) {
                log.log(LogEntry.Level.INFO, "Health check cleared: " + code + " (was: " + was.summary() + ")");
            }
        });
        if (now.isEmpty() && !before.isEmpty()) {
            log.log(LogEntry.Level.INFO, "Cluster is now healthy");
        }
        before = now;
    }
}
