package io.spirula.mon.service;

import io.spirula.common.command.CommandCall;
import io.spirula.common.command.CommandTable;
import io.spirula.common.command.Json;
import io.spirula.common.command.Outcome;
import io.spirula.common.command.Refusal;
import io.spirula.common.maps.OsdMap;
import io.spirula.common.maps.PgPool;
import io.spirula.common.types.Errno;
import java.util.Collections;
import java.util.NavigableMap;
import java.util.TreeMap;

/** The commands that mark pools with the applications that use them. Source of their answers: mon/OSDMonitor.cc. */
final class PoolApplicationCommands {
    private final OsdmapService osdmap;

    PoolApplicationCommands(OsdmapService osdmap) {
        this.osdmap = osdmap;
    }

    void register(CommandTable table) {
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

    private Outcome enableApplication(CommandCall call) {
        String name = call.string("pool");
        PgPool pool = pool(existing(name));
        String app = call.string("app");
        if (app.isEmpty()) {
            return Outcome.refused(Errno.EINVAL, "application name must be provided");
        }
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
        PgPool pool = pool(existing(name));
        String app = call.string("app");
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
        return changeApplicationKey(call, true);
    }

    private Outcome removeApplicationKey(CommandCall call) {
        return changeApplicationKey(call, false);
    }

    private Outcome changeApplicationKey(CommandCall call, boolean set) {
        String name = call.string("pool");
        PgPool pool = pool(existing(name));
        String app = call.string("app");
        String key = call.string("key");
        String value = set ? call.string("value") : "";
        TreeMap<String, String> keys = new TreeMap<>(application(pool, name, app));
        if (!set && !keys.containsKey(key)) {
            return Outcome.text("application '" + app + "' on pool '" + name + "' does not have key '" + key + "'");
        }
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
        String app = call.string("app");
        String key = call.string("key");
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
        NavigableMap<String, String> keys = pool.applications().get(app);
        if (keys == null) {
            return Outcome.refused(Errno.ENOENT, "pool '" + name + "' has no application '" + app + "'");
        }
        if (!call.has("key")) {
            return Json.answer(call, keys(keys));
        }
        String value = keys.get(key);
        return value == null
                ? Outcome.refused(
                        Errno.ENOENT,
                        "application '" + app + "' on pool '" + name + "' does not have key '" + key + "'")
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

    private long existing(String name) {
        long id = osdmap.pendingMap().poolId(name);
        if (id < 0) {
            throw new Refusal(Errno.ENOENT, "unrecognized pool '" + name + "'");
        }
        return id;
    }

    private PgPool pool(long id) {
        return java.util.Objects.requireNonNull(osdmap.pendingMap().pool(id));
    }

    private void put(long id, PgPool.Builder changed) {
        int epoch = osdmap.map().epoch() + 1;
        osdmap.change(inc -> inc.putPool(id, changed.lastChange(epoch).build()));
    }
}
