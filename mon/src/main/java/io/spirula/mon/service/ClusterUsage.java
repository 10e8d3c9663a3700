package io.spirula.mon.service;

import io.spirula.common.command.Json;
import io.spirula.common.format.Numbers;
import io.spirula.common.maps.OsdMap;
import io.spirula.common.pg.ObjectStats;
import io.spirula.common.pg.ObjectStats.Counter;
import io.spirula.common.pg.PgState;
import io.spirula.common.pg.PgStats;
import io.spirula.common.pg.StoreStatfs;
import io.spirula.mon.Services;
import io.spirula.mon.mgr.PgMap;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The sums that {@code ceph -s} and {@code pg stat} show. Ceph: PGMapDigest::print_summary, print_oneline_summary. */
final class ClusterUsage {
    private final Services services;

    ClusterUsage(Services services) {
        this.services = services;
    }

    private PgMap pgMap() {
        return services.pgMap();
    }

    int remapped() {
        int count = 0;
        for (PgStats stats : pgMap().pgs().values()) {
            count += (stats.state() & PgState.REMAPPED) != 0 ? 1 : 0;
        }
        return count;
    }

    StoreStatfs space() {
        return pgMap().space(services.osdmap().map());
    }

    static long used(StoreStatfs space) {
        return space.total() - space.available() - space.internallyReserved();
    }

    static long usedRaw(StoreStatfs space) {
        return space.total() - space.available();
    }

    Json json() {
        OsdMap map = services.osdmap().map();
        ObjectStats total = pgMap().total();
        StoreStatfs space = space();
        Json json = Json.object()
                .put(
                        "pgs_by_state",
                        Json.list(
                                pgMap().states().entrySet(),
                                e -> Json.object().put("state_name", e.getKey()).put("count", e.getValue())))
                .put("num_pgs", pgMap().pgs().size())
                .put("num_pools", map.pools().size())
                .put("num_objects", total.get(Counter.OBJECTS))
                .put("data_bytes", total.get(Counter.BYTES))
                .put("bytes_used", used(space))
                .put("bytes_avail", space.available())
                .put("bytes_total", space.total());
        ratio(json, "unknown_pgs_ratio", pgs(s -> s == 0), pgMap().pgs().size());
        ratio(
                json,
                "inactive_pgs_ratio",
                pgs(s -> s != 0 && (s & PgState.ACTIVE) == 0),
                pgMap().pgs().size());
        problem(json, total, Counter.OBJECTS_DEGRADED, "degraded");
        problem(json, total, Counter.OBJECTS_MISPLACED, "misplaced");
        problem(json, total, Counter.OBJECTS_UNFOUND, "unfound");
        rates(json);
        return json;
    }

    private static void ratio(Json json, String name, long part, long whole) {
        if (part > 0 && whole > 0) {
            json.put(name, (double) part / whole);
        }
    }

    private long pgs(java.util.function.LongPredicate state) {
        return pgMap().pgs().values().stream()
                .filter(s -> state.test(s.state()))
                .count();
    }

    private static void problem(Json json, ObjectStats total, Counter counter, String name) {
        long n = total.get(counter);
        long copies =
                counter == Counter.OBJECTS_UNFOUND ? total.get(Counter.OBJECTS) : total.get(Counter.OBJECT_COPIES);
        if (n > 0 && copies > 0) {
            json.put(name + "_objects", n).put(name + "_total", copies).put(name + "_ratio", (double) n / copies);
        }
    }

    private void rates(Json json) {
        PgMap.Delta d = pgMap().delta(null);
        ObjectStats s = d.stats();
        if (s.get(Counter.OBJECTS_RECOVERED) > 0 || s.get(Counter.BYTES_RECOVERED) > 0) {
            json.put("recovering_objects_per_sec", d.rate(s.get(Counter.OBJECTS_RECOVERED)))
                    .put("recovering_bytes_per_sec", d.rate(s.get(Counter.BYTES_RECOVERED)))
                    .put("recovering_keys_per_sec", d.rate(s.get(Counter.KEYS_RECOVERED)))
                    .put("num_objects_recovered", s.get(Counter.OBJECTS_RECOVERED))
                    .put("num_bytes_recovered", s.get(Counter.BYTES_RECOVERED))
                    .put("num_keys_recovered", s.get(Counter.KEYS_RECOVERED));
        }
        clientRates(json, d);
    }

    static void clientRates(Json json, PgMap.Delta d) {
        ObjectStats s = d.stats();
        if (s.get(Counter.READS) > 0 || s.get(Counter.WRITES) > 0) {
            json.put("read_bytes_sec", d.rate(s.get(Counter.READ_KIB) << 10))
                    .put("write_bytes_sec", d.rate(s.get(Counter.WRITE_KIB) << 10))
                    .put("read_op_per_sec", d.rate(s.get(Counter.READS)))
                    .put("write_op_per_sec", d.rate(s.get(Counter.WRITES)));
        }
    }

    /** The problems in words: {@code 1/2 objects degraded (50.000%)}. */
    static List<String> problems(ObjectStats total) {
        List<String> lines = new ArrayList<>();
        long copies = total.get(Counter.OBJECT_COPIES);
        long objects = total.get(Counter.OBJECTS);
        addProblem(lines, total.get(Counter.OBJECTS_DEGRADED), copies, "degraded");
        addProblem(lines, total.get(Counter.OBJECTS_MISPLACED), copies, "misplaced");
        addProblem(lines, total.get(Counter.OBJECTS_UNFOUND), objects, "unfound");
        return lines;
    }

    private static void addProblem(List<String> lines, long n, long of, String what) {
        if (n > 0 && of > 0) {
            lines.add(String.format(Locale.ROOT, "%d/%d objects %s (%.3f%%)", n, of, what, 100.0 * n / of));
        }
    }

    /** What clients do now, or empty: {@code 1.2 MiB/s rd, 3 KiB/s wr, 5 op/s rd, 6 op/s wr}. */
    static String clientLine(PgMap.Delta d) {
        ObjectStats s = d.stats();
        List<String> parts = new ArrayList<>();
        long reads = s.get(Counter.READS);
        long writes = s.get(Counter.WRITES);
        if (reads <= 0 && writes <= 0) {
            return "";
        }
        if (reads > 0) {
            parts.add(Numbers.bytes(d.rate(s.get(Counter.READ_KIB) << 10)) + "/s rd");
        }
        if (writes > 0) {
            parts.add(Numbers.bytes(d.rate(s.get(Counter.WRITE_KIB) << 10)) + "/s wr");
        }
        parts.add(Numbers.count(d.rate(reads)) + " op/s rd");
        parts.add(Numbers.count(d.rate(writes)) + " op/s wr");
        return String.join(", ", parts);
    }

    static String recoveryLine(PgMap.Delta d) {
        ObjectStats s = d.stats();
        if (s.get(Counter.OBJECTS_RECOVERED) <= 0 && s.get(Counter.BYTES_RECOVERED) <= 0) {
            return "";
        }
        String text = Numbers.bytes(d.rate(s.get(Counter.BYTES_RECOVERED))) + "/s";
        if (s.get(Counter.KEYS_RECOVERED) > 0) {
            text += ", " + Numbers.count(d.rate(s.get(Counter.KEYS_RECOVERED))) + " keys/s";
        }
        return text + ", " + Numbers.count(d.rate(s.get(Counter.OBJECTS_RECOVERED))) + " objects/s";
    }

    /** The data part of {@code ceph -s}, and its io part if anything happens. */
    String text() {
        OsdMap map = services.osdmap().map();
        ObjectStats total = pgMap().total();
        StoreStatfs space = space();
        int pgs = pgMap().pgs().size();
        StringBuilder out = new StringBuilder();
        out.append("    pools:   ")
                .append(map.pools().size())
                .append(" pools, ")
                .append(pgs)
                .append(" pgs\n");
        out.append("    objects: ")
                .append(Numbers.count(total.get(Counter.OBJECTS)))
                .append(" objects, ")
                .append(Numbers.bytes(total.get(Counter.BYTES)))
                .append('\n');
        out.append("    usage:   ")
                .append(Numbers.bytes(used(space)))
                .append(" used, ")
                .append(Numbers.bytes(space.available()))
                .append(" / ")
                .append(Numbers.bytes(space.total()))
                .append(" avail\n    pgs:     ");
        String pad = "";
        long unknown = pgs(s -> s == 0);
        long inactive = pgs(s -> s != 0 && (s & PgState.ACTIVE) == 0);
        if (unknown > 0) {
            out.append(String.format(Locale.ROOT, "%.3f%% pgs unknown\n", 100.0 * unknown / pgs));
            pad = "             ";
        }
        if (inactive > 0) {
            out.append(pad).append(String.format(Locale.ROOT, "%.3f%% pgs not active\n", 100.0 * inactive / pgs));
            pad = "             ";
        }
        for (String line : problems(total)) {
            out.append(pad).append(line).append('\n');
            pad = "             ";
        }
        int width = 1;
        for (int count : pgMap().states().values()) {
            width = Math.max(width, Integer.toString(count).length());
        }
        for (Map.Entry<String, Integer> e : pgMap().states().entrySet()) {
            out.append(pad).append(String.format("%-" + width + "d %s\n", e.getValue(), e.getKey()));
            pad = "             ";
        }
        if (pgs == 0) {
            out.append('\n');
        }
        PgMap.Delta d = pgMap().delta(null);
        String client = clientLine(d);
        String recovery = recoveryLine(d);
        if (!client.isEmpty() || !recovery.isEmpty()) {
            out.append(" \n  io:\n");
            out.append(client.isEmpty() ? "" : "    client:   " + client + "\n");
            out.append(recovery.isEmpty() ? "" : "    recovery: " + recovery + "\n");
        }
        return out.toString();
    }

    /** {@code pg stat}. */
    String oneLine() {
        ObjectStats total = pgMap().total();
        StoreStatfs space = space();
        List<String> states = new ArrayList<>();
        pgMap().states().forEach((state, count) -> states.add(count + " " + state));
        StringBuilder out = new StringBuilder();
        out.append(pgMap().pgs().size())
                .append(" pgs: ")
                .append(String.join(", ", states))
                .append("; ");
        out.append(Numbers.bytes(total.get(Counter.BYTES)))
                .append(" data, ")
                .append(Numbers.bytes(used(space)))
                .append(" used, ")
                .append(Numbers.bytes(space.available()))
                .append(" / ")
                .append(Numbers.bytes(space.total()))
                .append(" avail");
        PgMap.Delta d = pgMap().delta(null);
        String client = clientLine(d);
        out.append(client.isEmpty() ? "" : "; " + client);
        List<String> problems = problems(total);
        out.append(problems.isEmpty() ? "" : "; " + String.join("; ", problems));
        String recovery = recoveryLine(d);
        out.append(recovery.isEmpty() ? "" : "; " + recovery + " recovering");
        return out.toString();
    }
}
