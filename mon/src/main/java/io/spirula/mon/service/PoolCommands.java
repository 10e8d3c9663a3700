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
import io.spirula.common.types.Errno;

/** The commands that list, rename and remove pools. Source of their answers and limits: mon/OSDMonitor.cc. */
final class PoolCommands {
    private final OsdmapService osdmap;
    private final Config config;

    PoolCommands(OsdmapService osdmap, Config config) {
        this.osdmap = osdmap;
        this.config = config;
    }

    void register(CommandTable table) {
        table.add(
                "osd pool ls name=detail,type=CephChoices,req=false,strings=detail",
                "list pools",
                "osd",
                "r",
                this::list);
        table.add("osd lspools", "list pools", "osd", "r", 4, this::listPools);
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
    }

    private Outcome list(CommandCall call) {
        OsdMap map = osdmap.map();
        boolean detail = call.string("detail", "").equals("detail");
        if (call.format().equals("plain")) {
            StringBuilder out = new StringBuilder();
            map.pools().forEach((id, pool) -> out.append(map.poolName(id)).append('\n'));
            return Outcome.output(detail ? map.printPools() + "\n" : out.toString());
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

    private Outcome remove(CommandCall call) {
        String name = call.string("pool");
        String again = call.string("pool2");
        long id = osdmap.pendingMap().poolId(name);
        if (id < 0) {
            return Outcome.text("pool '" + name + "' does not exist");
        }
        boolean sure = again.equals(name)
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
        osdmap.change(inc -> inc.putPoolName(id, to));
        return Outcome.committed("pool '" + from + "' renamed to '" + to + "'");
    }

    /** What a pool of so many copies needs at least to serve: as configured, else more than half. */
    static int defaultMinSize(Config config, int size) {
        int configured = (int) config.integer("osd_pool_default_min_size", 0);
        return configured > 0 ? Math.min(configured, size) : size - size / 2;
    }
}
