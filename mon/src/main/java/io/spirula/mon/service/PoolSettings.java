package io.spirula.mon.service;

import io.spirula.common.command.CommandCall;
import io.spirula.common.command.CommandTable;
import io.spirula.common.command.Json;
import io.spirula.common.command.Outcome;
import io.spirula.common.command.Refusal;
import io.spirula.common.config.Config;
import io.spirula.common.maps.OsdMap;
import io.spirula.common.maps.PgPool;
import io.spirula.common.maps.PoolFlag;
import io.spirula.common.maps.PoolOptions;
import io.spirula.common.types.Errno;
import io.spirula.crush.CrushMap;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code osd pool get} and {@code osd pool set}. Source of their answers: mon/OSDMonitor.cc. */
public final class PoolSettings {
    /** Flags that are settings of their own name, in the order in which {@code all} shows them. */
    private static final List<PoolFlag> FLAGS = List.of(
            PoolFlag.HASHPSPOOL,
            PoolFlag.NODELETE,
            PoolFlag.NOPGCHANGE,
            PoolFlag.NOSIZECHANGE,
            PoolFlag.WRITE_FADVISE_DONTNEED,
            PoolFlag.NOSCRUB,
            PoolFlag.NODEEP_SCRUB);

    private static final List<String> REAL_OPTIONS = List.of(
            "scrub_min_interval",
            "scrub_max_interval",
            "deep_scrub_interval",
            "compression_required_ratio",
            "target_size_ratio",
            "pg_autoscale_bias");
    private static final List<String> TEXT_OPTIONS =
            List.of("compression_mode", "compression_algorithm", "fingerprint_algorithm", "dedup_chunk_algorithm");

    private final OsdmapService osdmap;
    private final Config config;

    public PoolSettings(OsdmapService osdmap, Config config) {
        this.osdmap = osdmap;
        this.config = config;
    }

    public void register(CommandTable table) {
        table.add(
                "osd pool get name=pool,type=CephPoolname"
                        + " name=var,type=CephChoices,strings=size|min_size|pg_num|pgp_num|crush_rule|hashpspool|nodelete|nopgchange|nosizechange|write_fadvise_dontneed|noscrub|nodeep-scrub|hit_set_type|hit_set_period|hit_set_count|hit_set_fpp|use_gmt_hitset|target_max_objects|target_max_bytes|cache_target_dirty_ratio|cache_target_dirty_high_ratio|cache_target_full_ratio|cache_min_flush_age|cache_min_evict_age|erasure_code_profile|min_read_recency_for_promote|all|min_write_recency_for_promote|fast_read|hit_set_grade_decay_rate|hit_set_search_last_n|scrub_min_interval|scrub_max_interval|deep_scrub_interval|recovery_priority|recovery_op_priority|scrub_priority|compression_mode|compression_algorithm|compression_required_ratio|compression_max_blob_size|compression_min_blob_size|csum_type|csum_min_block|csum_max_block|allow_ec_overwrites|fingerprint_algorithm|pg_autoscale_mode|pg_autoscale_bias|pg_num_min|pg_num_max|target_size_bytes|target_size_ratio|dedup_tier|dedup_chunk_algorithm|dedup_cdc_chunk_size|bulk",
                "get pool parameter <var>",
                "osd",
                "r",
                this::get);
        table.add(
                "osd pool set name=pool,type=CephPoolname"
                        + " name=var,type=CephChoices,strings=size|min_size|pg_num|pgp_num|pgp_num_actual|crush_rule|hashpspool|nodelete|nopgchange|nosizechange|write_fadvise_dontneed|noscrub|nodeep-scrub|hit_set_type|hit_set_period|hit_set_count|hit_set_fpp|use_gmt_hitset|target_max_bytes|target_max_objects|cache_target_dirty_ratio|cache_target_dirty_high_ratio|cache_target_full_ratio|cache_min_flush_age|cache_min_evict_age|min_read_recency_for_promote|min_write_recency_for_promote|fast_read|hit_set_grade_decay_rate|hit_set_search_last_n|scrub_min_interval|scrub_max_interval|deep_scrub_interval|recovery_priority|recovery_op_priority|scrub_priority|compression_mode|compression_algorithm|compression_required_ratio|compression_max_blob_size|compression_min_blob_size|csum_type|csum_min_block|csum_max_block|allow_ec_overwrites|fingerprint_algorithm|pg_autoscale_mode|pg_autoscale_bias|pg_num_min|pg_num_max|target_size_bytes|target_size_ratio|dedup_tier|dedup_chunk_algorithm|dedup_cdc_chunk_size|bulk"
                        + " name=val,type=CephString name=yes_i_really_mean_it,type=CephBool,req=false",
                "set pool parameter <var> to <val>",
                "osd",
                "rw",
                this::set);
    }

    private Outcome get(CommandCall call) {
        OsdMap map = osdmap.map();
        String name = call.string("pool");
        String variable = call.string("var");
        long id = map.poolId(name);
        PgPool pool = map.pool(id);
        if (pool == null) {
            return Outcome.refused(Errno.ENOENT, "unrecognized pool '" + name + "'");
        }
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
        String rule = CrushMap.decode(map.crush().toArray()).ruleName(pool.crushRule());
        all.put("crush_rule", rule == null ? Integer.toString(pool.crushRule()) : rule);
        FLAGS.forEach(flag -> all.put(flag.toString(), pool.has(flag)));
        all.put("use_gmt_hitset", pool.useGmtHitset());
        if (pool.isErasure()) {
            all.put("erasure_code_profile", pool.erasureCodeProfile());
        }
        all.put("fast_read", pool.fastRead() ? 1 : 0);
        for (String key : PoolOptions.KEYS) {
            Object value = pool.options().value(key);
            if (value != null
                    && !key.startsWith("pg_num")
                    && !key.startsWith("target_size")
                    && !key.equals("pg_autoscale_bias")) {
                all.put(key, value);
            }
        }
        all.put("pg_autoscale_mode", PgPool.AUTOSCALE_MODES.get(pool.autoscaleMode()));
        for (String key :
                List.of("pg_num_min", "pg_num_max", "target_size_bytes", "target_size_ratio", "pg_autoscale_bias")) {
            Object value = pool.options().value(key);
            if (value != null) {
                all.put(key, value);
            }
        }
        all.put("bulk", pool.has(PoolFlag.BULK));
        return all;
    }

    private Outcome set(CommandCall call) {
        OsdMap map = osdmap.pendingMap();
        String name = call.string("pool");
        String variable = call.string("var");
        String value = call.string("val");
        long id = map.poolId(name);
        PgPool pool = map.pool(id);
        if (pool == null) {
            return Outcome.refused(Errno.ENOENT, "unrecognized pool '" + name + "'");
        }
        PgPool.Builder changed = changed(call, map, pool, variable, value);
        int epoch = osdmap.map().epoch() + 1;
        osdmap.change(inc -> inc.putPool(id, changed.lastChange(epoch).build()));
        return Outcome.committed("set pool " + id + " " + variable + " to " + value);
    }

    private PgPool.Builder changed(CommandCall call, OsdMap map, PgPool pool, String variable, String value) {
        PgPool.Builder b = pool.toBuilder();
        PoolFlag flag = flag(variable);
        if (flag != null) {
            if (flag == PoolFlag.HASHPSPOOL && !call.flag("yes_i_really_mean_it")) {
                throw new Refusal(
                        Errno.EPERM,
                        "are you SURE?  this will remap all placement groups in this pool, this triggers large data"
                                + " movement, pass --yes-i-really-mean-it if you really do.");
            }
            return b.flag(flag, onOrOff(value));
        }
        if (PoolOptions.KEYS.contains(variable)) {
            return b.options(pool.options().with(variable, option(variable, value)));
        }
        return switch (variable) {
            case "size" -> size(call, pool, (int) number(variable, value));
            case "min_size" -> {
                long n = number(variable, value);
                if (n < 1 || n > pool.size()) {
                    throw new Refusal(
                            Errno.EINVAL, "pool min_size must be between 1 and size, which is set to " + pool.size());
                }
                yield b.minSize((int) n);
            }
            case "pg_num" -> {
                if (number(variable, value) != pool.pgNum()) {
                    throw new Refusal(Errno.EOPNOTSUPP, "splitting and merging placement groups is not supported yet");
                }
                yield b;
            }
            case "pgp_num", "pgp_num_actual" -> {
                long n = number(variable, value);
                if (n <= 0 || n > pool.pgNum()) {
                    throw new Refusal(Errno.EINVAL, "specified pgp_num must be > 0 and <= pg_num " + pool.pgNum());
                }
                yield b.pgpNum((int) n).pgpNumTarget((int) n);
            }
            case "crush_rule" -> {
                int rule = CrushMap.decode(map.crush().toArray()).ruleId(value);
                if (rule < 0) {
                    throw new Refusal(Errno.ENOENT, "crush rule " + value + " does not exist");
                }
                yield b.crushRule(rule);
            }
            case "pg_autoscale_mode" -> {
                int mode = PgPool.AUTOSCALE_MODES.indexOf(value);
                if (mode < 0) {
                    throw new Refusal(Errno.EINVAL, "specified invalid mode " + value);
                }
                yield b.autoscaleMode(mode);
            }
            case "fast_read" -> {
                if (!pool.isErasure() && onOrOff(value)) {
                    throw new Refusal(Errno.EINVAL, "fast read is not supported in replication pool");
                }
                yield b.fastRead(onOrOff(value));
            }
            case "target_max_objects" -> b.targetMaxObjects(number(variable, value));
            case "target_max_bytes" -> b.targetMaxBytes(number(variable, value));
            case "use_gmt_hitset" -> b.useGmtHitset(onOrOff(value));
            default -> throw new Refusal(Errno.EOPNOTSUPP, "setting '" + variable + "' is not supported yet");
        };
    }

    private PgPool.Builder size(CommandCall call, PgPool pool, int size) {
        if (pool.has(PoolFlag.NOSIZECHANGE)) {
            throw new Refusal(
                    Errno.EPERM, "pool size change is disabled; you must unset nosizechange flag for the pool first");
        }
        if (pool.isErasure()) {
            throw new Refusal(Errno.EOPNOTSUPP, "can not change the size of an erasure-coded pool");
        }
        if (size <= 0 || size > 10) {
            throw new Refusal(Errno.EINVAL, "pool size must be between 1 and 10");
        }
        if (size == 1) {
            if (!config.bool("mon_allow_pool_size_one", false)) {
                throw new Refusal(Errno.EPERM, "configuring pool size as 1 is disabled by default.");
            }
            if (!call.flag("yes_i_really_mean_it")) {
                throw new Refusal(
                        Errno.EPERM,
                        "WARNING: setting pool size 1 could lead to data loss without recovery. If you are *ABSOLUTELY"
                                + " CERTAIN* that is what you want, pass the flag --yes-i-really-mean-it.");
            }
        }
        int defaultMinSize = (int) config.integer("osd_pool_default_min_size", 0);
        int minSize = defaultMinSize > 0 ? Math.min(defaultMinSize, size) : size - size / 2;
        return pool.toBuilder()
                .size(size)
                .minSize(size < pool.minSize() || size > pool.size() ? minSize : pool.minSize());
    }

    private static @Nullable PoolFlag flag(String variable) {
        List<PoolFlag> settable = new ArrayList<>(FLAGS);
        settable.add(PoolFlag.BULK);
        for (PoolFlag flag : settable) {
            if (flag.toString().equals(variable)) {
                return flag;
            }
        }
        return null;
    }

    private static boolean onOrOff(String value) {
        return switch (value) {
            case "true", "1", "yes", "on" -> true;
            case "false", "0", "no", "off" -> false;
            default -> throw new Refusal(Errno.EINVAL, "expecting value 'true', 'false', '0', or '1'");
        };
    }

    private static @Nullable Object option(String key, String value) {
        if (value.equals("unset") || value.isEmpty()) {
            return null;
        }
        if (TEXT_OPTIONS.contains(key)) {
            return value;
        }
        if (REAL_OPTIONS.contains(key)) {
            try {
                double d = Double.parseDouble(value);
                return d == 0 ? null : (Object) d;
            } catch (NumberFormatException e) {
                throw new Refusal(Errno.EINVAL, "error parsing floating point value '" + value + "'");
            }
        }
        long n = number(key, value);
        return n == 0 ? null : (Object) n;
    }

    private static long number(String variable, String value) {
        try {
            return io.spirula.common.config.ConfigValues.size(variable, value);
        } catch (io.spirula.common.config.ConfigException e) {
            throw new Refusal(
                    Errno.EINVAL,
                    "error parsing integer value '" + value + "': strict_strtoll: expected integer, got: '" + value
                            + "'");
        }
    }
}
