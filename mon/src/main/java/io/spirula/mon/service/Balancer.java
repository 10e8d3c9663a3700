package io.spirula.mon.service;

import io.spirula.common.config.Config;
import io.spirula.common.env.Clock;
import io.spirula.common.env.Reactor;
import io.spirula.common.format.Times;
import io.spirula.common.maps.CephRelease;
import io.spirula.common.maps.OsdMap;
import io.spirula.common.maps.PgPool;
import io.spirula.common.maps.UpmapItem;
import io.spirula.common.pg.ObjectStats;
import io.spirula.common.pg.PgState;
import io.spirula.common.types.Errno;
import io.spirula.common.types.PgId;
import io.spirula.mon.balancer.UpmapOptimizer;
import io.spirula.mon.mgr.PgMap;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Spreads placement groups evenly with upmaps: by itself every minute, a few at a time and only while all is well, or by plans that an operator makes and carries out. Source: the manager's module balancer. */
public final class Balancer {
    private static final String OPTION = "mgr/balancer/";
    private static final int MOST_PLANS = 100;
    private static final String DONE = "Optimization plan created successfully";
    private static final String NOTHING = "Unable to find further optimization, or pool(s) pg_num is decreasing, or"
            + " distribution is already perfect";

    private final OsdmapService osdmap;
    private final PgMap pgMap;
    private final Proposals proposals;
    private final Config config;
    private final Reactor reactor;
    private final ZoneId zone;
    private final Map<String, Plan> plans = new LinkedHashMap<>();
    private final Beat beat;
    private int evenEpoch;
    private @Nullable Work work;
    private String lastStarted = "";
    private String lastDuration = "";
    private String result = "";
    private boolean noOptimizationNeeded;

    /** Changes that somebody may have carried out. */
    record Plan(String name, String mode, OsdMap map, List<Long> pools, NavigableMap<PgId, List<UpmapItem>> changes) {}

    /** What came of an attempt: an error and its text, or a plan. */
    record Attempt(int errno, String text, Plan plan) {}

    /** A search under way, a pool a step. */
    private final class Work {
        private final String name;
        private final String mode;
        private final OsdMap map = osdmap.map();
        private final List<Long> pools;
        private final ArrayDeque<Long> remaining;
        private final long startedNanos = clock().nanoTime();
        private final TreeMap<PgId, List<UpmapItem>> changes = new TreeMap<>();
        private long left = config.integer(OPTION + "upmap_max_optimizations", 10);

        Work(String name, Collection<Long> pools) {
            this.name = name;
            this.mode = mode();
            this.pools = List.copyOf(pools);
            List<Long> order = new ArrayList<>(pools.isEmpty() ? map.pools().keySet() : pools);
            if (!order.isEmpty()) {
                // Not always the same pools first: each epoch begins with another.
                Collections.rotate(order, map.epoch() % order.size());
            }
            remaining = new ArrayDeque<>(order);
            lastStarted = Times.calendar(clock().now(), zone);
            result = "in progress";
        }

        boolean isDone() {
            return remaining.isEmpty() || left <= 0;
        }

        void step() {
            long id = remaining.remove();
            PgPool pool = map.pool(id);
            if (pool == null || pool.pgNum() > pool.pgNumTarget()) {
                return;
            }
            long clean = pgMap.pgs().subMap(new PgId(id, 0), new PgId(id + 1, 0)).values().stream()
                    .filter(stats -> stats.state() == (PgState.ACTIVE | PgState.CLEAN))
                    .count();
            int deviation = (int) config.integer(OPTION + "upmap_max_deviation", 5);
            var found = UpmapOptimizer.optimize(map, id, deviation, (int) Math.min(left, clean));
            changes.putAll(found);
            left -= found.size();
        }

        Attempt finish() {
            long micros = (clock().nanoTime() - startedNanos) / 1000;
            lastDuration = String.format(
                    Locale.ROOT,
                    "%d:%02d:%02d.%06d",
                    micros / 3_600_000_000L,
                    micros / 60_000_000 % 60,
                    micros / 1_000_000 % 60,
                    micros % 1_000_000);
            noOptimizationNeeded = changes.isEmpty();
            result = changes.isEmpty() ? NOTHING : DONE;
            return new Attempt(
                    changes.isEmpty() ? Errno.EALREADY : 0,
                    changes.isEmpty() ? NOTHING : "",
                    new Plan(name, mode, map, pools, changes));
        }
    }

    public Balancer(
            OsdmapService osdmap, PgMap pgMap, Proposals proposals, Config config, Reactor reactor, ZoneId zone) {
        this.osdmap = osdmap;
        this.pgMap = pgMap;
        this.proposals = proposals;
        this.config = config;
        this.reactor = reactor;
        this.zone = zone;
        beat = new Beat(reactor.clock());
    }

    private Clock clock() {
        return reactor.clock();
    }

    private ZonedDateTime now() {
        return clock().now().atZone(zone);
    }

    boolean isActive() {
        return config.bool(OPTION + "active", true);
    }

    String mode() {
        return config.string(OPTION + "mode", "upmap");
    }

    Map<String, Plan> plans() {
        return Collections.unmodifiableMap(plans);
    }

    String lastStarted() {
        return lastStarted;
    }

    String lastDuration() {
        return lastDuration;
    }

    String result() {
        return result;
    }

    boolean noOptimizationNeeded() {
        return noOptimizationNeeded;
    }

    /** Time has passed: begins a search where one is due. */
    public void tick() {
        if (work != null || !beat.isDue(config.span(OPTION + "sleep_interval", Duration.ofMinutes(1)))) {
            return;
        }
        if (!isActive() || !mayRunNow() || osdmap.map().epoch() == evenEpoch) {
            return;
        }
        Attempt obstacle = obstacle();
        if (obstacle != null) {
            result = obstacle.text();
            return;
        }
        String name = "auto_"
                + DateTimeFormatter.ofPattern("yyyy-MM-dd_HH:mm:ss", Locale.ROOT)
                        .format(now());
        Work begun = new Work(name, poolIds());
        work = begun;
        reactor.execute(() -> proceed(begun));
    }

    /** One pool a turn: other work of the monitor goes in between. */
    private void proceed(Work now) {
        if (work != now) {
            return;
        }
        if (!now.isDone()) {
            now.step();
            reactor.execute(() -> proceed(now));
            return;
        }
        work = null;
        Attempt attempt = now.finish();
        if (attempt.errno() == 0 && isActive()) {
            proposals.whenWriteable(() -> execute(attempt.plan()));
        } else {
            evenEpoch = now.map.epoch();
        }
    }

    private List<Long> poolIds() {
        List<Long> ids = new ArrayList<>();
        for (String id : config.string(OPTION + "pool_ids", "").split(",")) {
            if (id.matches("[0-9]{1,18}") && osdmap.map().pool(Long.parseLong(id)) != null) {
                ids.add(Long.parseLong(id));
            }
        }
        return ids;
    }

    private boolean mayRunNow() {
        ZonedDateTime now = now();
        String time = DateTimeFormatter.ofPattern("HHmm", Locale.ROOT).format(now);
        int day =
                now.getDayOfWeek() == DayOfWeek.SUNDAY ? 0 : now.getDayOfWeek().getValue();
        return isWithin(time, config.string(OPTION + "begin_time", "0000"), config.string(OPTION + "end_time", "2400"))
                && isWithin(
                        Integer.toString(day),
                        Long.toString(config.integer(OPTION + "begin_weekday", 0)),
                        Long.toString(config.integer(OPTION + "end_weekday", 7)));
    }

    private static boolean isWithin(String value, String begin, String end) {
        return begin.compareTo(end) <= 0
                ? begin.compareTo(value) <= 0 && value.compareTo(end) < 0
                : value.compareTo(begin) >= 0 || value.compareTo(end) < 0;
    }

    /** Searches at once. */
    Attempt optimize(String name, List<Long> pools) {
        proposals.throwIfClosed();
        Attempt obstacle = obstacle();
        if (obstacle != null) {
            result = obstacle.text();
            return obstacle;
        }
        Work now = new Work(name, pools);
        while (!now.isDone()) {
            now.step();
        }
        Attempt attempt = now.finish();
        if (attempt.errno() == 0) {
            if (plans.size() >= MOST_PLANS) {
                return failed(Errno.ENOSPC, "there are too many plans: remove some");
            }
            plans.put(name, attempt.plan());
        }
        return attempt;
    }

    private Attempt failed(int errno, String text) {
        return new Attempt(errno, text, new Plan("", mode(), osdmap.map(), List.of(), Collections.emptyNavigableMap()));
    }

    /** Why nothing may be moved now; null where it may. */
    private @Nullable Attempt obstacle() {
        int groups = Math.max(1, pgMap.pgs().size());
        double unknown = (double) pgMap.count(state -> state == 0) / groups;
        double inactive = (double) pgMap.count(state -> (state & PgState.ACTIVE) == 0) / groups;
        ObjectStats total = pgMap.total();
        double copies = Math.max(1, total.get(ObjectStats.Counter.OBJECT_COPIES));
        double degraded = total.get(ObjectStats.Counter.OBJECTS_DEGRADED) / copies;
        double misplaced = total.get(ObjectStats.Counter.OBJECTS_MISPLACED) / copies;
        double most = config.real("target_max_misplaced_ratio", 0.05);
        if (unknown > 0) {
            return failed(
                    Errno.EAGAIN, String.format(Locale.ROOT, "Some PGs (%f) are unknown; try again later", unknown));
        } else if (degraded > 0) {
            return failed(
                    Errno.EAGAIN,
                    String.format(Locale.ROOT, "Some objects (%f) are degraded; try again later", degraded));
        } else if (inactive > 0) {
            return failed(
                    Errno.EAGAIN, String.format(Locale.ROOT, "Some PGs (%f) are inactive; try again later", inactive));
        } else if (misplaced >= most) {
            return failed(
                    Errno.EAGAIN,
                    String.format(
                            Locale.ROOT, "Too many objects (%f > %f) are misplaced; try again later", misplaced, most));
        }
        return switch (mode()) {
            case "upmap" -> osdmap.map().pools().isEmpty() ? failed(Errno.ENOENT, "No pools available") : null;
            case "none" -> failed(Errno.ENOEXEC, "Please do \"ceph balancer mode\" to choose a valid mode first");
            case "crush-compat" -> failed(Errno.EOPNOTSUPP, "mode crush-compat is not there: choose upmap");
            default -> failed(Errno.EINVAL, "Unrecognized mode " + mode());
        };
    }

    /** Puts a plan's changes into the map, as far as their groups are still there. Runs while the map may be changed. */
    void execute(Plan plan) {
        OsdMap map = osdmap.pendingMap();
        if (!map.requireMinCompatClient().atLeast(CephRelease.LUMINOUS)) {
            return;
        }
        osdmap.change(inc -> plan.changes().forEach((pg, items) -> {
            PgPool pool = map.pool(pg.pool());
            boolean exists = pool != null && Integer.compareUnsigned(pg.seed(), pool.pgNum()) < 0;
            if (exists && items.isEmpty()) {
                inc.removePgUpmapItems(pg);
            } else if (exists && items.stream().allMatch(i -> map.exists(i.to()))) {
                inc.putPgUpmapItems(pg, items);
            }
        }));
    }

    void remove(String plan) {
        proposals.throwIfClosed();
        plans.remove(plan);
    }

    void reset() {
        plans.clear();
    }
}
