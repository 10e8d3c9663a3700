package io.spirula.mon.service;

import io.spirula.common.command.CommandCall;
import io.spirula.common.command.Json;
import io.spirula.common.command.Outcome;
import io.spirula.common.format.Numbers;
import io.spirula.common.format.TextTable;
import io.spirula.common.maps.OsdMap;
import io.spirula.common.maps.PgPool;
import io.spirula.common.pg.ObjectStats;
import io.spirula.common.pg.ObjectStats.Counter;
import io.spirula.common.pg.OsdStat;
import io.spirula.common.pg.StoreStatfs;
import io.spirula.crush.CrushMap;
import io.spirula.mon.Services;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** {@code ceph df}: the space of the cluster and of each pool. Source: PGMapDigest::dump_cluster_stats and dump_pool_stats_full. */
final class DfCommand {
    private final Services services;

    DfCommand(Services services) {
        this.services = services;
    }

    /** What is known of one pool's space. */
    private record Pool(
            String name,
            long id,
            PgPool pool,
            long stored,
            long used,
            long objects,
            double percent,
            long available,
            ObjectStats stats) {}

    Outcome handle(CommandCall call) {
        boolean detail = call.string("detail", "").equals("detail");
        return call.format().equals("plain") ? Outcome.output(text(detail)) : Json.answer(call, json(detail));
    }

    private Map<String, StoreStatfs> byClass() {
        OsdMap map = services.osdmap().map();
        CrushMap crush = CrushMap.decode(map.crush().toArray());
        Map<String, StoreStatfs> sums = new TreeMap<>();
        for (Map.Entry<Integer, OsdStat> e : services.pgMap().osds().entrySet()) {
            if (map.isIn(e.getKey())) {
                String name = crush.itemClass(e.getKey());
                sums.merge(name == null ? "" : name, e.getValue().statfs(), StoreStatfs::plus);
            }
        }
        return sums;
    }

    private Pool pool(OsdMap map, long id, PgPool pool) {
        ObjectStats stats = services.pgMap().pool(id);
        StoreStatfs space = services.pgMap().poolSpace(id);
        long stored = stats.get(Counter.BYTES);
        long used = space == null ? stored * pool.size() : space.allocated() + space.omapAllocated();
        long available = available(map, pool);
        double percent =
                used + available * pool.size() == 0 ? 0 : (double) used / (used + (double) available * pool.size());
        return new Pool(
                String.valueOf(map.poolName(id)),
                id,
                pool,
                stored,
                used,
                stats.get(Counter.OBJECTS),
                percent,
                available,
                stats);
    }

    /** How much more a pool can hold until its first OSD is full. Ceph: get_rule_avail. */
    private long available(OsdMap map, PgPool pool) {
        CrushMap crush = CrushMap.decode(map.crush().toArray());
        Map<Integer, Double> weights = new TreeMap<>();
        double total = 0;
        for (int root : takes(crush, pool.crushRule())) {
            for (int osd : crush.leaves(root)) {
                Integer weight = crush.itemWeight(osd);
                if (map.isIn(osd) && weight != null && weight > 0) {
                    double w = weight * (map.osd(osd).weight() / 65536.0);
                    weights.put(osd, w);
                    total += w;
                }
            }
        }
        double min = -1;
        for (Map.Entry<Integer, Double> e : weights.entrySet()) {
            OsdStat stat = services.pgMap().osds().get(e.getKey());
            if (stat == null || stat.statfs().total() == 0) {
                continue;
            }
            double unusable = stat.statfs().total() * (1.0 - map.fullRatio());
            double free = Math.max(0, stat.statfs().available() - unusable);
            double projected = free / (e.getValue() / total);
            min = min < 0 ? projected : Math.min(min, projected);
        }
        return min < 0 ? 0 : (long) (min / pool.size());
    }

    private static Iterable<Integer> takes(CrushMap crush, int rule) {
        return crush.rule(rule) == null ? java.util.List.of() : crush.takes(rule);
    }

    private static Json spaceJson(StoreStatfs s) {
        return Json.object()
                .put("total_bytes", s.total())
                .put("total_avail_bytes", s.available())
                .put("total_used_bytes", ClusterUsage.used(s))
                .put("total_used_raw_bytes", ClusterUsage.usedRaw(s))
                .put(
                        "total_used_raw_ratio",
                        s.total() == 0 ? 0.0 : (double) ((float) ClusterUsage.usedRaw(s) / s.total()));
    }

    private Json json(boolean detail) {
        OsdMap map = services.osdmap().map();
        int osds = services.pgMap().osds().size();
        Json stats = spaceJson(services.pgMap().space(map))
                .put("num_osds", osds)
                .put("num_per_pool_osds", osds)
                .put("num_per_pool_omap_osds", osds);
        Json classes = Json.object();
        byClass().forEach((name, s) -> classes.put(name, spaceJson(s)));
        return Json.object()
                .put("stats", stats)
                .put("stats_by_class", classes)
                .put(
                        "pools",
                        Json.list(map.pools().entrySet(), e -> poolJson(pool(map, e.getKey(), e.getValue()), detail)));
    }

    private static Json poolJson(Pool p, boolean detail) {
        Json s = Json.object().put("stored", p.stored);
        if (detail) {
            s.put("stored_data", p.stored).put("stored_omap", p.stats.get(Counter.OMAP_BYTES));
        }
        s.put("objects", p.objects).put("kb_used", (p.used + 1023) / 1024).put("bytes_used", p.used);
        if (detail) {
            s.put("data_bytes_used", p.used).put("omap_bytes_used", 0);
        }
        s.put("percent_used", (double) (float) p.percent).put("max_avail", p.available);
        if (detail) {
            s.put("quota_objects", p.pool.quotaMaxObjects())
                    .put("quota_bytes", p.pool.quotaMaxBytes())
                    .put("dirty", p.pool.isTier() ? p.stats.get(Counter.OBJECTS_DIRTY) : 0)
                    .put("rd", p.stats.get(Counter.READS))
                    .put("rd_bytes", p.stats.get(Counter.READ_KIB) << 10)
                    .put("wr", p.stats.get(Counter.WRITES))
                    .put("wr_bytes", p.stats.get(Counter.WRITE_KIB) << 10)
                    .put("compress_bytes_used", 0)
                    .put("compress_under_bytes", 0)
                    .put("stored_raw", p.stored * p.pool.size())
                    .put("avail_raw", p.available * p.pool.size());
        }
        return Json.object().put("name", p.name).put("id", p.id).put("stats", s);
    }

    private static String percent(double ratio) {
        return ratio == 0 ? "0" : String.format(Locale.ROOT, "%.2f", ratio * 100);
    }

    private String text(boolean detail) {
        OsdMap map = services.osdmap().map();
        TextTable raw = new TextTable("CLASS", "SIZE", "AVAIL", "USED", "RAW USED", "%RAW USED").right(1, 2, 3, 4, 5);
        byClass()
                .forEach((name, s) -> raw.row(
                        name,
                        Numbers.bytes(s.total()),
                        Numbers.bytes(s.available()),
                        Numbers.bytes(ClusterUsage.used(s)),
                        Numbers.bytes(ClusterUsage.usedRaw(s)),
                        percent(s.total() == 0 ? 0 : (double) ClusterUsage.usedRaw(s) / s.total())));
        StoreStatfs s = services.pgMap().space(map);
        raw.row(
                "TOTAL",
                Numbers.bytes(s.total()),
                Numbers.bytes(s.available()),
                Numbers.bytes(ClusterUsage.used(s)),
                Numbers.bytes(ClusterUsage.usedRaw(s)),
                percent(s.total() == 0 ? 0 : (double) ClusterUsage.usedRaw(s) / s.total()));
        TextTable pools = detail
                ? new TextTable(
                                "POOL",
                                "ID",
                                "PGS",
                                "STORED",
                                "(DATA)",
                                "(OMAP)",
                                "OBJECTS",
                                "USED",
                                "(DATA)",
                                "(OMAP)",
                                "%USED",
                                "MAX AVAIL",
                                "QUOTA OBJECTS",
                                "QUOTA BYTES",
                                "DIRTY",
                                "USED COMPR",
                                "UNDER COMPR")
                        .right(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16)
                : new TextTable("POOL", "ID", "PGS", "STORED", "OBJECTS", "USED", "%USED", "MAX AVAIL")
                        .right(1, 2, 3, 4, 5, 6, 7);
        map.pools().forEach((id, pool) -> {
            Pool p = pool(map, id, pool);
            if (detail) {
                pools.row(
                        p.name,
                        Long.toString(id),
                        Integer.toString(pool.pgNum()),
                        Numbers.bytes(p.stored),
                        Numbers.bytes(p.stored),
                        Numbers.bytes(0),
                        Numbers.count(p.objects),
                        Numbers.bytes(p.used),
                        Numbers.bytes(p.used),
                        Numbers.bytes(0),
                        percent(p.percent),
                        Numbers.bytes(p.available),
                        quota(pool.quotaMaxObjects(), false),
                        quota(pool.quotaMaxBytes(), true),
                        pool.isTier() ? Numbers.count(p.stats.get(Counter.OBJECTS_DIRTY)) : "N/A",
                        "0 B",
                        "0 B");
            } else {
                pools.row(
                        p.name,
                        Long.toString(id),
                        Integer.toString(pool.pgNum()),
                        Numbers.bytes(p.stored),
                        Numbers.count(p.objects),
                        Numbers.bytes(p.used),
                        percent(p.percent),
                        Numbers.bytes(p.available));
            }
        });
        return "--- RAW STORAGE ---\n" + raw + " \n--- POOLS ---\n" + pools;
    }

    private static String quota(long value, boolean bytes) {
        return value == 0 ? "N/A" : bytes ? Numbers.bytes(value) : Numbers.count(value);
    }
}
