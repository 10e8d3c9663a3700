package io.spirula.mon.service;

import io.spirula.common.command.CommandCall;
import io.spirula.common.command.CommandTable;
import io.spirula.common.command.Json;
import io.spirula.common.command.Outcome;
import io.spirula.common.format.TextTable;
import io.spirula.common.maps.OsdMap;
import io.spirula.common.pg.ObjectStats;
import io.spirula.common.pg.ObjectStats.Counter;
import io.spirula.common.pg.OsdStat;
import io.spirula.common.types.Errno;
import io.spirula.mon.Services;
import io.spirula.mon.mgr.PgMap;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.TreeMap;

/** The commands about how full, how fast and how evenly loaded OSDs and pools are. Source of their answers: mon/PGMap.cc, mgr/DaemonServer.cc. */
final class OsdUsageCommands {
    private final Services services;

    OsdUsageCommands(Services services) {
        this.services = services;
    }

    void register(CommandTable table) {
        table.add("osd perf", "print dump of OSD perf summary stats", "osd", "r", 8, this::perf);
        table.add(
                "osd df name=output_method,type=CephChoices,req=false,strings=plain|tree"
                        + " name=filter_by,type=CephChoices,req=false,strings=class|name"
                        + " name=filter,type=CephString,req=false",
                "show OSD utilization",
                "osd",
                "r",
                8,
                this::df);
        table.add(
                "osd blocked-by",
                "print histogram of which OSDs are blocking their peers",
                "osd",
                "r",
                8,
                this::blockedBy);
        table.add(
                "osd pool stats name=pool_name,type=CephPoolname,req=false",
                "obtain stats from all pools, or from specified pool",
                "osd",
                "r",
                8,
                this::poolStats);
        table.add("osd utilization", "get basic pg distribution stats", "osd", "r", this::utilization);
    }

    private PgMap map() {
        return services.pgMap();
    }

    private Outcome perf(CommandCall call) {
        List<Integer> ids = new ArrayList<>(map().osds().keySet());
        Collections.reverse(ids);
        TextTable t = new TextTable("osd", "commit_latency(ms)", "apply_latency(ms)").right(0, 1, 2);
        List<Object> infos = new ArrayList<>();
        for (int osd : ids) {
            OsdStat s = map().osds().getOrDefault(osd, null);
            if (s != null) {
                t.row(
                        Integer.toString(osd),
                        Integer.toString(s.commitLatencyMs()),
                        Integer.toString(s.applyLatencyMs()));
                infos.add(Json.object()
                        .put("id", osd)
                        .put(
                                "perf_stats",
                                Json.object()
                                        .put("commit_latency_ms", s.commitLatencyMs())
                                        .put("apply_latency_ms", s.applyLatencyMs())
                                        .put("commit_latency_ns", s.commitLatencyMs() * 1_000_000L)
                                        .put("apply_latency_ns", s.applyLatencyMs() * 1_000_000L)));
            }
        }
        return call.format().equals("plain")
                ? Outcome.output(t.toString())
                : Json.answer(
                        call,
                        Json.object()
                                .put("pg_ready", true)
                                .put("osdstats", Json.object().put("osd_perf_infos", infos)));
    }

    private Outcome blockedBy(CommandCall call) {
        TreeMap<Integer, Integer> counts = new TreeMap<>();
        map().pgs().values().forEach(s -> s.blockedBy().forEach(o -> counts.merge(o, 1, Integer::sum)));
        if (!call.format().equals("plain")) {
            return Json.answer(
                    call,
                    Json.object()
                            .put("pg_ready", true)
                            .put(
                                    "osd_blocked_by",
                                    Json.object()
                                            .put(
                                                    "osd_blocked_by_infos",
                                                    Json.list(
                                                            counts.entrySet(),
                                                            e -> Json.object()
                                                                    .put("id", e.getKey())
                                                                    .put("num_blocked", e.getValue())))));
        }
        TextTable t = new TextTable("osd", "num_blocked").right(0, 1);
        counts.forEach((osd, n) -> t.row(osd.toString(), n.toString()));
        return Outcome.output(t.toString());
    }

    private Outcome poolStats(CommandCall call) {
        OsdMap osdmap = services.osdmap().map();
        List<Long> ids = new ArrayList<>(osdmap.pools().keySet());
        if (call.has("pool_name")) {
            long id = osdmap.poolId(call.string("pool_name"));
            if (id < 0) {
                return Outcome.refused(Errno.ENOENT, "unrecognized pool '" + call.string("pool_name") + "'");
            }
            ids = List.of(id);
        }
        if (!call.format().equals("plain")) {
            return Json.answer(call, Json.list(ids, id -> poolStatsJson(osdmap, id)));
        }
        if (ids.isEmpty()) {
            return Outcome.text("there are no pools!");
        }
        StringBuilder out = new StringBuilder();
        for (long id : ids) {
            PgMap.Delta d = map().delta(id);
            List<String> lines = new ArrayList<>(ClusterUsage.problems(map().pool(id)));
            String recovery = ClusterUsage.recoveryLine(d);
            String client = ClusterUsage.clientLine(d);
            if (!recovery.isEmpty()) {
                lines.add("recovery io " + recovery);
            }
            if (!client.isEmpty()) {
                lines.add("client io " + client);
            }
            out.append("pool ")
                    .append(osdmap.poolName(id))
                    .append(" id ")
                    .append(id)
                    .append('\n');
            (lines.isEmpty() ? List.of("nothing is going on") : lines)
                    .forEach(l -> out.append("  ").append(l).append('\n'));
            out.append('\n');
        }
        return Outcome.output(out.toString());
    }

    private Json poolStatsJson(OsdMap osdmap, long id) {
        PgMap.Delta d = map().delta(id);
        ObjectStats s = map().pool(id);
        Json recovery = Json.object();
        long copies = s.get(Counter.OBJECT_COPIES);
        if (s.get(Counter.OBJECTS_DEGRADED) > 0 && copies > 0) {
            recovery.put("degraded_objects", s.get(Counter.OBJECTS_DEGRADED))
                    .put("degraded_total", copies)
                    .put("degraded_ratio", (double) s.get(Counter.OBJECTS_DEGRADED) / copies);
        }
        if (s.get(Counter.OBJECTS_MISPLACED) > 0 && copies > 0) {
            recovery.put("misplaced_objects", s.get(Counter.OBJECTS_MISPLACED))
                    .put("misplaced_total", copies)
                    .put("misplaced_ratio", (double) s.get(Counter.OBJECTS_MISPLACED) / copies);
        }
        Json rate = Json.object();
        if (d.stats().get(Counter.OBJECTS_RECOVERED) > 0) {
            rate.put("recovering_objects_per_sec", d.rate(d.stats().get(Counter.OBJECTS_RECOVERED)))
                    .put("recovering_bytes_per_sec", d.rate(d.stats().get(Counter.BYTES_RECOVERED)))
                    .put("recovering_keys_per_sec", d.rate(d.stats().get(Counter.KEYS_RECOVERED)))
                    .put("num_objects_recovered", d.stats().get(Counter.OBJECTS_RECOVERED))
                    .put("num_bytes_recovered", d.stats().get(Counter.BYTES_RECOVERED))
                    .put("num_keys_recovered", d.stats().get(Counter.KEYS_RECOVERED));
        }
        Json client = Json.object();
        ClusterUsage.clientRates(client, d);
        return Json.object()
                .put("pool_name", osdmap.poolName(id))
                .put("pool_id", id)
                .put("recovery", recovery)
                .put("recovery_rate", rate)
                .put("client_io_rate", client);
    }

    private Outcome utilization(CommandCall call) {
        OsdMap osdmap = services.osdmap().map();
        MappingSpread spread = new MappingSpread(osdmap, osdmap, osdmap.pools().keySet());
        if (spread.isEmpty()) {
            return Outcome.output("");
        }
        return call.format().equals("plain")
                ? Outcome.output(spread.text(false))
                : Json.answer(call, spread.json(false));
    }

    private Outcome df(CommandCall call) {
        String filter = call.string("filter", "");
        boolean byClass = call.string("filter_by", "").equals("class");
        OsdDf table = new OsdDf(services.osdmap().map(), map(), filter, byClass);
        boolean tree = call.string("output_method", "plain").equals("tree");
        return call.format().equals("plain") ? Outcome.output(table.text(tree)) : Json.answer(call, table.json(tree));
    }
}
