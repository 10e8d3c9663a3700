package io.spirula.mon.service;

import io.spirula.common.config.Config;
import io.spirula.common.env.Clock;
import io.spirula.common.maps.HealthCheck;
import io.spirula.common.maps.OsdMap;
import io.spirula.common.maps.OsdMapHealth;
import io.spirula.common.message.LogEntry;
import io.spirula.mon.health.AutoscaleHealth;
import io.spirula.mon.health.HealthInput;
import io.spirula.mon.health.PgHealth;
import io.spirula.mon.health.PingHealth;
import io.spirula.mon.health.PoolHealth;
import io.spirula.mon.health.ScrubHealth;
import io.spirula.mon.mgr.DaemonHealth;
import io.spirula.mon.mgr.PgMap;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** What is wrong with the cluster, told from the maps, the statistics and the daemons' own words, and a line in the cluster log whenever that changes. Ceph: HealthMonitor. */
public final class HealthService {
    /** Checks of the map that an option turns off. */
    private static final Map<String, String> OPTIONS = Map.of(
            "POOL_NO_REDUNDANCY", "mon_warn_on_pool_no_redundancy",
            "POOL_PG_NUM_NOT_POWER_OF_TWO", "mon_warn_on_pool_pg_num_not_power_of_two",
            "OLD_CRUSH_TUNABLES", "mon_warn_on_legacy_crush_tunables",
            "OLD_CRUSH_STRAW_CALC_VERSION", "mon_warn_on_crush_straw_calc_version_zero",
            "CACHE_POOL_NO_HIT_SET", "mon_warn_on_cache_pools_without_hit_sets");

    private final OsdmapService osdmap;
    private final MgrmapService mgrmap;
    private final PgMap pgMap;
    private final DaemonHealth daemons;
    private final LogService log;
    private final HealthMutes mutes;
    private final Config config;
    private final Clock clock;
    private SortedMap<String, HealthCheck> before = Collections.emptySortedMap();
    private OsdMap looked;
    private long saidNanos;
    private NavigableMap<String, HealthCheck> ofMap = Collections.emptyNavigableMap();
    private Consumer<Consumer<HealthCheck>> quorumChecks = add -> {};
    private Consumer<Consumer<HealthCheck>> crashChecks = add -> {};

    public HealthService(
            OsdmapService osdmap,
            MgrmapService mgrmap,
            PgMap pgMap,
            DaemonHealth daemons,
            LogService log,
            HealthMutes mutes,
            Config config,
            Clock clock) {
        this.osdmap = osdmap;
        this.mgrmap = mgrmap;
        this.pgMap = pgMap;
        this.daemons = daemons;
        this.log = log;
        this.mutes = mutes;
        this.config = config;
        this.clock = clock;
        looked = osdmap.map();
        saidNanos = clock.nanoTime();
    }

    /** What is to be said of the monitors themselves. */
    public void quorumChecks(Consumer<Consumer<HealthCheck>> source) {
        quorumChecks = source;
    }

    /** What is to be said of daemons that crashed. */
    public void crashChecks(Consumer<Consumer<HealthCheck>> source) {
        crashChecks = source;
    }

    HealthMutes mutes() {
        return mutes;
    }

    /** The checks that fail now and are not muted. */
    Map<String, HealthCheck> audible() {
        Map<String, HealthCheck> all = checks();
        all.keySet().removeAll(mutes.all().keySet());
        return all;
    }

    /** The worst of all that is not muted. */
    public String status() {
        return status(audible());
    }

    /** The checks that fail now, by their code. */
    public SortedMap<String, HealthCheck> checks() {
        OsdMap map = osdmap.map();
        TreeMap<String, HealthCheck> checks = new TreeMap<>();
        ofMap(map).forEach((code, check) -> {
            String option = OPTIONS.get(code);
            if (option == null || config.bool(option, true)) {
                checks.put(code, check);
            }
        });
        Consumer<HealthCheck> add = check -> checks.put(check.code(), check);
        HealthInput input = new HealthInput(map, pgMap, config, clock.now());
        PgHealth.check(input, add);
        PoolHealth.check(input, add);
        ScrubHealth.check(input, add);
        PingHealth.check(input, add);
        AutoscaleHealth.check(input, add);
        daemons.check(add);
        quorumChecks.accept(add);
        crashChecks.accept(add);
        if (!mgrmap.map().available()) {
            add.accept(new HealthCheck("MGR_DOWN", HealthCheck.WARN, "no active mgr", 0, List.of()));
        }
        return checks;
    }

    /** What the map alone tells is told once for each map. */
    private NavigableMap<String, HealthCheck> ofMap(OsdMap map) {
        if (map.epoch() != looked.epoch()) {
            ofMap = OsdMapHealth.of(map);
            looked = map;
        }
        return ofMap;
    }

    /** The time by which ages are told. */
    public Instant now() {
        return clock.now();
    }

    /** The worst of all. */
    public static String status(Map<String, HealthCheck> checks) {
        Collection<HealthCheck> all = checks.values();
        return all.stream().anyMatch(c -> c.severity().equals(HealthCheck.ERR))
                ? HealthCheck.ERR
                : all.stream().anyMatch(c -> c.severity().equals(HealthCheck.WARN)) ? HealthCheck.WARN : HealthCheck.OK;
    }

    /** Says how everything is: what a new leader does. Ceph: Monitor::do_health_to_clog. */
    public void sayOverall() {
        Map<String, HealthCheck> all = audible();
        String status = status(all);
        LogEntry.Level level = switch (status) {
            case HealthCheck.ERR -> LogEntry.Level.ERROR;
            case HealthCheck.WARN -> LogEntry.Level.WARN;
            default -> LogEntry.Level.INFO;
        };
        String summary = all.values().stream().map(HealthCheck::summary).collect(Collectors.joining("; "));
        log.log(level, "overall " + status + (summary.isEmpty() ? "" : " " + summary));
        saidNanos = clock.nanoTime();
    }

    /** Logs what has changed since the last time. */
    public void tick() {
        SortedMap<String, HealthCheck> now = checks();
        now.forEach((code, check) -> {
            HealthCheck was = before.get(code);
            LogEntry.Level level =
                    check.severity().equals(HealthCheck.ERR) ? LogEntry.Level.ERROR : LogEntry.Level.WARN;
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
        mutes.tick(now);
        Duration again = config.span("mon_health_to_clog_interval", Duration.ofMinutes(10));
        if (config.bool("mon_health_to_clog", true)
                && !again.isZero()
                && clock.nanoTime() - saidNanos >= again.toNanos()) {
            sayOverall();
        }
    }
}
