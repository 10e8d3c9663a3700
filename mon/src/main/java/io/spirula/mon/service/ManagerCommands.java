package io.spirula.mon.service;

import io.spirula.common.command.CommandCall;
import io.spirula.common.command.CommandTable;
import io.spirula.common.command.Json;
import io.spirula.common.command.Outcome;
import io.spirula.common.format.Numbers;
import io.spirula.common.maps.OsdMap;
import io.spirula.common.maps.PgPool;
import io.spirula.common.pg.ObjectStats;
import io.spirula.common.types.Errno;
import io.spirula.mon.Services;
import io.spirula.mon.mgr.PgMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What a manager's always-on modules answer, as far as there is anything to answer. Sources: pybind/mgr/balancer, pg_autoscaler, crash, progress. */
public final class ManagerCommands {
    private final Services services;

    public ManagerCommands(Services services) {
        this.services = services;
    }

    public void register(CommandTable table) {
        table.add(
                "service dump",
                "dump service map",
                "service",
                "r",
                8,
                c -> Json.answer(
                        c,
                        Json.object()
                                .put("epoch", 1)
                                .put(
                                        "modified",
                                        Stamps.iso(services.monmap().map().created()))
                                .put("services", Json.object())));
        table.add("service status", "dump service state", "service", "r", 8, c -> Json.answer(c, Json.object()));
        table.add(
                "device ls",
                "Show devices",
                "mgr",
                "r",
                8,
                c -> c.format().equals("plain")
                        ? Outcome.output(
                                new TextTable("DEVICE", "HOST:DEV", "DAEMONS", "WEAR", "LIFE EXPECTANCY").toString())
                        : Json.answer(c, List.of()));
        table.add("balancer status", "Show balancer status", "mgr", "r", 8, this::balancerStatus);
        table.add(
                "device info name=devid,type=CephString",
                "Show information about a device",
                "mgr",
                "r",
                8,
                c -> Outcome.refused(Errno.ENOENT, "device " + c.string("devid") + " not found"));
        table.add(
                "device ls-by-daemon name=who,type=CephString",
                "Show devices associated with a daemon",
                "mgr",
                "r",
                8,
                c -> c.format().equals("plain")
                        ? Outcome.output(new TextTable("DEVICE", "HOST:DEV", "EXPECTED FAILURE").toString())
                        : Json.answer(c, List.of()));
        table.add(
                "device ls-by-host name=host,type=CephString",
                "Show devices on a host",
                "mgr",
                "r",
                8,
                c -> c.format().equals("plain")
                        ? Outcome.output(new TextTable("DEVICE", "DEV", "DAEMONS", "EXPECTED FAILURE").toString())
                        : Json.answer(c, List.of()));
        table.add("progress clear", "Reset progress tracking", "mgr", "rw", 8, c -> Outcome.text(""));
        table.add("progress on", "Enable progress tracking", "mgr", "rw", 8, c -> progress(true));
        table.add("progress off", "Disable progress tracking", "mgr", "rw", 8, c -> progress(false));
        table.add(
                "iostat name=width,type=CephInt,req=false name=print_header,type=CephBool,req=false",
                "Get IO rates",
                "mgr",
                "r",
                24,
                this::iostat);
        table.add(
                "progress",
                "Show progress of recovery operations",
                "mgr",
                "r",
                8,
                c -> Outcome.text("Nothing in progress"));
        table.add(
                "progress json",
                "Show machine readable progress information",
                "mgr",
                "r",
                8,
                c -> Outcome.output(Json.render(
                        Json.object().put("events", List.of()).put("completed", List.of()), "json-pretty")));
        table.add(
                "osd pool autoscale-status name=format,type=CephString,req=false",
                "report on pool pg_num sizing recommendation and intent",
                "mgr",
                "r",
                8,
                this::autoscale);
    }

    private Outcome progress(boolean on) {
        services.config().put("mgr/mgr/progress/enabled", Boolean.toString(on));
        return Outcome.committed("progress " + (on ? "enabled" : "disabled"));
    }

    /** One line of what clients read and write now, below a heading if that is wanted. Source: pybind/mgr/iostat. */
    private Outcome iostat(CommandCall call) {
        PgMap.Delta now = services.pgMap().delta(null);
        ObjectStats s = now.stats();
        long read = now.rate(s.get(ObjectStats.Counter.READ_KIB) << 10);
        long written = now.rate(s.get(ObjectStats.Counter.WRITE_KIB) << 10);
        long reads = now.rate(s.get(ObjectStats.Counter.READS));
        long writes = now.rate(s.get(ObjectStats.Counter.WRITES));
        List<String> headings = List.of("Read", "Write", "Total", "Read IOPS", "Write IOPS", "Total IOPS");
        List<String> values = List.of(
                Numbers.bytes(read) + "/s",
                Numbers.bytes(written) + "/s",
                Numbers.bytes(read + written) + "/s",
                Long.toString(reads),
                Long.toString(writes),
                Long.toString(reads + writes));
        int width = Math.clamp(call.integer("width", 80) / headings.size() - 1, 12, 1_000);
        StringBuilder out = new StringBuilder();
        if (call.flag("print_header")) {
            String rule = ("+" + "-".repeat(width)).repeat(headings.size()) + "+\n";
            out.append(rule).append(line(headings, width)).append(rule);
        }
        return Outcome.output(out.append(line(values, width)).toString());
    }

    private static String line(List<String> cells, int width) {
        StringBuilder line = new StringBuilder();
        cells.forEach(c -> line.append('|')
                .append(" ".repeat(Math.max(0, width - 1 - c.length())))
                .append(c)
                .append(' '));
        return line.append("|\n").toString();
    }

    private Outcome balancerStatus(CommandCall call) {
        return Outcome.output(Json.render(
                Json.object()
                        .put("active", false)
                        .put("last_optimize_duration", "")
                        .put("last_optimize_started", "")
                        .put("mode", "none")
                        .put("no_optimization_needed", false)
                        .put("optimize_result", "")
                        .put("plans", List.of()),
                "json-pretty"));
    }

    private Outcome autoscale(CommandCall call) {
        OsdMap map = services.osdmap().map();
        long capacity = services.pgMap().space(map).total();
        if (!call.format().equals("plain")) {
            return Outcome.output(
                    Json.render(Json.list(map.pools().entrySet(), e -> row(map, e, capacity)), "json-pretty"));
        }
        TextTable table = new TextTable(
                        "POOL",
                        "SIZE",
                        "TARGET SIZE",
                        "RATE",
                        "RAW CAPACITY",
                        "RATIO",
                        "TARGET RATIO",
                        "EFFECTIVE RATIO",
                        "BIAS",
                        "PG_NUM",
                        "NEW PG_NUM",
                        "AUTOSCALE",
                        "BULK")
                .right(1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
        map.pools().forEach((id, pool) -> {
            long bytes = services.pgMap().bytes(id);
            double ratio = capacity == 0 ? 0 : (double) bytes * pool.size() / capacity;
            table.row(
                    String.valueOf(map.poolName(id)),
                    human(bytes),
                    "",
                    pool.size() + ".0",
                    human(capacity),
                    String.format(Locale.ROOT, "%.4f", ratio),
                    "",
                    "",
                    "1.0",
                    Integer.toString(pool.pgNum()),
                    "",
                    PgPool.AUTOSCALE_MODES.get(pool.autoscaleMode()),
                    pool.has(io.spirula.common.maps.PoolFlag.BULK) ? "True" : "False");
        });
        return Outcome.output(table.toString().replace("\n", "  \n"));
    }

    private Json row(OsdMap map, Map.Entry<Long, PgPool> e, long capacity) {
        PgPool pool = e.getValue();
        long bytes = services.pgMap().bytes(e.getKey());
        double raw = (double) bytes * pool.size();
        double ratio = capacity == 0 ? 0 : raw / capacity;
        return Json.object()
                .put("actual_capacity_ratio", ratio)
                .put("actual_raw_used", raw)
                .put("bias", 1.0)
                .put("bulk", pool.has(io.spirula.common.maps.PoolFlag.BULK))
                .put("capacity_ratio", ratio)
                .put("crush_root_id", -1)
                .put("effective_target_ratio", 0.0)
                .put("logical_used", bytes)
                .put("pg_autoscale_mode", PgPool.AUTOSCALE_MODES.get(pool.autoscaleMode()))
                .put("pg_num_final", pool.pgNum())
                .put("pg_num_ideal", 0)
                .put("pg_num_target", pool.pgNum())
                .put("pool_id", e.getKey())
                .put("pool_name", map.poolName(e.getKey()))
                .put("raw_used", raw)
                .put("raw_used_rate", (double) pool.size())
                .put("subtree_capacity", capacity)
                .put("target_bytes", 0)
                .put("target_ratio", 0.0)
                .put("would_adjust", false);
    }

    /** A size as the manager's own modules print it: at most five figures before a unit. */
    private static String human(long bytes) {
        String[] units = {"", "k", "M", "G", "T", "P"};
        double value = bytes;
        int unit = 0;
        while (value >= 100_000 && unit < units.length - 1) {
            value /= 1024;
            unit++;
        }
        return String.format(Locale.ROOT, "%.0f%s", Math.floor(value), units[unit]);
    }
}
