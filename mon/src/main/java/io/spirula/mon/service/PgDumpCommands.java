package io.spirula.mon.service;

import io.spirula.common.command.CommandCall;
import io.spirula.common.command.CommandTable;
import io.spirula.common.command.Json;
import io.spirula.common.command.Outcome;
import io.spirula.common.format.Numbers;
import io.spirula.common.format.TextTable;
import io.spirula.common.maps.OsdMap;
import io.spirula.common.pg.ObjectStats;
import io.spirula.common.pg.ObjectStats.Counter;
import io.spirula.common.pg.OsdStat;
import io.spirula.common.pg.PgState;
import io.spirula.common.pg.PgStats;
import io.spirula.common.pg.StoreStatfs;
import io.spirula.common.types.PgId;
import io.spirula.mon.Services;
import io.spirula.mon.mgr.PgMap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeSet;

/** {@code pg stat} and {@code pg dump}: all that the manager knows of placement groups. Source of their answers: mon/PGMap.cc. */
final class PgDumpCommands {
    static final String NOTE = "\n"
            + "* NOTE: Omap statistics are gathered during deep scrub and may be inaccurate soon afterwards"
            + " depending on utilization. See http://docs.ceph.com/en/latest/dev/placement-group/#omap-statistics"
            + " for further details.\n";

    private static final List<Counter> SUMMED = List.of(
            Counter.OBJECTS,
            Counter.OBJECTS_MISSING_ON_PRIMARY,
            Counter.OBJECTS_DEGRADED,
            Counter.OBJECTS_MISPLACED,
            Counter.OBJECTS_UNFOUND,
            Counter.BYTES,
            Counter.OMAP_BYTES,
            Counter.OMAP_KEYS);

    private final Services services;
    private final ClusterUsage usage;

    PgDumpCommands(Services services) {
        this.services = services;
        usage = new ClusterUsage(services);
    }

    void register(CommandTable table) {
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
                "pg dump_json name=dumpcontents,type=CephChoices,n=N,req=false,strings=all|summary|sum|pools|osds|pgs",
                "show human-readable version of pg map in json only",
                "pg",
                "r",
                8,
                this::dumpJson);
        table.add(
                "pg dump_pools_json", "show pg pools info in json only", "pg", "r", 8, c -> json(c, List.of("pools")));
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
        List<String> what = new ArrayList<>(new TreeSet<>(call.strings("dumpcontents")));
        if (what.isEmpty()) {
            what.add("all");
        }
        return call.format().equals("plain")
                ? Outcome.output(text(what)).withText("dumped " + String.join(",", what))
                : json(call, what);
    }

    /** Whatever is asked for, everything is dumped, as pacific's manager does. */
    private Outcome dumpJson(CommandCall call) {
        return json(call, List.of("all"));
    }

    private Outcome json(CommandCall call, List<String> what) {
        Json dumped = Json.object()
                .put("pg_ready", true)
                .putAll(PgJson.dump(map(), services.osdmap().map(), what));
        String format = call.format().equals("plain") ? "json" : call.format();
        return Outcome.output(Json.render(dumped, format)).withText("dumped " + String.join(",", what));
    }

    private String text(List<String> what) {
        OsdMap osdmap = services.osdmap().map();
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
        return out.toString();
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
            Arrays.fill(names, "");
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

    /** A counter as a column shows it. */
    static String n(PgStats s, Counter c) {
        return Long.toString(s.stats().get(c));
    }

    private String briefTable() {
        return brief(map().pgs());
    }

    static String brief(NavigableMap<PgId, PgStats> pgs) {
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

    private String poolTable(boolean headings) {
        TextTable table = sumTable("POOLID", headings);
        List<Long> ids = new ArrayList<>(services.osdmap().map().pools().keySet());
        Collections.reverse(ids);
        ids.forEach(id -> sums(table, Long.toString(id), map().pool(id)));
        return table.toString();
    }

    private String osdTable() {
        TextTable t = new TextTable(
                        "OSD_STAT", "USED", "AVAIL", "USED_RAW", "TOTAL", "HB_PEERS", "PG_SUM", "PRIMARY_PG_SUM")
                .rightUnderLeft(2, 3, 4, 5, 6, 7);
        Map<Integer, Integer> pgs = map().pgsByOsd();
        List<Integer> ids = new ArrayList<>(map().osds().keySet());
        Collections.reverse(ids);
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
}
