package io.spirula.mon.service;

import io.spirula.common.command.CommandCall;
import io.spirula.common.command.CommandTable;
import io.spirula.common.command.Outcome;
import io.spirula.common.command.Refusal;
import io.spirula.common.config.Config;
import io.spirula.common.env.Clock;
import io.spirula.common.maps.OsdMap;
import io.spirula.common.maps.PgPool;
import io.spirula.common.maps.PoolFlag;
import io.spirula.common.maps.PoolOptions;
import io.spirula.common.types.Errno;
import io.spirula.crush.CrushMap;
import io.spirula.crush.Rule;
import java.util.List;
import java.util.Objects;

/** {@code osd pool create}. Source of its answers and limits: mon/OSDMonitor.cc, prepare_new_pool. */
final class PoolCreateCommand {
    private static final int MAX_NAME = 1024;
    private static final List<String> NUMBERS = List.of(
            "pg_num", "pg_num_min", "pg_num_max", "pgp_num", "expected_num_objects", "size", "target_size_bytes");
    private static final List<String> TEXTS =
            List.of("pool_type", "pool", "rule", "erasure_code_profile", "autoscale_mode");

    private final OsdmapService osdmap;
    private final Config config;
    private final Clock clock;

    PoolCreateCommand(OsdmapService osdmap, Config config, Clock clock) {
        this.osdmap = osdmap;
        this.config = config;
        this.clock = clock;
    }

    void register(CommandTable table) {
        table.add(
                "osd pool create name=pool,type=CephPoolname name=pg_num,type=CephInt,range=0,req=false"
                        + " name=pgp_num,type=CephInt,range=0,req=false"
                        + " name=pool_type,type=CephChoices,req=false,strings=replicated|erasure"
                        + " name=erasure_code_profile,type=CephString,goodchars=[A-Za-z0-9-_.],req=false"
                        + " name=rule,type=CephString,req=false name=expected_num_objects,type=CephInt,range=0,req=false"
                        + " name=size,type=CephInt,range=0,req=false name=pg_num_min,type=CephInt,range=0,req=false"
                        + " name=pg_num_max,type=CephInt,range=0,req=false"
                        + " name=autoscale_mode,type=CephChoices,req=false,strings=on|off|warn"
                        + " name=bulk,type=CephBool,req=false name=target_size_bytes,type=CephInt,range=0,req=false"
                        + " name=target_size_ratio,type=CephFloat,range=0.0,req=false",
                "create pool",
                "osd",
                "rw",
                this::create);
    }

    private Outcome create(CommandCall call) {
        requireTypes(call);
        String name = call.string("pool");
        OsdMap map = osdmap.pendingMap();
        String given = call.string("pool_type");
        String type = given.isEmpty() ? config.string("osd_pool_default_type", "replicated") : given;
        boolean erasure = type.equals("erasure");
        PgPool existing = map.pool(map.poolId(name));
        if (existing != null) {
            return erasure != existing.isErasure()
                    ? Outcome.refused(Errno.EINVAL, "pool '" + name + "' cannot change to type " + type)
                    : Outcome.text("pool '" + name + "' already exists");
        }
        if (!erasure && !type.equals("replicated")) {
            return Outcome.refused(Errno.EINVAL, "unknown pool type '" + CommandCall.shown(type) + "'");
        }
        if (name.isEmpty()) {
            return Outcome.refused(Errno.EINVAL, "(22) Invalid argument");
        }
        if (erasure) {
            return refusedErasure(call, map);
        }
        if (expectedObjects(call) < 0) {
            return Outcome.refused(Errno.EINVAL, "'expected_num_objects' must be non-negative");
        }
        PgPool pool = newPool(call, map);
        boolean printable = name.chars().noneMatch(c -> c < 0x20 || c == 0x7f);
        if (name.length() > MAX_NAME || !printable) {
            return Outcome.refused(Errno.EINVAL, "(22) Invalid argument");
        }
        osdmap.change(inc -> inc.createPool(map.poolMax() + 1L, name, pool));
        return Outcome.committed("pool '" + name + "' created");
    }

    /** What is of another type is refused before anything is looked at. */
    private static void requireTypes(CommandCall call) {
        for (String number : NUMBERS) {
            call.integer(number, 0);
        }
        for (String text : TEXTS) {
            call.string(text);
        }
        call.real("target_size_ratio", 0);
        call.flag("bulk");
    }

    private int size(CommandCall call, Rule rule) {
        long wanted = call.integer("size", 0);
        long size = wanted == 0 ? config.integer("osd_pool_default_size", 3) : wanted;
        if (size < rule.minSize()) {
            throw new Refusal(Errno.EINVAL, "pool size is smaller than the crush rule min size");
        }
        if (size > rule.maxSize()) {
            throw new Refusal(Errno.EINVAL, "pool size is bigger than the crush rule max size");
        }
        if (wanted == 1 && !config.bool("mon_allow_pool_size_one", false)) {
            throw new Refusal(Errno.EPERM, "configuring pool size as 1 is disabled by default.");
        }
        return (int) size;
    }

    /** OSDs cannot keep shards yet; what is wrong with the profile is said first. */
    private static Outcome refusedErasure(CommandCall call, OsdMap map) {
        String profile = call.string("erasure_code_profile", "default");
        var known = map.erasureCodeProfiles().get(profile);
        if (known == null) {
            return Outcome.refused(
                    Errno.EINVAL,
                    "cannot determine the erasure code plugin because there is no 'plugin' entry in the"
                            + " erasure_code_profile {}");
        }
        ErasureCodeProfile.of(known);
        return Outcome.refused(Errno.EOPNOTSUPP, "erasure coded pools are not supported yet");
    }

    private PgPool newPool(CommandCall call, OsdMap map) {
        int ruleId = rule(call, map);
        int pgNum = checkedPgNum(call, "pg_num", (int) config.integer("osd_pool_default_pg_num", 32));
        int pgpNum = checkedPgNum(call, "pgp_num", defaultPgpNum(pgNum));
        if (pgpNum > pgNum) {
            throw new Refusal(
                    Errno.ERANGE,
                    "'pgp_num' must be greater than 0 and lower or equal than 'pg_num', which in this case is "
                            + pgNum);
        }
        int size = size(call, Objects.requireNonNull(CrushEdits.decoded(map).rule(ruleId)));
        new PoolPgNums(config).checkPgsPerOsd(map, -1, pgNum, size);
        String mode = call.string("autoscale_mode", config.string("osd_pool_default_pg_autoscale_mode", "on"));
        PoolOptions options = PoolOptions.NONE;
        for (String key : new String[] {"pg_num_min", "pg_num_max", "target_size_bytes"}) {
            if (call.integer(key, 0) > 0) {
                options = options.with(key, call.integer(key, 0));
            }
        }
        if (call.real("target_size_ratio", 0) > 0) {
            options = options.with("target_size_ratio", (double) (float) call.real("target_size_ratio", 0));
        }
        return PgPool.builder()
                .type(PgPool.REPLICATED)
                .size(size)
                .minSize(PoolCommands.defaultMinSize(config, size))
                .crushRule(ruleId)
                .pgNum(pgNum)
                .pgpNum(pgpNum)
                .pgNumTarget(pgNum)
                .pgpNumTarget(pgpNum)
                .pgNumPending(pgNum)
                .autoscaleMode(Math.max(0, PgPool.AUTOSCALE_MODES.indexOf(mode)))
                .lastChange(map.epoch() + (osdmap.isDirty() ? 0 : 1))
                .createTime(clock.now())
                .expectedNumObjects(expectedObjects(call))
                .options(options)
                .flag(PoolFlag.CREATING, true)
                .flag(PoolFlag.HASHPSPOOL, config.bool("osd_pool_default_flag_hashpspool", true))
                .flag(PoolFlag.NODELETE, config.bool("osd_pool_default_flag_nodelete", false))
                .flag(PoolFlag.NOPGCHANGE, config.bool("osd_pool_default_flag_nopgchange", false))
                .flag(PoolFlag.NOSIZECHANGE, config.bool("osd_pool_default_flag_nosizechange", false))
                .flag(
                        PoolFlag.BULK,
                        call.has("bulk") ? call.flag("bulk") : config.bool("osd_pool_default_flag_bulk", false))
                .build();
    }

    /** In the short form for replicated pools it stands where a rule's name would. */
    private static long expectedObjects(CommandCall call) {
        return call.has("erasure_code_profile") && call.has("rule")
                ? StrictNumbers.integer(call.string("rule"))
                : call.integer("expected_num_objects", 0);
    }

    private int checkedPgNum(CommandCall call, String argument, int fallback) {
        long given = call.integer(argument, 0);
        long max = config.integer("mon_max_pool_pg_num", 65536);
        if (given < 0 || given > max) {
            throw new Refusal(
                    Errno.ERANGE,
                    "'" + argument + "' must be greater than 0 and less than or equal to " + max
                            + " (you may adjust 'mon max pool pg num' for higher values)");
        }
        return given == 0 ? fallback : (int) given;
    }

    private int defaultPgpNum(int pgNum) {
        int configured = (int) config.integer("osd_pool_default_pgp_num", 0);
        return configured == 0 ? pgNum : configured;
    }

    private int rule(CommandCall call, OsdMap map) {
        CrushMap crush = CrushEdits.decoded(map);
        // In the short form for replicated pools the rule stands where a profile's name would.
        String name = call.string("erasure_code_profile", call.string("rule", ""));
        if (!name.isEmpty()) {
            int id = crush.ruleId(name);
            if (id < 0) {
                throw new Refusal(Errno.ENOENT, "specified rule " + name + " doesn't exist");
            }
            return id;
        }
        int configured = (int) config.integer("osd_pool_default_crush_rule", -1);
        if (configured >= 0 && crush.rule(configured) != null) {
            return configured;
        }
        for (int id = 0; id < crush.maxRules(); id++) {
            var rule = crush.rule(id);
            if (rule != null && rule.type() == Rule.REPLICATED) {
                return id;
            }
        }
        throw new Refusal(
                Errno.ENOENT, "No suitable CRUSH rule exists, check 'osd pool default crush *' config options");
    }
}
