package io.spirula.common.pg;

import io.spirula.common.command.Json;
import io.spirula.common.format.Times;
import io.spirula.common.pg.ObjectStats.Counter;
import io.spirula.common.types.ObjectId;
import io.spirula.common.types.ShardPgId;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** What placement groups say of themselves, in the JSON of {@code pg dump} and {@code pg query}. Source: osd/osd_types.cc, the types' dump functions. */
public final class PgDump {
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

    private PgDump() {}

    public static Json sum(ObjectStats s) {
        Json json = Json.object();
        ORDER.forEach(c -> json.put(c.toString(), s.get(c)));
        return json;
    }

    /** Ceph: pg_stat_t::dump. */
    public static Json stats(PgStats s) {
        PgStats.Stamps st = s.stamps();
        Json json = Json.object()
                .put("version", s.version().toString())
                .put("reported_seq", s.reportedSequence())
                .put("reported_epoch", Integer.toUnsignedLong(s.reportedEpoch()))
                .put("state", PgState.names(s.state()))
                .put("last_fresh", Times.local(st.fresh()))
                .put("last_change", Times.local(st.change()))
                .put("last_active", Times.local(st.active()))
                .put("last_peered", Times.local(st.peered()))
                .put("last_clean", Times.local(st.clean()))
                .put("last_became_active", Times.local(st.becameActive()))
                .put("last_became_peered", Times.local(st.becamePeered()))
                .put("last_unstale", Times.local(st.unstale()))
                .put("last_undegraded", Times.local(st.undegraded()))
                .put("last_fullsized", Times.local(st.fullsized()))
                .put("mapping_epoch", Integer.toUnsignedLong(s.mapping().epoch()))
                .put("log_start", s.logStart().toString())
                .put("ondisk_log_start", s.ondiskLogStart().toString())
                .put("created", Integer.toUnsignedLong(s.created()))
                .put("last_epoch_clean", Integer.toUnsignedLong(s.lastEpochClean()))
                .put("parent", s.parent().toString())
                .put("parent_split_bits", s.parentSplitBits());
        return scrub(json, s.scrub())
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
                .put("avail_no_missing", shards(s.availNoMissing()))
                .put("object_location_counts", locations(s))
                .put("blocked_by", s.blockedBy())
                .put("up_primary", s.mapping().upPrimary())
                .put("acting_primary", s.mapping().actingPrimary())
                .put("purged_snaps", List.of());
    }

    private static Json scrub(Json json, ScrubHistory s) {
        return json.put("last_scrub", s.lastScrub().toString())
                .put("last_scrub_stamp", Times.local(s.lastScrubStamp()))
                .put("last_deep_scrub", s.lastDeepScrub().toString())
                .put("last_deep_scrub_stamp", Times.local(s.lastDeepScrubStamp()))
                .put("last_clean_scrub_stamp", Times.local(s.lastCleanScrubStamp()));
    }

    private static List<Object> locations(PgStats s) {
        List<Object> list = new ArrayList<>();
        for (Map.Entry<? extends Collection<PgShard>, Integer> e :
                s.objectLocationCounts().entrySet()) {
            String shards =
                    String.join(",", e.getKey().stream().map(PgShard::toString).toList());
            list.add(Json.object().put("shards", shards).put("objects", e.getValue()));
        }
        return list;
    }

    /** OSDs, with their shards where the group is erasure-coded, as text. */
    public static List<Object> shards(Iterable<PgShard> shards) {
        return Json.list(shards, PgShard::toString);
    }

    /** Ceph: pg_info_t::dump. */
    public static Json info(PgInfo i) {
        return Json.object()
                .put("pgid", i.pg().toString())
                .put("last_update", i.lastUpdate().toString())
                .put("last_complete", i.lastComplete().toString())
                .put("log_tail", i.logTail().toString())
                .put("last_user_version", i.lastUserVersion())
                .put("last_backfill", i.lastBackfill().toString())
                .put("purged_snaps", List.of())
                .put("history", history(i.history()))
                .put("stats", stats(i.stats()))
                .put("empty", i.isEmpty() ? 1 : 0)
                .put("dne", i.doesNotExist() ? 1 : 0)
                .put("incomplete", i.isIncomplete() ? 1 : 0)
                .put("last_epoch_started", Integer.toUnsignedLong(i.lastEpochStarted()))
                .put(
                        "hit_set_history",
                        Json.object().put("current_last_update", "0'0").put("history", List.of()));
    }

    /** Ceph: pg_history_t::dump. */
    static Json history(PgHistory h) {
        Json json = Json.object()
                .put("epoch_created", Integer.toUnsignedLong(h.epochCreated()))
                .put("epoch_pool_created", Integer.toUnsignedLong(h.epochPoolCreated()))
                .put("last_epoch_started", Integer.toUnsignedLong(h.lastEpochStarted()))
                .put("last_interval_started", Integer.toUnsignedLong(h.lastIntervalStarted()))
                .put("last_epoch_clean", Integer.toUnsignedLong(h.lastEpochClean()))
                .put("last_interval_clean", Integer.toUnsignedLong(h.lastIntervalClean()))
                .put("last_epoch_split", Integer.toUnsignedLong(h.lastEpochSplit()))
                .put("last_epoch_marked_full", Integer.toUnsignedLong(h.lastEpochMarkedFull()))
                .put("same_up_since", Integer.toUnsignedLong(h.sameUpSince()))
                .put("same_interval_since", Integer.toUnsignedLong(h.sameIntervalSince()))
                .put("same_primary_since", Integer.toUnsignedLong(h.samePrimarySince()));
        double seconds = h.priorReadableUntilUpperBound().toNanos() / 1e9;
        return scrub(json, h.scrub()).put("prior_readable_until_ub", seconds);
    }

    /** Ceph: pi_compact_rep::dump; within a list, as if there could be several. */
    public static List<Object> intervals(PastIntervals past) {
        if (past.isEmpty()) {
            return List.of();
        }
        Json all = Json.object()
                .put("first", Integer.toUnsignedString(past.first()))
                .put("last", Integer.toUnsignedString(past.last()))
                .put("all_participants", Json.list(past.allParticipants(), PgDump::shard))
                .put(
                        "intervals",
                        Json.list(
                                past.intervals(),
                                i -> Json.object()
                                        .put("first", Integer.toUnsignedString(i.first()))
                                        .put("last", Integer.toUnsignedString(i.last()))
                                        .put(
                                                "acting",
                                                String.join(
                                                        ",",
                                                        i.acting().stream()
                                                                .map(PgShard::toString)
                                                                .toList()))));
        return List.of(all);
    }

    private static Json shard(PgShard shard) {
        Json json = Json.object().put("osd", shard.osd());
        return shard.shard() == ShardPgId.NO_SHARD ? json : json.put("shard", shard.shard());
    }

    /** Ceph: hobject_t::dump. */
    public static Json object(ObjectId id) {
        return Json.object()
                .put("oid", text(id.name().toArray()))
                .put("key", text(id.key().toArray()))
                .put("snapid", id.snap())
                .put("hash", Integer.toUnsignedLong(id.hash()))
                .put("max", id.max() ? 1 : 0)
                .put("pool", id.pool())
                .put("namespace", text(id.namespace().toArray()));
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
