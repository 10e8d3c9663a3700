package io.spirula.mon.service;

import io.spirula.common.command.CommandCall;
import io.spirula.common.command.CommandTable;
import io.spirula.common.command.Json;
import io.spirula.common.command.Outcome;
import io.spirula.common.command.Refusal;
import io.spirula.common.config.Config;
import io.spirula.common.env.Clock;
import io.spirula.common.format.Numbers;
import io.spirula.common.maps.OsdMap;
import io.spirula.common.maps.PgPool;
import io.spirula.common.maps.PoolFlag;
import io.spirula.common.maps.PoolOptions;
import io.spirula.common.types.Errno;
import io.spirula.crush.CrushMap;
import io.spirula.mon.mgr.PoolUsage;
import java.util.Collections;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/** The commands that make, rename, mark and remove pools. Source of their answers and limits: mon/OSDMonitor.cc. */
public final class PoolCommands {
    private final OsdmapService osdmap;
    private final Config config;
    private final Clock clock;
    private final PoolUsage usage;

    public PoolCommands(OsdmapService osdmap, Config config, Clock clock, PoolUsage usage) {
        this.osdmap = osdmap;
        this.config = config;
        this.clock = clock;
        this.usage = usage;
    }

    public void register(CommandTable table) {
        table.add(
                "osd pool ls name=detail,type=CephChoices,req=false,strings=detail",
                "list pools",
                "osd",
                "r",
                this::list);
        table.add("osd lspools", "list pools", "osd", "r", 4, this::listPools);
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
        table.add(
                "osd pool delete name=pool,type=CephPoolname name=pool2,type=CephPoolname,req=false"
                        + " name=yes_i_really_really_mean_it,type=CephBool,req=false"
                        + " name=yes_i_really_really_mean_it_not_faking,type=CephBool,req=false",
                "delete pool",
                "osd",
                "rw",
                4,
                this::remove);
        table.add(
                "osd pool rm name=pool,type=CephPoolname name=pool2,type=CephPoolname,req=false"
                        + " name=yes_i_really_really_mean_it,type=CephBool,req=false"
                        + " name=yes_i_really_really_mean_it_not_faking,type=CephBool,req=false",
                "remove pool",
                "osd",
                "rw",
                this::remove);
        table.add(
                "osd pool rename name=srcpool,type=CephPoolname name=destpool,type=CephPoolname",
                "rename <srcpool> to <destpool>",
                "osd",
                "rw",
                this::rename);
        table.add(
                "osd pool set-quota name=pool,type=CephPoolname"
                        + " name=field,type=CephChoices,strings=max_objects|max_bytes name=val,type=CephString",
                "set object or byte limit on pool",
                "osd",
                "rw",
                this::setQuota);
        table.add(
                "osd pool get-quota name=pool,type=CephPoolname",
                "obtain object or byte limits for pool",
                "osd",
                "r",
                this::getQuota);
        table.add(
                "osd pool application enable name=pool,type=CephPoolname"
                        + " name=app,type=CephString,goodchars=[A-Za-z0-9-_.]"
                        + " name=yes_i_really_mean_it,type=CephBool,req=false",
                "enable use of an application <app> [cephfs,rbd,rgw] on pool <poolname>",
                "osd",
                "rw",
                this::enableApplication);
        table.add(
                "osd pool application disable name=pool,type=CephPoolname name=app,type=CephString"
                        + " name=yes_i_really_mean_it,type=CephBool,req=false",
                "disables use of an application <app> on pool <poolname>",
                "osd",
                "rw",
                this::disableApplication);
        table.add(
                "osd pool application set name=pool,type=CephPoolname name=app,type=CephString"
                        + " name=key,type=CephString,goodchars=[A-Za-z0-9-_.]"
                        + " name=value,type=CephString,goodchars=[A-Za-z0-9-_.=]",
                "sets application <app> metadata key <key> to <value> on pool <poolname>",
                "osd",
                "rw",
                this::setApplicationKey);
        table.add(
                "osd pool application rm name=pool,type=CephPoolname name=app,type=CephString name=key,type=CephString",
                "removes application <app> metadata key <key> on pool <poolname>",
                "osd",
                "rw",
                this::removeApplicationKey);
        table.add(
                "osd pool application get name=pool,type=CephPoolname,req=fasle name=app,type=CephString,req=false"
                        + " name=key,type=CephString,req=false",
                "get value of key <key> of application <app> on pool <poolname>",
                "osd",
                "r",
                this::getApplications);
    }

    private Outcome list(CommandCall call) {
        OsdMap map = osdmap.map();
        boolean detail = call.string("detail", "").equals("detail");
        if (call.format().equals("plain")) {
            StringBuilder out = new StringBuilder();
            map.pools().forEach((id, pool) -> out.append(map.poolName(id)).append('\n'));
            return Outcome.output(detail ? map.printPools() : out.toString());
        }
        return detail
                ? Json.answer(call, Json.list(map.pools().keySet(), id -> MapPrinting.poolJson(map, id)))
                : Json.answer(call, Json.list(map.pools().keySet(), map::poolName));
    }

    private Outcome listPools(CommandCall call) {
        OsdMap map = osdmap.map();
        if (call.format().equals("plain")) {
            StringBuilder out = new StringBuilder();
            map.poolNames()
                    .forEach((id, name) ->
                            out.append(id).append(' ').append(name).append('\n'));
            return Outcome.output(out.toString());
        }
        return Json.answer(
                call,
                Json.list(
                        map.poolNames().entrySet(),
                        e -> Json.object().put("poolnum", e.getKey()).put("poolname", e.getValue())));
    }

    private Outcome create(CommandCall call) {
        String name = call.string("pool");
        OsdMap map = osdmap.pendingMap();
        checkName(name);
        if (map.poolId(name) >= 0) {
            return Outcome.text("pool '" + name + "' already exists");
        }
        if (call.string("pool_type", "replicated").equals("erasure")) {
            return Outcome.refused(Errno.EOPNOTSUPP, "erasure coded pools are not supported yet");
        }
        int size = (int) call.integer("size", config.integer("osd_pool_default_size", 3));
        if (size < 1 || size > 10) {
            return Outcome.refused(Errno.EINVAL, "pool size must be between 1 and 10");
        }
        if (size == 1 && call.has("size") && !config.bool("mon_allow_pool_size_one", false)) {
            return Outcome.refused(Errno.EPERM, "configuring pool size as 1 is disabled by default.");
        }
        PgPool pool = newPool(call, map, size);
        long id = map.poolMax() + 1L;
        osdmap.change(inc -> inc.createPool(id, name, pool));
        return Outcome.committed("pool '" + name + "' created");
    }

    private void checkName(String name) {
        if (name.isEmpty()) {
            throw new Refusal(Errno.EINVAL, "pool name cannot be empty");
        }
        if (name.length() > 1024 || name.chars().anyMatch(c -> c < 0x20 || c == 0x7f)) {
            throw new Refusal(Errno.EINVAL, "pool name contains invalid characters");
        }
        if (name.startsWith(".") && !name.equals(".mgr") && !name.startsWith(".rgw") && !name.startsWith(".nfs")) {
            throw new Refusal(Errno.EPERM, "pool names beginning with . are not allowed");
        }
    }

    private PgPool newPool(CommandCall call, OsdMap map, int size) {
        int pgNum = checkedPgNum(call, "pg_num", (int) config.integer("osd_pool_default_pg_num", 32));
        int pgpNum = checkedPgNum(call, "pgp_num", pgNum);
        if (pgpNum > pgNum) {
            throw new Refusal(
                    Errno.ERANGE, "'pgp_num' must be less than or equal to 'pg_num', which in this case is " + pgNum);
        }
        checkPgsPerOsd(map, -1, pgNum, size);
        int minSize = (int) config.integer("osd_pool_default_min_size", 0);
        String mode = call.string("autoscale_mode", config.string("osd_pool_default_pg_autoscale_mode", "on"));
        PoolOptions options = PoolOptions.NONE;
        for (String key : new String[] {"pg_num_min", "pg_num_max", "target_size_bytes"}) {
            if (call.integer(key, 0) > 0) {
                options = options.with(key, call.integer(key, 0));
            }
        }
        if (call.real("target_size_ratio", 0) > 0) {
            options = options.with("target_size_ratio", call.real("target_size_ratio", 0));
        }
        return PgPool.builder()
                .type(PgPool.REPLICATED)
                .size(size)
                .minSize(minSize > 0 ? Math.min(minSize, size) : size - size / 2)
                .crushRule(rule(call, map))
                .pgNum(pgNum)
                .pgpNum(pgpNum)
                .pgNumTarget(pgNum)
                .pgpNumTarget(pgpNum)
                .pgNumPending(pgNum)
                .autoscaleMode(Math.max(0, PgPool.AUTOSCALE_MODES.indexOf(mode)))
                .lastChange(map.epoch() + (osdmap.isDirty() ? 0 : 1))
                .createTime(clock.now())
                .expectedNumObjects(call.integer("expected_num_objects", 0))
                .options(options)
                .flag(PoolFlag.CREATING, true)
                .flag(PoolFlag.HASHPSPOOL, config.bool("osd_pool_default_flag_hashpspool", true))
                .flag(PoolFlag.NODELETE, config.bool("osd_pool_default_flag_nodelete", false))
                .flag(PoolFlag.BULK, call.flag("bulk"))
                .build();
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

    /** Refuses what would give each OSD too many placement groups. Ceph: check_pg_num. */
    private void checkPgsPerOsd(OsdMap map, long except, int pgNum, int size) {
        long projected = (long) pgNum * size;
        for (Map.Entry<Long, PgPool> e : map.pools().entrySet()) {
            if (e.getKey() != except) {
                projected += (long) e.getValue().pgNumTarget() * e.getValue().size();
            }
        }
        long perOsd = config.integer("mon_max_pg_per_osd", 250);
        int osds = Math.max(map.numInOsds(), 3);
        if (projected > perOsd * osds) {
            throw new Refusal(
                    Errno.ERANGE,
                    "pg_num " + pgNum + " size " + size + " would mean " + projected + " total pgs, which exceeds max "
                            + perOsd * osds + " (mon_max_pg_per_osd " + perOsd + " * num_in_osds " + osds + ")");
        }
    }

    private int rule(CommandCall call, OsdMap map) {
        CrushMap crush = CrushMap.decode(map.crush().toArray());
        // In the short form for replicated pools the rule stands where a profile's name would.
        String name = call.string("rule", call.string("erasure_code_profile", ""));
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
            if (rule != null && rule.type() == io.spirula.crush.Rule.REPLICATED) {
                return id;
            }
        }
        throw new Refusal(
                Errno.ENOENT, "No suitable CRUSH rule exists, check 'osd pool default crush *' config options");
    }

    private long existing(String name) {
        long id = osdmap.pendingMap().poolId(name);
        if (id < 0) {
            throw new Refusal(Errno.ENOENT, "unrecognized pool '" + name + "'");
        }
        return id;
    }

    private Outcome remove(CommandCall call) {
        String name = call.string("pool");
        long id = osdmap.pendingMap().poolId(name);
        if (id < 0) {
            return Outcome.text("pool '" + name + "' does not exist");
        }
        boolean sure = call.string("pool2", "").equals(name)
                && (call.flag("yes_i_really_really_mean_it") || call.flag("yes_i_really_really_mean_it_not_faking"));
        if (!sure) {
            return Outcome.refused(
                    Errno.EPERM,
                    "WARNING: this will *PERMANENTLY DESTROY* all data stored in pool " + name
                            + ".  If you are *ABSOLUTELY CERTAIN* that is what you want, pass the pool name *twice*,"
                            + " followed by --yes-i-really-really-mean-it.");
        }
        if (!config.bool("mon_allow_pool_delete", false)) {
            return Outcome.refused(
                    Errno.EPERM,
                    "pool deletion is disabled; you must first set the mon_allow_pool_delete config option to true"
                            + " before you can destroy a pool");
        }
        PgPool pool = pool(id);
        if (pool.has(PoolFlag.NODELETE)) {
            return Outcome.refused(
                    Errno.EPERM, "pool deletion is disabled; you must unset nodelete flag for the pool first");
        }
        osdmap.change(inc -> inc.removePool(id));
        return Outcome.committed("pool '" + name + "' removed");
    }

    private PgPool pool(long id) {
        PgPool pool = osdmap.pendingMap().pool(id);
        if (pool == null) {
            throw new Refusal(Errno.ENOENT, "pool " + id + " does not exist");
        }
        return pool;
    }

    private Outcome rename(CommandCall call) {
        String from = call.string("srcpool");
        String to = call.string("destpool");
        OsdMap map = osdmap.pendingMap();
        long id = map.poolId(from);
        if (id < 0) {
            return map.poolId(to) >= 0
                    ? Outcome.text(
                            "pool '" + from + "' does not exist; pool '" + to + "' does -- assuming successful rename")
                    : Outcome.refused(Errno.ENOENT, "unrecognized pool '" + from + "'");
        }
        if (map.poolId(to) >= 0) {
            return Outcome.refused(Errno.EEXIST, "pool '" + to + "' already exists");
        }
        checkName(to);
        osdmap.change(inc -> inc.putPoolName(id, to));
        return Outcome.committed("pool '" + from + "' renamed to '" + to + "'");
    }

    private void put(long id, PgPool.Builder changed) {
        int epoch = osdmap.map().epoch() + 1;
        osdmap.change(inc -> inc.putPool(id, changed.lastChange(epoch).build()));
    }

    private Outcome setQuota(CommandCall call) {
        String name = call.string("pool");
        long id = existing(name);
        String field = call.string("field");
        String text = call.string("val");
        long value;
        try {
            value = io.spirula.common.config.ConfigValues.size(field, text);
        } catch (RuntimeException e) {
            return Outcome.refused(Errno.EINVAL, "error parsing value '" + text + "'");
        }
        PgPool.Builder changed = pool(id).toBuilder();
        put(id, field.equals("max_objects") ? changed.quotaMaxObjects(value) : changed.quotaMaxBytes(value));
        return Outcome.committed("set-quota " + field + " = " + value + " for pool " + name);
    }

    private Outcome getQuota(CommandCall call) {
        String name = call.string("pool");
        long id = osdmap.map().poolId(name);
        if (id < 0) {
            return Outcome.refused(Errno.ENOENT, "unrecognized pool '" + name + "'");
        }
        PgPool pool = pool(id);
        long objects = usage.objects(id);
        long bytes = usage.bytes(id);
        if (!call.format().equals("plain")) {
            return Json.answer(
                    call,
                    Json.object()
                            .put("pool_name", name)
                            .put("pool_id", id)
                            .put("quota_max_objects", pool.quotaMaxObjects())
                            .put("current_num_objects", objects)
                            .put("quota_max_bytes", pool.quotaMaxBytes())
                            .put("current_num_bytes", bytes));
        }
        String maxObjects = pool.quotaMaxObjects() == 0
                ? "N/A"
                : Numbers.count(pool.quotaMaxObjects()) + " objects  (current num objects: " + objects + " objects)";
        String maxBytes = pool.quotaMaxBytes() == 0
                ? "N/A"
                : Numbers.bytes(pool.quotaMaxBytes()) + "  (current num bytes: " + bytes + " bytes)";
        return Outcome.output("quotas for pool '" + name + "':\n  max objects: " + maxObjects + "\n  max bytes  : "
                + maxBytes + "\n");
    }

    private Outcome enableApplication(CommandCall call) {
        String name = call.string("pool");
        String app = call.string("app");
        PgPool pool = pool(existing(name));
        if (pool.applications().containsKey(app)) {
            return Outcome.text("enabled application '" + app + "' on pool '" + name + "'");
        }
        if (!pool.applications().isEmpty() && !call.flag("yes_i_really_mean_it")) {
            return Outcome.refused(
                    Errno.EPERM,
                    "Are you SURE? Pool '" + name
                            + "' already has an enabled application; pass --yes-i-really-mean-it to proceed anyway");
        }
        TreeMap<String, NavigableMap<String, String>> apps = new TreeMap<>(pool.applications());
        apps.put(app, Collections.emptyNavigableMap());
        put(existing(name), pool.toBuilder().applications(apps));
        return Outcome.committed("enabled application '" + app + "' on pool '" + name + "'");
    }

    private Outcome disableApplication(CommandCall call) {
        String name = call.string("pool");
        String app = call.string("app");
        PgPool pool = pool(existing(name));
        if (!call.flag("yes_i_really_mean_it")) {
            return Outcome.refused(
                    Errno.EPERM,
                    "Are you SURE? Disabling an application within a pool might result in loss of application"
                            + " functionality; pass --yes-i-really-mean-it to proceed anyway");
        }
        if (!pool.applications().containsKey(app)) {
            return Outcome.text("application '" + app + "' is not enabled on pool '" + name + "'");
        }
        TreeMap<String, NavigableMap<String, String>> apps = new TreeMap<>(pool.applications());
        apps.remove(app);
        put(existing(name), pool.toBuilder().applications(apps));
        return Outcome.committed("disable application '" + app + "' on pool '" + name + "'");
    }

    private NavigableMap<String, String> application(PgPool pool, String name, String app) {
        NavigableMap<String, String> keys = pool.applications().get(app);
        if (keys == null) {
            throw new Refusal(Errno.ENOENT, "application '" + app + "' is not enabled on pool '" + name + "'");
        }
        return keys;
    }

    private Outcome setApplicationKey(CommandCall call) {
        return changeApplicationKey(call, call.string("value"));
    }

    private Outcome removeApplicationKey(CommandCall call) {
        return changeApplicationKey(call, "");
    }

    private Outcome changeApplicationKey(CommandCall call, String value) {
        String name = call.string("pool");
        String app = call.string("app");
        String key = call.string("key");
        PgPool pool = pool(existing(name));
        TreeMap<String, String> keys = new TreeMap<>(application(pool, name, app));
        boolean set = call.has("value");
        if (set) {
            keys.put(key, value);
        } else {
            keys.remove(key);
        }
        TreeMap<String, NavigableMap<String, String>> apps = new TreeMap<>(pool.applications());
        apps.put(app, Collections.unmodifiableNavigableMap(keys));
        put(existing(name), pool.toBuilder().applications(apps));
        return Outcome.committed(
                set
                        ? "set application '" + app + "' key '" + key + "' to '" + value + "' on pool '" + name + "'"
                        : "removed application '" + app + "' key '" + key + "' on pool '" + name + "'");
    }

    private Outcome getApplications(CommandCall call) {
        OsdMap map = osdmap.map();
        if (!call.has("pool")) {
            Json all = Json.object();
            map.pools().forEach((id, pool) -> all.put(String.valueOf(map.poolName(id)), applications(pool)));
            return Json.answer(call, all);
        }
        String name = call.string("pool");
        PgPool pool = pool(existing(name));
        if (!call.has("app")) {
            return Json.answer(call, applications(pool));
        }
        NavigableMap<String, String> keys = application(pool, name, call.string("app"));
        if (!call.has("key")) {
            return Json.answer(call, keys(keys));
        }
        String value = keys.get(call.string("key"));
        return value == null
                ? Outcome.refused(
                        Errno.ENOENT,
                        "application '" + call.string("app") + "' on pool '" + name + "' does not have key '"
                                + call.string("key") + "'")
                : Outcome.output(value + "\n");
    }

    private static Json applications(PgPool pool) {
        Json apps = Json.object();
        pool.applications().forEach((app, keys) -> apps.put(app, keys(keys)));
        return apps;
    }

    private static Json keys(NavigableMap<String, String> keys) {
        Json json = Json.object();
        keys.forEach(json::put);
        return json;
    }
}
