package io.spirula.mon.service;

import io.spirula.common.command.Json;
import io.spirula.common.maps.OsdMap;
import io.spirula.common.pg.ObjectStats;
import io.spirula.common.pg.OsdStat;
import io.spirula.common.pg.PgDump;
import io.spirula.common.pg.PgState;
import io.spirula.common.pg.PgStats;
import io.spirula.common.pg.PingDump;
import io.spirula.common.pg.StoreStatfs;
import io.spirula.common.types.PgId;
import io.spirula.crush.CrushContent;
import io.spirula.crush.CrushMapper;
import io.spirula.mon.mgr.PgMap;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The statistics as {@code pg dump} has them in JSON. Source: osd_types.cc, pg_stat_t::dump, osd_stat_t::dump; PGMap.cc. */
final class PgJson {
    private PgJson() {}

    static Json statfs(StoreStatfs s) {
        return Json.object()
                .put("total", s.total())
                .put("available", s.available())
                .put("internally_reserved", s.internallyReserved())
                .put("allocated", s.allocated())
                .put("data_stored", s.dataStored())
                .put("data_compressed", s.dataCompressed())
                .put("data_compressed_allocated", s.dataCompressedAllocated())
                .put("data_compressed_original", s.dataCompressedOriginal())
                .put("omap_allocated", s.omapAllocated())
                .put("internal_metadata", s.internalMetadata());
    }

    static Json pg(PgId pg, PgStats s) {
        return Json.object().put("pgid", pg.toString()).putAll(PgDump.stats(s));
    }

    private static Json brief(PgId pg, PgStats s) {
        return Json.object()
                .put("pgid", pg.toString())
                .put("state", PgState.names(s.state()))
                .put("up", s.mapping().up())
                .put("acting", s.mapping().acting())
                .put("up_primary", s.mapping().upPrimary())
                .put("acting_primary", s.mapping().actingPrimary());
    }

    private static Json osd(int osd, OsdStat s) {
        Json json = osd >= 0 ? Json.object().put("osd", osd) : Json.object();
        return json.put("up_from", Integer.toUnsignedLong(s.upFrom()))
                .put("seq", s.sequence())
                .put("num_pgs", s.pgs())
                .put("num_osds", s.osds())
                .put("num_per_pool_osds", s.perPoolOsds())
                .put("num_per_pool_omap_osds", s.perPoolOmapOsds())
                .put("kb", s.statfs().total() >> 10)
                .put("kb_used", s.statfs().total() - s.statfs().available() >> 10)
                .put("kb_used_data", s.statfs().allocated() >> 10)
                .put("kb_used_omap", s.statfs().omapAllocated() >> 10)
                .put("kb_used_meta", s.statfs().internalMetadata() >> 10)
                .put("kb_avail", s.statfs().available() >> 10)
                .put("statfs", statfs(s.statfs()))
                .put("hb_peers", s.heartbeatPeers())
                .put("snap_trim_queue_len", s.snapTrimQueueLength())
                .put("num_snap_trimming", s.snapTrimming())
                .put("num_shards_repaired", s.shardsRepaired())
                .put(
                        "op_queue_age_hist",
                        Json.object()
                                .put("histogram", s.opQueueAges())
                                .put("upper_bound", 1L << s.opQueueAges().size()))
                .put(
                        "perf_stat",
                        Json.object()
                                .put("commit_latency_ms", s.commitLatencyMs())
                                .put("apply_latency_ms", s.applyLatencyMs())
                                .put("commit_latency_ns", s.commitLatencyMs() * 1_000_000L)
                                .put("apply_latency_ns", s.applyLatencyMs() * 1_000_000L))
                .put("alerts", List.of())
                .put("network_ping_times", PingDump.peers(s));
    }

    private static Json totals(PgMap map, @Nullable Long pool) {
        ObjectStats sum = pool == null ? map.total() : map.pool(pool);
        long log = 0;
        long diskLog = 0;
        int up = 0;
        int acting = 0;
        for (Map.Entry<PgId, PgStats> e : map.pgs().entrySet()) {
            if (pool == null || e.getKey().pool() == pool) {
                log += e.getValue().logSize();
                diskLog += e.getValue().ondiskLogSize();
                up += e.getValue().mapping().up().size();
                acting += e.getValue().mapping().acting().size();
            }
        }
        StoreStatfs space = pool == null ? null : map.poolSpace(pool);
        return Json.object()
                .put("stat_sum", PgDump.sum(sum))
                .put("store_stats", statfs(space == null ? StoreStatfs.ZERO : space))
                .put("log_size", log)
                .put("ondisk_log_size", diskLog)
                .put("up", up)
                .put("acting", acting)
                .put("num_store_stats", space == null ? 0 : map.osds().size());
    }

    static List<Object> pools(PgMap map, OsdMap osdmap) {
        List<Object> pools = new ArrayList<>();
        for (long id : osdmap.pools().keySet()) {
            long pgs = map.pgs().keySet().stream().filter(p -> p.pool() == id).count();
            pools.add(Json.object().put("poolid", id).put("num_pg", pgs).putAll(totals(map, id)));
        }
        return pools;
    }

    private static List<Object> osds(PgMap map) {
        List<Object> osds = new ArrayList<>();
        List<Integer> ids = new ArrayList<>(map.osds().keySet());
        java.util.Collections.reverse(ids);
        for (int osd : ids) {
            OsdStat s = map.osds().get(osd);
            if (s != null) {
                osds.add(osd(osd, s));
            }
        }
        return osds;
    }

    private static Json osdSum(PgMap map, OsdMap osdmap) {
        return osdSum(map.osds().values(), map.space(osdmap));
    }

    private static Json osdSum(Collection<OsdStat> osds, StoreStatfs space) {
        int pgs = osds.stream().mapToInt(OsdStat::pgs).sum();
        int count = osds.size();
        return Json.object()
                .put("up_from", 0)
                .put("seq", 0)
                .put("num_pgs", pgs)
                .put("num_osds", count)
                .put("num_per_pool_osds", count)
                .put("num_per_pool_omap_osds", count)
                .put("kb", space.total() >> 10)
                .put("kb_used", space.total() - space.available() >> 10)
                .put("kb_used_data", space.allocated() >> 10)
                .put("kb_used_omap", space.omapAllocated() >> 10)
                .put("kb_used_meta", space.internalMetadata() >> 10)
                .put("kb_avail", space.available() >> 10)
                .put("statfs", statfs(space))
                .put("hb_peers", List.of())
                .put("snap_trim_queue_len", 0)
                .put("num_snap_trimming", 0)
                .put("num_shards_repaired", 0)
                .put(
                        "op_queue_age_hist",
                        Json.object().put("histogram", List.of()).put("upper_bound", 1))
                .put(
                        "perf_stat",
                        Json.object()
                                .put("commit_latency_ms", 0)
                                .put("apply_latency_ms", 0)
                                .put("commit_latency_ns", 0)
                                .put("apply_latency_ns", 0))
                .put("alerts", List.of())
                .put("network_ping_times", List.of());
    }

    /** The sums of the OSDs of each device class. */
    private static Json osdSumByClass(PgMap map, CrushContent crush) {
        TreeMap<String, List<OsdStat>> byClass = new TreeMap<>();
        map.osds().forEach((osd, stat) -> {
            String deviceClass = crush.itemClass(osd);
            if (deviceClass != null) {
                byClass.computeIfAbsent(deviceClass, c -> new ArrayList<>()).add(stat);
            }
        });
        Json json = Json.object();
        byClass.forEach((deviceClass, stats) -> json.put(
                deviceClass,
                osdSum(stats, stats.stream().map(OsdStat::statfs).reduce(StoreStatfs.ZERO, StoreStatfs::plus))));
        return json;
    }

    /** What {@code ceph report} tells of groups and OSDs. Ceph: PGMapDigest::dump. */
    static Json digest(PgMap map, OsdMap osdmap, CrushContent crush) {
        return Json.object()
                .put("num_pg", map.pgs().size())
                .put("num_pg_active", map.count(state -> (state & PgState.ACTIVE) != 0))
                .put("num_pg_unknown", map.count(state -> state == 0))
                .put("num_osd", map.osds().size())
                .put("pool_sum", totals(map, null))
                .put("osd_sum", osdSum(map, osdmap))
                .put("osd_sum_by_class", osdSumByClass(map, crush))
                .put("pool_stats", pools(map, osdmap))
                .put(
                        "osd_stats",
                        Json.list(
                                map.osds().entrySet(),
                                e -> Json.object()
                                        .put("osd", e.getKey())
                                        .put("seq", e.getValue().sequence())))
                .put(
                        "num_pg_by_state",
                        Json.list(
                                map.states().entrySet(),
                                e -> Json.object().put("state", e.getKey()).put("num", e.getValue())))
                .put("num_pg_by_osd", groupsByOsd(map));
    }

    private static List<Object> groupsByOsd(PgMap map) {
        TreeMap<Integer, int[]> byOsd = new TreeMap<>();
        map.osds().keySet().forEach(osd -> byOsd.put(osd, new int[3]));
        for (PgStats s : map.pgs().values()) {
            int primary = s.mapping().actingPrimary();
            List<Integer> acting = s.mapping().acting();
            for (int osd : acting) {
                int[] counts = byOsd.computeIfAbsent(osd, o -> new int[3]);
                counts[0] += osd == primary ? 1 : 0;
                counts[1]++;
            }
            for (int osd : s.mapping().up()) {
                if (!acting.contains(osd)) {
                    byOsd.computeIfAbsent(osd, o -> new int[3])[2]++;
                }
            }
        }
        byOsd.remove(CrushMapper.NONE);
        return Json.list(
                byOsd.entrySet(),
                e -> Json.object()
                        .put("osd", e.getKey())
                        .put("num_primary_pg", e.getValue()[0])
                        .put("num_acting_pg", e.getValue()[1])
                        .put("num_up_not_acting_pg", e.getValue()[2]));
    }

    private static Json head(PgMap map, OsdMap osdmap) {
        return Json.object()
                .put("version", map.version())
                .put("stamp", Stamps.iso(map.stamp()))
                .put("last_osdmap_epoch", 0)
                .put("last_pg_scan", 0)
                .put("pg_stats_sum", totals(map, null))
                .put("osd_stats_sum", osdSum(map, osdmap))
                .put("pg_stats_delta", delta(map));
    }

    private static Json delta(PgMap map) {
        PgMap.Delta d = map.delta(null);
        return Json.object()
                .put("stat_sum", PgDump.sum(d.stats()))
                .put("store_stats", statfs(StoreStatfs.ZERO))
                .put("log_size", 0)
                .put("ondisk_log_size", 0)
                .put("up", 0)
                .put("acting", 0)
                .put("num_store_stats", 0)
                .put("stamp_delta", String.format(java.util.Locale.ROOT, "%.6f", d.seconds()));
    }

    static Json dump(PgMap map, OsdMap osdmap, List<String> what) {
        if (what.contains("all")) {
            return Json.object()
                    .put(
                            "pg_map",
                            head(map, osdmap)
                                    .put("pg_stats", Json.list(map.pgs().entrySet(), e -> pg(e.getKey(), e.getValue())))
                                    .put("pool_stats", pools(map, osdmap))
                                    .put("osd_stats", osds(map))
                                    .put("pool_statfs", List.of()));
        }
        Json json = Json.object();
        if (what.contains("summary") || what.contains("sum")) {
            json.put("pg_map", head(map, osdmap));
        }
        if (what.contains("delta")) {
            json.put("delta", Json.object().put("pg_stats_delta", delta(map)));
        }
        if (what.contains("pools")) {
            json.put("pool_stats", pools(map, osdmap));
        }
        if (what.contains("osds")) {
            json.put("osd_stats", osds(map)).put("pool_statfs", List.of());
        }
        if (what.contains("pgs")) {
            json.put("pg_stats", Json.list(map.pgs().entrySet(), e -> pg(e.getKey(), e.getValue())));
        }
        if (what.contains("pgs_brief")) {
            json.put("pg_stats", Json.list(map.pgs().entrySet(), e -> brief(e.getKey(), e.getValue())));
        }
        return json;
    }
}
