package io.spirula.mon.service;

import io.spirula.common.command.CommandCall;
import io.spirula.common.command.CommandTable;
import io.spirula.common.command.Json;
import io.spirula.common.command.Outcome;
import io.spirula.common.maps.OsdMap;
import io.spirula.common.maps.PgPool;
import io.spirula.common.maps.PoolFlag;
import io.spirula.common.maps.PoolOptions;
import io.spirula.common.types.Errno;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code osd pool get}. Source of its answers: mon/OSDMonitor.cc. */
final class PoolGetCommand {
    /** Flags that are settings of their own name, in the order in which {@code all} shows them. */
    static final List<PoolFlag> FLAGS = List.of(
            PoolFlag.HASHPSPOOL,
            PoolFlag.NODELETE,
            PoolFlag.NOPGCHANGE,
            PoolFlag.NOSIZECHANGE,
            PoolFlag.WRITE_FADVISE_DONTNEED,
            PoolFlag.NOSCRUB,
            PoolFlag.NODEEP_SCRUB);

    /** What a pool may be asked for. */
    private static final String VARIABLES =
            "size|min_size|pg_num|pgp_num|crush_rule|hashpspool|nodelete|nopgchange|nosizechange|"
                    + "write_fadvise_dontneed|noscrub|nodeep-scrub|hit_set_type|hit_set_period|hit_set_count|"
                    + "hit_set_fpp|use_gmt_hitset|target_max_objects|target_max_bytes|"
                    + "cache_target_dirty_ratio|cache_target_dirty_high_ratio|cache_target_full_ratio|"
                    + "cache_min_flush_age|cache_min_evict_age|erasure_code_profile|"
                    + "min_read_recency_for_promote|all|min_write_recency_for_promote|fast_read|"
                    + "hit_set_grade_decay_rate|hit_set_search_last_n|scrub_min_interval|scrub_max_interval|"
                    + "deep_scrub_interval|recovery_priority|recovery_op_priority|scrub_priority|"
                    + "compression_mode|compression_algorithm|compression_required_ratio|"
                    + "compression_max_blob_size|compression_min_blob_size|csum_type|csum_min_block|"
                    + "csum_max_block|allow_ec_overwrites|fingerprint_algorithm|pg_autoscale_mode|"
                    + "pg_autoscale_bias|pg_num_min|pg_num_max|target_size_bytes|target_size_ratio|"
                    + "dedup_tier|dedup_chunk_algorithm|dedup_cdc_chunk_size|bulk";

    /** Options that {@code all} shows behind the others, in this order. */
    private static final List<String> LAST = List.of(
            "pg_num_min",
            "target_size_bytes",
            "target_size_ratio",
            "pg_autoscale_bias",
            "dedup_tier",
            "dedup_chunk_algorithm",
            "dedup_cdc_chunk_size",
            "pg_num_max");

    private final OsdmapService osdmap;

    PoolGetCommand(OsdmapService osdmap) {
        this.osdmap = osdmap;
    }

    void register(CommandTable table) {
        table.add(
                "osd pool get name=pool,type=CephPoolname" + " name=var,type=CephChoices,strings=" + VARIABLES,
                "get pool parameter <var>",
                "osd",
                "r",
                this::get);
    }

    private Outcome get(CommandCall call) {
        OsdMap map = osdmap.map();
        String name = call.string("pool");
        long id = map.poolId(name);
        PgPool pool = map.pool(id);
        if (pool == null) {
            return Outcome.refused(Errno.ENOENT, "unrecognized pool '" + name + "'");
        }
        String variable = call.string("var");
        Map<String, Object> all = values(map, pool);
        Map<String, Object> shown = new LinkedHashMap<>();
        if (variable.equals("all")) {
            shown.putAll(all);
        } else if (all.containsKey(variable)) {
            shown.put(variable, all.get(variable));
        } else if (PoolOptions.KEYS.contains(variable)) {
            return Outcome.refused(Errno.ENOENT, "option '" + variable + "' is not set on pool '" + name + "'");
        } else if (variable.equals("erasure_code_profile") || variable.equals("allow_ec_overwrites")) {
            return Outcome.refused(Errno.EACCES, "pool '" + name + "' is not a erasure pool: variable not applicable");
        } else if (!List.of(VARIABLES.split("\\|")).contains(variable)) {
            return Outcome.refused(Errno.EINVAL, "pool '" + name + "': invalid variable: '" + variable + "'");
        } else {
            return Outcome.refused(Errno.EACCES, "pool '" + name + "' is not a tier pool: variable not applicable");
        }
        if (call.format().equals("plain")) {
            StringBuilder out = new StringBuilder();
            shown.forEach((key, value) ->
                    out.append(key).append(": ").append(plain(key, value)).append('\n'));
            return Outcome.output(out.toString());
        }
        Json json = Json.object().put("pool", name).put("pool_id", id);
        shown.forEach(json::put);
        return Json.answer(call, json);
    }

    private static String plain(String key, Object value) {
        if (key.equals("use_gmt_hitset")) {
            return value.equals(true) ? "1" : "0";
        }
        return value instanceof Double d ? Json.number(d, 6) : value.toString();
    }

    private Map<String, Object> values(OsdMap map, PgPool pool) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("size", pool.size());
        all.put("min_size", pool.minSize());
        all.put("pg_num", pool.pgNum());
        all.put("pgp_num", pool.pgpNum());
        String rule = CrushEdits.decoded(map).ruleName(pool.crushRule());
        all.put("crush_rule", rule == null ? Integer.toString(pool.crushRule()) : rule);
        FLAGS.forEach(flag -> all.put(flag.toString(), pool.has(flag)));
        all.put("use_gmt_hitset", pool.useGmtHitset());
        if (pool.isErasure()) {
            all.put("erasure_code_profile", pool.erasureCodeProfile());
        }
        all.put("fast_read", pool.fastRead() ? 1 : 0);
        for (String key : PoolOptions.KEYS) {
            Object value = pool.options().value(key);
            if (value != null && !LAST.contains(key)) {
                all.put(key, key.equals("csum_type") ? PoolOptionValue.checksum((Long) value) : value);
            }
        }
        all.put("pg_autoscale_mode", PgPool.AUTOSCALE_MODES.get(pool.autoscaleMode()));
        for (String key : LAST) {
            Object value = pool.options().value(key);
            if (value != null) {
                all.put(key, value);
            }
        }
        all.put("bulk", pool.has(PoolFlag.BULK));
        return all;
    }
}
