package io.spirula.mon.service;

import io.spirula.common.command.CommandCall;
import io.spirula.common.command.CommandTable;
import io.spirula.common.command.Json;
import io.spirula.common.command.Outcome;
import io.spirula.common.config.Config;
import io.spirula.common.maps.OsdMap;
import io.spirula.common.maps.PgPool;
import io.spirula.common.maps.PoolFlag;
import io.spirula.crush.CrushMap;
import io.spirula.mon.Services;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** {@code osd pool autoscale-status}: how many groups each pool should have for its share of what it is on. Source: pybind/mgr/pg_autoscaler/module.py. */
final class AutoscaleStatus {
    private static final int LEAST_GROUPS = 32;

    private final Services services;
    private final Config config;

    AutoscaleStatus(Services services, Config config) {
        this.services = services;
        this.config = config;
    }

    void register(CommandTable table) {
        table.add(
                "osd pool autoscale-status name=format,type=CephString,req=false",
                "report on pool pg_num sizing recommendation and intent",
                "mgr",
                "r",
                8,
                this::status);
    }

    /** A root of the hierarchy: what is below it, and what its pools want of it. */
    private static final class Root {
        private long capacity;
        private double groupsLeft;
        private int pools;
        private int poolsServed;
        private double targetRatios;
        private double targetBytes;
    }

    private record Row(
            long id, String name, PgPool pool, int root, long logical, long targetBytes, double targetRatio) {
        double bias() {
            return pool.options().value("pg_autoscale_bias") instanceof Double d ? d : 1.0;
        }

        double raw() {
            return (double) Math.max(logical, targetBytes) * pool.size();
        }
    }

    /** @param ideal before it is rounded to a power of two and to its limits */
    private record Target(Row row, double ratio, double effectiveRatio, double ideal, long groups) {}

    private static double real(PgPool pool, String option) {
        return pool.options().value(option) instanceof Double d ? d : 0;
    }

    private static long whole(PgPool pool, String option) {
        return pool.options().value(option) instanceof Long n ? n : 0;
    }

    private Outcome status(CommandCall call) {
        OsdMap map = services.osdmap().map();
        CrushMap crush = CrushEdits.decoded(map);
        Map<Integer, Root> roots = new TreeMap<>();
        List<Row> rows = new ArrayList<>();
        map.pools().forEach((id, pool) -> {
            int take = crush.rule(pool.crushRule()) == null
                    ? -1
                    : crush.takes(pool.crushRule()).first();
            double ratio = real(pool, "target_size_ratio");
            long bytes = ratio == 0 ? whole(pool, "target_size_bytes") : 0;
            Row row = new Row(
                    id,
                    String.valueOf(map.poolName(id)),
                    pool,
                    take,
                    services.pgMap().bytes(id),
                    bytes,
                    ratio);
            rows.add(row);
            Root root = roots.computeIfAbsent(take, t -> root(map, crush, t));
            root.pools++;
            root.targetRatios += ratio;
            root.targetBytes += (double) bytes * pool.size();
        });
        Map<Row, Target> targets = targets(rows, roots);
        return call.format().equals("plain")
                ? Outcome.output(text(targets, roots))
                : Outcome.output(Json.render(
                        Json.list(targets.values(), t -> json(t, roots.getOrDefault(t.row.root, new Root()))),
                        "json-pretty"));
    }

    private Root root(OsdMap map, CrushMap crush, int take) {
        Root root = new Root();
        for (int osd : crush.leaves(take)) {
            var stat = services.pgMap().osds().get(osd);
            root.capacity += stat == null || !map.isIn(osd) ? 0 : stat.statfs().total();
            root.groupsLeft += config.integer("mon_target_pg_per_osd", 100);
        }
        return root;
    }

    /** First the pools that are not marked as bulk, then those that need more than an even share, then the rest. */
    private static Map<Row, Target> targets(List<Row> rows, Map<Integer, Root> roots) {
        Map<Row, Target> targets = new LinkedHashMap<>();
        for (Row row : rows) {
            if (!row.pool.has(PoolFlag.BULK)) {
                Root root = roots.getOrDefault(row.root, new Root());
                targets.put(row, target(row, root, ratio(row, root)));
            }
        }
        List<Row> bulk = rows.stream().filter(r -> r.pool.has(PoolFlag.BULK)).toList();
        for (Row row : bulk) {
            Root root = roots.getOrDefault(row.root, new Root());
            if (ratio(row, root) > 1.0 / (root.pools - root.poolsServed)) {
                targets.put(row, target(row, root, ratio(row, root)));
            }
        }
        for (Row row : bulk) {
            Root root = roots.getOrDefault(row.root, new Root());
            if (!targets.containsKey(row)) {
                targets.put(row, target(row, even(root), 1.0 / (root.pools - root.poolsServed)));
            }
        }
        return targets;
    }

    /** A copy: an even share is the same for all that get one. */
    private static Root even(Root root) {
        Root copy = new Root();
        copy.capacity = root.capacity;
        copy.groupsLeft = root.groupsLeft;
        copy.targetBytes = root.targetBytes;
        copy.targetRatios = root.targetRatios;
        return copy;
    }

    private static double ratio(Row row, Root root) {
        double used = root.capacity == 0 ? 0 : row.raw() / root.capacity;
        return Math.max(used, effective(row, root));
    }

    /** A wanted ratio as a part of all wanted ratios, of what is not promised in bytes. */
    private static double effective(Row row, Root root) {
        if (row.targetRatio == 0) {
            return 0;
        }
        double part = row.targetRatio / root.targetRatios;
        double promised = root.capacity == 0 ? 0 : Math.min(1, root.targetBytes / root.capacity);
        return part * (1 - promised);
    }

    private static Target target(Row row, Root root, double share) {
        double used = share * root.groupsLeft;
        root.groupsLeft -= (int) used;
        root.poolsServed++;
        double ideal = used / row.pool.size() * row.bias();
        long least = whole(row.pool, "pg_num_min");
        long most = whole(row.pool, "pg_num_max");
        long groups = Math.max(least == 0 ? LEAST_GROUPS : least, nearestPowerOfTwo((long) ideal));
        return new Target(
                row, ratio(row, root), effective(row, root), ideal, most > 0 ? Math.min(most, groups) : groups);
    }

    private static long nearestPowerOfTwo(long n) {
        if (n <= 1) {
            return 0;
        }
        long above = Long.highestOneBit(n) == n ? n : Long.highestOneBit(n) << 1;
        long below = above >> 1;
        return above - n > n - below ? below : above;
    }

    /** Whether the pool is far enough from what it should be. */
    private static boolean wouldAdjust(Target t) {
        long now = t.row.pool.pgNumTarget();
        boolean far = t.groups > now * 3.0 || t.groups < now / 3.0;
        return far && t.ratio > 0 && t.ratio <= 1 && t.row.pool.autoscaleMode() != 0;
    }

    /** As Python writes it: with a point always. */
    private static Object floating(double value) {
        boolean whole = value == Math.rint(value) && Math.abs(value) < 1e16;
        return Json.raw(whole ? String.format(Locale.ROOT, "%.1f", value) : Json.number(value, 17));
    }

    private static Json json(Target t, Root root) {
        double capacity = root.capacity;
        double actual = (double) t.row.logical * t.row.pool.size();
        return Json.object()
                .put("actual_capacity_ratio", floating(capacity == 0 ? 0.0 : actual / capacity))
                .put("actual_raw_used", floating(actual))
                .put("bias", floating(t.row.bias()))
                .put("bulk", t.row.pool.has(PoolFlag.BULK))
                .put("capacity_ratio", floating(t.ratio))
                .put("crush_root_id", t.row.root)
                .put("effective_target_ratio", floating(t.effectiveRatio))
                .put("logical_used", t.row.logical)
                .put("pg_autoscale_mode", PgPool.AUTOSCALE_MODES.get(t.row.pool.autoscaleMode()))
                .put("pg_num_final", t.groups)
                .put("pg_num_ideal", (long) t.ideal)
                .put("pg_num_target", t.row.pool.pgNumTarget())
                .put("pool_id", t.row.id)
                .put("pool_name", t.row.name)
                .put("raw_used", floating(t.row.raw()))
                .put("raw_used_rate", floating(t.row.pool.size()))
                .put("subtree_capacity", root.capacity)
                .put("target_bytes", t.row.targetBytes)
                .put("target_ratio", floating(t.row.targetRatio))
                .put("would_adjust", wouldAdjust(t));
    }

    private static String text(Map<Row, Target> targets, Map<Integer, Root> roots) {
        TextTable table = new TextTable(
                        "POOL",
                        "SIZE",
                        "TARGET SIZE",
                        "RATE",
                        "RAW CAPACITY",
                        "RATIO",
                        "TARGET RATIO",
                        "EFFECTIVE RATIO",
                        "BIAS",
                        "PG_NUM",
                        "NEW PG_NUM",
                        "AUTOSCALE",
                        "BULK")
                .right(1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
        targets.forEach((row, t) -> table.row(
                row.name,
                ManagerCommands.human(row.logical, 6),
                row.targetBytes == 0 ? "" : ManagerCommands.human(row.targetBytes, 6),
                row.pool.size() + ".0",
                ManagerCommands.human(roots.getOrDefault(row.root, new Root()).capacity, 6),
                String.format(Locale.ROOT, "%.4f", t.ratio),
                row.targetRatio == 0 ? "" : String.format(Locale.ROOT, "%.4f", row.targetRatio),
                t.effectiveRatio == 0 ? "" : String.format(Locale.ROOT, "%.4f", t.effectiveRatio),
                String.format(Locale.ROOT, "%.1f", row.bias()),
                Integer.toString(row.pool.pgNumTarget()),
                wouldAdjust(t) ? Long.toString(t.groups) : "",
                PgPool.AUTOSCALE_MODES.get(row.pool.autoscaleMode()),
                row.pool.has(PoolFlag.BULK) ? "True" : "False"));
        return table.toString().replace("\n", "  \n");
    }
}
