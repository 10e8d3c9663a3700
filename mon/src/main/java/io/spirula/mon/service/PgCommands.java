package io.spirula.mon.service;

import io.spirula.common.command.CommandCall;
import io.spirula.common.command.CommandTable;
import io.spirula.common.command.Json;
import io.spirula.common.command.Outcome;
import io.spirula.common.config.Config;
import io.spirula.common.env.Clock;
import io.spirula.common.format.Numbers;
import io.spirula.common.maps.OsdMap;
import io.spirula.common.pg.ObjectStats;
import io.spirula.common.pg.ObjectStats.Counter;
import io.spirula.common.pg.OsdStat;
import io.spirula.common.pg.PgStats;
import io.spirula.common.pg.StoreStatfs;
import io.spirula.common.types.Errno;
import io.spirula.common.types.PgId;
import io.spirula.mon.Services;
import io.spirula.mon.mgr.PgMap;
import io.spirula.mon.mgr.PgState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.Predicate;

/** The commands about placement groups and the OSDs' space, which the manager answers. Source of their answers: mon/PGMap.cc and mgr/DaemonServer.cc. */
public final class PgCommands {
    private static final String NOTE = "\n"
            + "* NOTE: Omap statistics are gathered during deep scrub and may be inaccurate soon afterwards"
            + " depending on utilization. See http://docs.ceph.com/en/latest/dev/placement-group/#omap-statistics"
            + " for further details.\n";

    private final Services services;
    private final Clock clock;
    private final ClusterUsage usage;
    private final Duration stuck;

    public PgCommands(Services services, Config config, Clock clock) {
        this.services = services;
        this.clock = clock;
        usage = new ClusterUsage(services);
        stuck = config.span("mon_pg_stuck_threshold", Duration.ofMinutes(1));
    }

    public void register(CommandTable table) {
        table.add("pg stat", "show placement group status.", "pg", "r", 8, this::stat);
        table.add(
                "pg dump"
                        + " name=dumpcontents,type=CephChoices,n=N,req=false,strings=all|summary|sum|delta|pools|osds|pgs|pgs_brief",
                "show human-readable versions of pg map (only 'all' valid with plain)",
                "pg",
                "r",
                8,
                this::dump);
        table.add(
                "pg dump_pools_json",
                "show pg pools info in json only",
                "pg",
                "r",
                8,
                c -> Json.answer(c, PgJson.pools(map(), services.osdmap().map())));
        table.add(
                "pg ls-by-pool name=poolstr,type=CephString name=states,type=CephString,n=N,req=false",
                "list pg with pool = [poolname]",
                "pg",
                "r",
                8,
                this::listByPool);
        table.add(
                "pg ls-by-primary name=osd,type=CephOsdName name=pool,type=CephInt,req=false"
                        + " name=states,type=CephString,n=N,req=false",
                "list pg with primary = [osd]",
                "pg",
                "r",
                8,
                c -> listed(c, e -> e.getValue().mapping().actingPrimary() == OsdCommands.id(c.string("osd"))));
        table.add(
                "pg ls-by-osd name=osd,type=CephOsdName name=pool,type=CephInt,req=false"
                        + " name=states,type=CephString,n=N,req=false",
                "list pg on osd [osd]",
                "pg",
                "r",
                8,
                c -> listed(c, e -> e.getValue().mapping().acting().contains(OsdCommands.id(c.string("osd")))));
        table.add(
                "pg ls name=pool,type=CephInt,req=false name=states,type=CephString,n=N,req=false",
                "list pg with specific pool, osd, state",
                "pg",
                "r",
                8,
                c -> listed(
                        c,
                        e -> !c.has("osd")
                                || e.getValue().mapping().acting().contains(OsdCommands.id(c.string("osd")))));
        table.add(
                "pg dump_stuck"
                        + " name=stuckops,type=CephChoices,n=N,req=false,strings=inactive|unclean|stale|undersized|degraded"
                        + " name=threshold,type=CephInt,req=false",
                "show information about stuck pgs",
                "pg",
                "r",
                8,
                this::dumpStuck);
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

    private Outcome stat(CommandCall call) {
        if (call.format().equals("plain")) {
            return Outcome.output(usage.oneLine() + "\n");
        }
        StoreStatfs space = usage.space();
        ObjectStats total = map().total();
        Json json = Json.object()
                .put(
                        "num_pg_by_state",
                        Json.list(
                                map().states().entrySet(),
                                e -> Json.object().put("name", e.getKey()).put("num", e.getValue())))
                .put("num_pgs", map().pgs().size())
                .put("num_bytes", total.get(Counter.BYTES))
                .put("total_bytes", space.total())
                .put("total_avail_bytes", space.available())
                .put("total_used_bytes", ClusterUsage.used(space))
                .put("total_used_raw_bytes", ClusterUsage.usedRaw(space));
        return Json.answer(call, Json.object().put("pg_ready", true).put("pg_summary", json));
    }

    private Outcome dump(CommandCall call) {
        List<String> what = call.strings("dumpcontents");
        if (what.isEmpty()) {
            what = List.of("all");
        }
        String text = "dumped " + String.join(",", what);
        OsdMap osdmap = services.osdmap().map();
        if (!call.format().equals("plain")) {
            return Json.answer(call, Json.object().put("pg_ready", true).putAll(PgJson.dump(map(), osdmap, what)))
                    .withText(text);
        }
        StringBuilder out = new StringBuilder();
        boolean all = what.contains("all");
        boolean sum = what.contains("sum") || what.contains("summary");
        if (all || sum) {
            out.append("version ").append(map().version()).append("\nstamp ").append(Stamps.iso(map().stamp()));
            out.append("\nlast_osdmap_epoch 0\nlast_pg_scan 0\n");
        }
        if (all || what.contains("pgs")) {
            out.append(pgTable());
        }
        if (what.contains("pgs_brief")) {
            out.append(briefTable());
        }
        if (all || what.contains("pools")) {
            out.append(poolTable(!all));
        }
        if (all || sum) {
            TextTable table = sumTable(all ? "" : "PG_STAT", !all);
            sums(table, "sum", map().total());
            out.append(table);
        }
        if (all || what.contains("osds")) {
            out.append(osdTable());
        }
        if (sum) {
            StoreStatfs s = map().space(osdmap);
            out.append(new TextTable("OSD_STAT", "USED", "AVAIL", "USED_RAW", "TOTAL")
                    .rightUnderLeft(2, 3)
                    .row(
                            "sum",
                            Numbers.bytes(ClusterUsage.used(s)),
                            Numbers.bytes(s.available()),
                            Numbers.bytes(ClusterUsage.usedRaw(s)),
                            Numbers.bytes(s.total())));
        }
        if (all || sum || what.contains("pools") || what.contains("pgs")) {
            out.append(NOTE);
        }
        return Outcome.output(out.toString()).withText(text);
    }

    /** A table of sums; in the whole dump it has no headings, only their place. */
    private static TextTable sumTable(String first, boolean headings) {
        String[] names = {
            first,
            "OBJECTS",
            "MISSING_ON_PRIMARY",
            "DEGRADED",
            "MISPLACED",
            "UNFOUND",
            "BYTES",
            "OMAP_BYTES*",
            "OMAP_KEYS*",
            "LOG",
            "DISK_LOG"
        };
        if (!headings) {
            java.util.Arrays.fill(names, "");
        }
        return new TextTable(names).rightUnderLeft(1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
    }

    private String pgTable() {
        TextTable t = new TextTable(
                        "PG_STAT",
                        "OBJECTS",
                        "MISSING_ON_PRIMARY",
                        "DEGRADED",
                        "MISPLACED",
                        "UNFOUND",
                        "BYTES",
                        "OMAP_BYTES*",
                        "OMAP_KEYS*",
                        "LOG",
                        "DISK_LOG",
                        "STATE",
                        "STATE_STAMP",
                        "VERSION",
                        "REPORTED",
                        "UP",
                        "UP_PRIMARY",
                        "ACTING",
                        "ACTING_PRIMARY",
                        "LAST_SCRUB",
                        "SCRUB_STAMP",
                        "LAST_DEEP_SCRUB",
                        "DEEP_SCRUB_STAMP",
                        "SNAPTRIMQ_LEN")
                .rightUnderLeft(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23);
        map().pgs()
                .forEach((pg, s) -> t.row(
                        pg.toString(),
                        n(s, Counter.OBJECTS),
                        n(s, Counter.OBJECTS_MISSING_ON_PRIMARY),
                        n(s, Counter.OBJECTS_DEGRADED),
                        n(s, Counter.OBJECTS_MISPLACED),
                        n(s, Counter.OBJECTS_UNFOUND),
                        n(s, Counter.BYTES),
                        n(s, Counter.OMAP_BYTES),
                        n(s, Counter.OMAP_KEYS),
                        Long.toString(s.logSize()),
                        Long.toString(s.ondiskLogSize()),
                        PgState.names(s.state()),
                        Stamps.iso(s.stamps().change()),
                        s.version().toString(),
                        s.reportedEpoch() + ":" + s.reportedSequence(),
                        OsdQueries.list(s.mapping().up()),
                        Integer.toString(s.mapping().upPrimary()),
                        OsdQueries.list(s.mapping().acting()),
                        Integer.toString(s.mapping().actingPrimary()),
                        s.scrub().lastScrub().toString(),
                        Stamps.iso(s.scrub().lastScrubStamp()),
                        s.scrub().lastDeepScrub().toString(),
                        Stamps.iso(s.scrub().lastDeepScrubStamp()),
                        Integer.toString(s.snapTrimQueueLength())));
        return t.toString();
    }

    private static String n(PgStats s, Counter c) {
        return Long.toString(s.stats().get(c));
    }

    private String briefTable() {
        return brief(map().pgs());
    }

    private static String brief(NavigableMap<PgId, PgStats> pgs) {
        TextTable t = new TextTable("PG_STAT", "STATE", "UP", "UP_PRIMARY", "ACTING", "ACTING_PRIMARY")
                .rightUnderLeft(1, 2, 3, 4, 5);
        pgs.forEach((pg, s) -> t.row(
                pg.toString(),
                PgState.names(s.state()),
                OsdQueries.list(s.mapping().up()),
                Integer.toString(s.mapping().upPrimary()),
                OsdQueries.list(s.mapping().acting()),
                Integer.toString(s.mapping().actingPrimary())));
        return t.toString();
    }

    private void sums(TextTable table, String name, ObjectStats s) {
        long log = 0;
        long diskLog = 0;
        for (Map.Entry<PgId, PgStats> e : map().pgs().entrySet()) {
            if (name.equals("sum") || name.equals(Long.toString(e.getKey().pool()))) {
                log += e.getValue().logSize();
                diskLog += e.getValue().ondiskLogSize();
            }
        }
        List<String> cells = new ArrayList<>(List.of(name));
        for (Counter c : SUMMED) {
            cells.add(Long.toString(s.get(c)));
        }
        cells.add(Long.toString(log));
        cells.add(Long.toString(diskLog));
        table.row(cells);
    }

    private static final List<Counter> SUMMED = List.of(
            Counter.OBJECTS,
            Counter.OBJECTS_MISSING_ON_PRIMARY,
            Counter.OBJECTS_DEGRADED,
            Counter.OBJECTS_MISPLACED,
            Counter.OBJECTS_UNFOUND,
            Counter.BYTES,
            Counter.OMAP_BYTES,
            Counter.OMAP_KEYS);

    private String poolTable(boolean headings) {
        TextTable table = sumTable("POOLID", headings);
        List<Long> ids = new ArrayList<>(services.osdmap().map().pools().keySet());
        java.util.Collections.reverse(ids);
        ids.forEach(id -> sums(table, Long.toString(id), map().pool(id)));
        return table.toString();
    }

    private String osdTable() {
        TextTable t = new TextTable(
                        "OSD_STAT", "USED", "AVAIL", "USED_RAW", "TOTAL", "HB_PEERS", "PG_SUM", "PRIMARY_PG_SUM")
                .rightUnderLeft(2, 3, 4, 5, 6, 7);
        Map<Integer, Integer> pgs = map().pgsByOsd();
        List<Integer> ids = new ArrayList<>(map().osds().keySet());
        java.util.Collections.reverse(ids);
        for (int osd : ids) {
            OsdStat s = map().osds().get(osd);
            long primaries = map().pgs().values().stream()
                    .filter(p -> p.mapping().upPrimary() == osd)
                    .count();
            if (s != null) {
                t.row(
                        Integer.toString(osd),
                        Numbers.bytes(ClusterUsage.used(s.statfs())),
                        Numbers.bytes(s.statfs().available()),
                        Numbers.bytes(ClusterUsage.usedRaw(s.statfs())),
                        Numbers.bytes(s.statfs().total()),
                        OsdQueries.list(s.heartbeatPeers()),
                        Integer.toString(pgs.getOrDefault(osd, 0)),
                        Long.toString(primaries));
            }
        }
        StoreStatfs s = map().space(services.osdmap().map());
        t.row(
                "sum",
                Numbers.bytes(ClusterUsage.used(s)),
                Numbers.bytes(s.available()),
                Numbers.bytes(ClusterUsage.usedRaw(s)),
                Numbers.bytes(s.total()),
                "",
                "",
                "");
        return t.toString();
    }

    private Outcome listByPool(CommandCall call) {
        String name = call.string("poolstr");
        long id = services.osdmap().map().poolId(name);
        return id < 0
                ? Outcome.refused(Errno.ENOENT, "pool " + name + " does not exist")
                : listed(call, e -> e.getKey().pool() == id);
    }

    private Outcome listed(CommandCall call, Predicate<Map.Entry<PgId, PgStats>> wanted) {
        long pool = call.integer("pool", -1);
        List<String> states = call.strings("states").stream()
                .flatMap(s -> List.of(s.split("\\+")).stream())
                .filter(s -> !s.equals("all"))
                .toList();
        for (String s : states) {
            if (PgState.of(s) == 0 && !s.equals("unknown")) {
                return Outcome.refused(Errno.EINVAL, "'" + s + "' is not a valid pg state,");
            }
        }
        TreeMap<PgId, PgStats> found = new TreeMap<>();
        for (Map.Entry<PgId, PgStats> e : map().pgs().entrySet()) {
            boolean inPool = pool < 0 || e.getKey().pool() == pool;
            boolean inState = states.isEmpty()
                    || states.stream()
                            .anyMatch(s -> s.equals("unknown")
                                    ? e.getValue().state() == 0
                                    : (e.getValue().state() & PgState.of(s)) != 0);
            if (inPool && inState && wanted.test(e)) {
                found.put(e.getKey(), e.getValue());
            }
        }
        if (!call.format().equals("plain")) {
            return Json.answer(
                    call,
                    Json.object()
                            .put("pg_ready", true)
                            .put("pg_stats", Json.list(found.entrySet(), e -> PgJson.pg(e.getKey(), e.getValue()))));
        }
        TextTable t = new TextTable(
                        "PG",
                        "OBJECTS",
                        "DEGRADED",
                        "MISPLACED",
                        "UNFOUND",
                        "BYTES",
                        "OMAP_BYTES*",
                        "OMAP_KEYS*",
                        "LOG",
                        "STATE",
                        "SINCE",
                        "VERSION",
                        "REPORTED",
                        "UP",
                        "ACTING",
                        "SCRUB_STAMP",
                        "DEEP_SCRUB_STAMP")
                .rightUnderLeft(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16);
        found.forEach((pg, s) -> t.row(
                pg.toString(),
                n(s, Counter.OBJECTS),
                n(s, Counter.OBJECTS_DEGRADED),
                n(s, Counter.OBJECTS_MISPLACED),
                n(s, Counter.OBJECTS_UNFOUND),
                n(s, Counter.BYTES),
                n(s, Counter.OMAP_BYTES),
                n(s, Counter.OMAP_KEYS),
                Long.toString(s.logSize()),
                PgState.names(s.state()),
                Stamps.span(Duration.between(s.stamps().change(), clock.now())),
                s.version().toString(),
                s.reportedEpoch() + ":" + s.reportedSequence(),
                OsdQueries.list(s.mapping().up()) + "p" + s.mapping().upPrimary(),
                OsdQueries.list(s.mapping().acting()) + "p" + s.mapping().actingPrimary(),
                Stamps.iso(s.scrub().lastScrubStamp()),
                Stamps.iso(s.scrub().lastDeepScrubStamp())));
        return Outcome.output(t + NOTE);
    }

    private Outcome dumpStuck(CommandCall call) {
        List<String> kinds = call.strings("stuckops").isEmpty()
                ? List.of("inactive", "unclean", "stale", "undersized", "degraded")
                : call.strings("stuckops");
        long threshold = call.integer("threshold", stuck.toSeconds());
        long now = clock.now().getEpochSecond();
        TreeMap<PgId, PgStats> found = new TreeMap<>();
        map().pgs().forEach((pg, s) -> {
            var st = s.stamps();
            boolean isStuck = kinds.stream().anyMatch(k -> switch (k) {
                case "inactive" ->
                    (s.state() & PgState.ACTIVE) == 0 && now - st.active().getEpochSecond() > threshold;
                case "unclean" ->
                    (s.state() & PgState.CLEAN) == 0 && now - st.clean().getEpochSecond() > threshold;
                case "stale" ->
                    (s.state() & PgState.STALE) != 0 && now - st.unstale().getEpochSecond() > threshold;
                case "undersized" ->
                    (s.state() & PgState.UNDERSIZED) != 0
                            && now - st.fullsized().getEpochSecond() > threshold;
                default ->
                    (s.state() & PgState.DEGRADED) != 0 && now - st.undegraded().getEpochSecond() > threshold;
            });
            if (isStuck) {
                found.put(pg, s);
            }
        });
        if (!call.format().equals("plain")) {
            List<Object> rows = Json.list(found.entrySet(), e -> PgJson.pg(e.getKey(), e.getValue()));
            return Json.answer(call, Json.object().put("pg_ready", true).put("stuck_pg_stats", rows))
                    .withText("ok");
        }
        return found.isEmpty()
                ? Outcome.text("ok")
                : Outcome.output(brief(found)).withText("ok");
    }

    private Outcome perf(CommandCall call) {
        List<Integer> ids = new ArrayList<>(map().osds().keySet());
        java.util.Collections.reverse(ids);
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
            return Outcome.output("there are no pools!");
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
        Map<Integer, Integer> pgs = map().pgsByOsd();
        List<Integer> in = new ArrayList<>();
        for (int osd = 0; osd < osdmap.maxOsd(); osd++) {
            if (osdmap.isIn(osd) && osdmap.isUp(osd)) {
                in.add(osd);
            }
        }
        if (in.isEmpty()) {
            return Outcome.output("");
        }
        double sum = 0;
        int min = in.get(0);
        int max = in.get(0);
        for (int osd : in) {
            int n = pgs.getOrDefault(osd, 0);
            sum += n;
            min = n < pgs.getOrDefault(min, 0) ? osd : min;
            max = n > pgs.getOrDefault(max, 0) ? osd : max;
        }
        double avg = sum / in.size();
        double dev = 0;
        for (int osd : in) {
            dev += Math.pow(pgs.getOrDefault(osd, 0) - avg, 2);
        }
        dev = Math.sqrt(dev / in.size());
        double expected = Math.sqrt(avg * (1 - 1.0 / in.size()));
        int least = pgs.getOrDefault(min, 0);
        int most = pgs.getOrDefault(max, 0);
        if (!call.format().equals("plain")) {
            return Json.answer(
                    call,
                    Json.object()
                            .put("avg_pgs", avg)
                            .put("std_dev", dev)
                            .put("expected_baseline_std_dev", expected)
                            .put("min_osd", min)
                            .put("min_osd_pgs", least)
                            .put("max_osd", max)
                            .put("max_osd_pgs", most));
        }
        return Outcome.output("avg " + Json.number(avg, 6) + "\nstddev " + Json.number(dev, 6) + " (expected baseline "
                + Json.number(expected, 6) + ")\nmin osd." + min + " with " + least + " pgs ("
                + Json.number(avg == 0 ? 0 : least / avg, 6) + " * mean)\nmax osd." + max + " with " + most + " pgs ("
                + Json.number(avg == 0 ? 0 : most / avg, 6) + " * mean)\n");
    }

    private Outcome df(CommandCall call) {
        OsdDf table = new OsdDf(services.osdmap().map(), map());
        boolean tree = call.string("output_method", "plain").equals("tree");
        return call.format().equals("plain") ? Outcome.output(table.text(tree)) : Json.answer(call, table.json(tree));
    }
}
