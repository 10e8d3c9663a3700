package io.spirula.mon.service;

import io.spirula.common.command.Json;
import io.spirula.common.maps.OsdMap;
import io.spirula.common.pg.ObjectStats;
import io.spirula.common.pg.ObjectStats.Counter;
import io.spirula.common.pg.OsdStat;
import io.spirula.common.pg.PgStats;
import io.spirula.common.pg.StoreStatfs;
import io.spirula.common.types.PgId;
import io.spirula.mon.mgr.PgMap;
import io.spirula.mon.mgr.PgState;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The statistics as {@code pg dump} has them in JSON. Source: osd_types.cc, pg_stat_t::dump, osd_stat_t::dump; PGMap.cc. */
final class PgJson {
    /** The order of object_stat_sum_t::dump, which is not that of the encoding. */
    private static final List<Counter> ORDER = List.of(
            Counter.BYTES,
            Counter.OBJECTS,
            Counter.OBJECT_CLONES,
            Counter.OBJECT_COPIES,
            Counter.OBJECTS_MISSING_ON_PRIMARY,
            Counter.OBJECTS_MISSING,
            Counter.OBJECTS_DEGRADED,
            Counter.OBJECTS_MISPLACED,
            Counter.OBJECTS_UNFOUND,
            Counter.OBJECTS_DIRTY,
            Counter.WHITEOUTS,
            Counter.READS,
            Counter.READ_KIB,
            Counter.WRITES,
            Counter.WRITE_KIB,
            Counter.SCRUB_ERRORS,
            Counter.SHALLOW_SCRUB_ERRORS,
            Counter.DEEP_SCRUB_ERRORS,
            Counter.OBJECTS_RECOVERED,
            Counter.BYTES_RECOVERED,
            Counter.KEYS_RECOVERED,
            Counter.OBJECTS_OMAP,
            Counter.OBJECTS_HIT_SET_ARCHIVE,
            Counter.BYTES_HIT_SET_ARCHIVE,
            Counter.FLUSHES,
            Counter.FLUSH_KIB,
            Counter.EVICTIONS,
            Counter.EVICT_KIB,
            Counter.PROMOTIONS,
            Counter.FLUSH_MODE_HIGH,
            Counter.FLUSH_MODE_LOW,
            Counter.EVICT_MODE_SOME,
            Counter.EVICT_MODE_FULL,
            Counter.OBJECTS_PINNED,
            Counter.LEGACY_SNAPSETS,
            Counter.LARGE_OMAP_OBJECTS,
            Counter.OBJECTS_MANIFEST,
            Counter.OMAP_BYTES,
            Counter.OMAP_KEYS,
            Counter.OBJECTS_REPAIRED);

    private PgJson() {}

    static Json sum(ObjectStats s) {
        Json json = Json.object();
        ORDER.forEach(c -> json.put(c.toString(), s.get(c)));
        return json;
    }

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
        PgStats.Stamps st = s.stamps();
        return Json.object()
                .put("pgid", pg.toString())
                .put("version", s.version().toString())
                .put("reported_seq", s.reportedSequence())
                .put("reported_epoch", Integer.toUnsignedLong(s.reportedEpoch()))
                .put("state", PgState.names(s.state()))
                .put("last_fresh", Stamps.iso(st.fresh()))
                .put("last_change", Stamps.iso(st.change()))
                .put("last_active", Stamps.iso(st.active()))
                .put("last_peered", Stamps.iso(st.peered()))
                .put("last_clean", Stamps.iso(st.clean()))
                .put("last_became_active", Stamps.iso(st.becameActive()))
                .put("last_became_peered", Stamps.iso(st.becamePeered()))
                .put("last_unstale", Stamps.iso(st.unstale()))
                .put("last_undegraded", Stamps.iso(st.undegraded()))
                .put("last_fullsized", Stamps.iso(st.fullsized()))
                .put("mapping_epoch", Integer.toUnsignedLong(s.mapping().epoch()))
                .put("log_start", s.logStart().toString())
                .put("ondisk_log_start", s.ondiskLogStart().toString())
                .put("created", Integer.toUnsignedLong(s.created()))
                .put("last_epoch_clean", Integer.toUnsignedLong(s.lastEpochClean()))
                .put("parent", s.parent().toString())
                .put("parent_split_bits", s.parentSplitBits())
                .put("last_scrub", s.scrub().lastScrub().toString())
                .put("last_scrub_stamp", Stamps.iso(s.scrub().lastScrubStamp()))
                .put("last_deep_scrub", s.scrub().lastDeepScrub().toString())
                .put("last_deep_scrub_stamp", Stamps.iso(s.scrub().lastDeepScrubStamp()))
                .put("last_clean_scrub_stamp", Stamps.iso(s.scrub().lastCleanScrubStamp()))
                .put("log_size", s.logSize())
                .put("ondisk_log_size", s.ondiskLogSize())
                .put("stats_invalid", s.invalid().stats())
                .put("dirty_stats_invalid", s.invalid().dirtyStats())
                .put("omap_stats_invalid", s.invalid().omapStats())
                .put("hitset_stats_invalid", s.invalid().hitSetStats())
                .put("hitset_bytes_stats_invalid", s.invalid().hitSetBytesStats())
                .put("pin_stats_invalid", s.invalid().pinStats())
                .put("manifest_stats_invalid", s.invalid().manifestStats())
                .put("snaptrimq_len", s.snapTrimQueueLength())
                .put("stat_sum", sum(s.stats()))
                .put("up", s.mapping().up())
                .put("acting", s.mapping().acting())
                .put("avail_no_missing", List.of())
                .put("object_location_counts", List.of())
                .put("blocked_by", s.blockedBy())
                .put("up_primary", s.mapping().upPrimary())
                .put("acting_primary", s.mapping().actingPrimary())
                .put("purged_snaps", List.of());
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
                .put("network_ping_times", List.of());
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
                .put("stat_sum", sum(sum))
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
        StoreStatfs space = map.space(osdmap);
        int pgs = map.osds().values().stream().mapToInt(OsdStat::pgs).sum();
        int count = map.osds().size();
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
                .put("stat_sum", sum(d.stats()))
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
