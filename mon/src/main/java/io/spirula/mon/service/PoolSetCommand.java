package io.spirula.mon.service;

import io.spirula.common.command.CommandCall;
import io.spirula.common.command.CommandTable;
import io.spirula.common.command.Outcome;
import io.spirula.common.command.Refusal;
import io.spirula.common.config.Config;
import io.spirula.common.maps.OsdMap;
import io.spirula.common.maps.PgPool;
import io.spirula.common.maps.PoolFlag;
import io.spirula.common.maps.PoolOptions;
import io.spirula.common.types.Errno;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code osd pool set}. Source of its answers and limits: mon/OSDMonitor.cc, prepare_command_pool_set. */
final class PoolSetCommand {
    /** Settings of cache tiers, which no pool here is. */
    private static final List<String> TIERS = List.of(
            "hit_set_type",
            "hit_set_period",
            "hit_set_count",
            "hit_set_fpp",
            "use_gmt_hitset",
            "target_max_objects",
            "target_max_bytes",
            "cache_target_dirty_ratio",
            "cache_target_dirty_high_ratio",
            "cache_target_full_ratio",
            "cache_min_flush_age",
            "cache_min_evict_age",
            "min_read_recency_for_promote",
            "min_write_recency_for_promote",
            "hit_set_grade_decay_rate",
            "hit_set_search_last_n");

    private static final List<String> PG_NUMS = List.of("pg_num", "pg_num_actual", "pgp_num", "pgp_num_actual");

    private final OsdmapService osdmap;
    private final Config config;
    private final PoolPgNums numbers;

    PoolSetCommand(OsdmapService osdmap, Config config) {
        this.osdmap = osdmap;
        this.config = config;
        numbers = new PoolPgNums(config);
    }

    void register(CommandTable table) {
        table.add(
                "osd pool set name=pool,type=CephPoolname"
                        + " name=var,type=CephChoices,strings=size|min_size|pg_num|pgp_num|pgp_num_actual|crush_rule|hashpspool|nodelete|nopgchange|nosizechange|write_fadvise_dontneed|noscrub|nodeep-scrub|hit_set_type|hit_set_period|hit_set_count|hit_set_fpp|use_gmt_hitset|target_max_bytes|target_max_objects|cache_target_dirty_ratio|cache_target_dirty_high_ratio|cache_target_full_ratio|cache_min_flush_age|cache_min_evict_age|min_read_recency_for_promote|min_write_recency_for_promote|fast_read|hit_set_grade_decay_rate|hit_set_search_last_n|scrub_min_interval|scrub_max_interval|deep_scrub_interval|recovery_priority|recovery_op_priority|scrub_priority|compression_mode|compression_algorithm|compression_required_ratio|compression_max_blob_size|compression_min_blob_size|csum_type|csum_min_block|csum_max_block|allow_ec_overwrites|fingerprint_algorithm|pg_autoscale_mode|pg_autoscale_bias|pg_num_min|pg_num_max|target_size_bytes|target_size_ratio|dedup_tier|dedup_chunk_algorithm|dedup_cdc_chunk_size|bulk"
                        + " name=val,type=CephString name=yes_i_really_mean_it,type=CephBool,req=false",
                "set pool parameter <var> to <val>",
                "osd",
                "rw",
                this::set);
    }

    private Outcome set(CommandCall call) {
        OsdMap map = osdmap.pendingMap();
        String name = call.string("pool");
        long id = map.poolId(name);
        PgPool pool = map.pool(id);
        if (pool == null) {
            return Outcome.refused(Errno.ENOENT, "unrecognized pool '" + name + "'");
        }
        String variable = call.string("var");
        String value = call.string("val");
        if (TIERS.contains(variable) && !pool.isTier()) {
            return Outcome.refused(Errno.EACCES, "(13) Permission denied");
        }
        int epoch = osdmap.map().epoch() + 1;
        PgPool.Builder changed = PG_NUMS.contains(variable)
                ? numbers.set(map, id, pool, variable, value, epoch)
                : changed(call, map, pool, variable, value);
        if (variable.startsWith("pg_num") && changed.build().equals(pool)) {
            return Outcome.text("");
        }
        osdmap.change(inc -> inc.putPool(id, changed.lastChange(epoch).build()));
        boolean unset = PoolOptions.KEYS.contains(variable) && value.equals("unset");
        return Outcome.committed(
                unset ? "unset pool " + id + " " + variable : "set pool " + id + " " + variable + " to " + value);
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
            return b.options(pool.options().with(variable, new PoolOptionValue(map, pool).of(variable, value)));
        }
        return switch (variable) {
            case "size" -> size(call, pool, value);
            case "min_size" -> minSize(pool, StrictNumbers.integer(value));
            case "crush_rule" -> {
                int rule = CrushEdits.decoded(map).ruleId(value);
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
                if (!pool.isErasure()) {
                    throw new Refusal(Errno.EINVAL, "fast read is not supported in replication pool");
                }
                yield b.fastRead(onOrOff(value));
            }
            case "allow_ec_overwrites" ->
                throw new Refusal(Errno.EINVAL, "ec overwrites can only be enabled for an erasure coded pool");
            default -> throw new Refusal(Errno.EINVAL, "unrecognized variable '" + variable + "'");
        };
    }

    private static PgPool.Builder minSize(PgPool pool, long wanted) {
        if (pool.has(PoolFlag.NOSIZECHANGE)) {
            throw new Refusal(
                    Errno.EPERM,
                    "pool min size change is disabled; you must unset nosizechange flag for the pool first");
        }
        if (wanted < 1 || wanted > pool.size()) {
            throw new Refusal(Errno.EINVAL, "pool min_size must be between 1 and size, which is set to " + pool.size());
        }
        return pool.toBuilder().minSize((int) wanted);
    }

    private PgPool.Builder size(CommandCall call, PgPool pool, String value) {
        if (pool.has(PoolFlag.NOSIZECHANGE)) {
            throw new Refusal(
                    Errno.EPERM, "pool size change is disabled; you must unset nosizechange flag for the pool first");
        }
        if (pool.isErasure()) {
            throw new Refusal(Errno.EOPNOTSUPP, "can not change the size of an erasure-coded pool");
        }
        long wanted = StrictNumbers.integer(value);
        if (wanted <= 0 || wanted > 10) {
            throw new Refusal(Errno.EINVAL, "pool size must be between 1 and 10");
        }
        int size = (int) wanted;
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
        int minSize = PoolCommands.defaultMinSize(config, size);
        return pool.toBuilder()
                .size(size)
                .minSize(size < pool.minSize() || size > pool.size() ? minSize : pool.minSize());
    }

    private static @Nullable PoolFlag flag(String variable) {
        List<PoolFlag> settable = new ArrayList<>(PoolGetCommand.FLAGS);
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
            case "true", "1" -> true;
            case "false", "0" -> false;
            default -> throw new Refusal(Errno.EINVAL, "expecting value 'true', 'false', '0', or '1'");
        };
    }
}
