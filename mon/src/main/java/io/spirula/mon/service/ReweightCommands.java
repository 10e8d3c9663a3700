package io.spirula.mon.service;

import io.spirula.common.command.CommandCall;
import io.spirula.common.command.CommandTable;
import io.spirula.common.command.Json;
import io.spirula.common.command.Outcome;
import io.spirula.common.command.Refusal;
import io.spirula.common.config.Config;
import io.spirula.common.maps.Osd;
import io.spirula.common.maps.OsdMap;
import io.spirula.common.maps.OsdMapIncremental;
import io.spirula.common.pg.StoreStatfs;
import io.spirula.common.types.Errno;
import io.spirula.crush.CrushMap;
import io.spirula.mon.Services;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** The commands that take weight from OSDs that hold too much, by their space or by their groups. Source: mon/PGMap.cc, reweight::by_utilization. */
final class ReweightCommands {
    private static final String HELP = "reweight OSDs by ";
    private static final String DEFAULT = " [overload-percentage-for-consideration, default 120]";
    private static final String COMMON =
            " name=oload,type=CephInt,req=false name=max_change,type=CephFloat,req=false name=max_osds,type=CephInt,req=false";
    private static final String FAILED = "\nFAILED reweight-by-pg";

    private final Services services;
    private final Config config;

    ReweightCommands(Services services, Config config) {
        this.services = services;
        this.config = config;
    }

    void register(CommandTable table) {
        String pools = " name=pools,type=CephPoolname,n=N,req=false";
        table.add(
                "osd reweight-by-utilization" + COMMON
                        + " name=no_increasing,type=CephChoices,strings=--no-increasing,req=false",
                HELP + "utilization" + DEFAULT,
                "osd",
                "rw",
                8,
                c -> reweight(c, false, false));
        table.add(
                "osd test-reweight-by-utilization" + COMMON + " name=no_increasing,type=CephBool,req=false",
                "dry run of " + HELP + "utilization" + DEFAULT,
                "osd",
                "r",
                8,
                c -> reweight(c, false, true));
        table.add(
                "osd reweight-by-pg" + COMMON + pools,
                HELP + "PG distribution" + DEFAULT,
                "osd",
                "rw",
                8,
                c -> reweight(c, true, false));
        table.add(
                "osd test-reweight-by-pg" + COMMON + pools,
                "dry run of " + HELP + "PG distribution" + DEFAULT,
                "osd",
                "r",
                8,
                c -> reweight(c, true, true));
    }

    /** @param load an OSD's: its share of use, or its groups by its weight */
    private record Loads(Map<Integer, Double> load, double average) {}

    private record Change(int osd, int weight, int newWeight) {}

    private Outcome reweight(CommandCall call, boolean byGroups, boolean dry) {
        OsdMap map = services.osdmap().pendingMap();
        List<Long> pools = new ArrayList<>();
        for (String name : call.strings("pools")) {
            if (map.poolId(name) < 0) {
                return Outcome.refused(Errno.ENOENT, "pool '" + name + "' does not exist");
            }
            pools.add(map.poolId(name));
        }
        int overload = (int) call.integer("oload", 120);
        double maxChange = call.real("max_change", config.real("mon_reweight_max_change", 0.05));
        long maxOsds = call.integer("max_osds", config.integer("mon_reweight_max_osds", 4));
        boolean increasing = !call.flag("no_increasing");
        if (maxChange <= 0) {
            return Outcome.refused(Errno.EINVAL, "max_change " + Json.number(maxChange, 6) + " must be positive");
        }
        if (maxOsds <= 0) {
            return Outcome.refused(Errno.EINVAL, "max_osds " + maxOsds + " must be positive");
        }
        if (overload <= 100) {
            return Outcome.refused(
                    Errno.EINVAL,
                    "You must give a percentage higher than 100. The reweighting threshold will be calculated as"
                            + " <average-utilization> times <input-percentage>. For example, an argument of 200 would"
                            + " reweight OSDs which are twice as utilized as the average OSD." + FAILED);
        }
        Collection<Long> counted = pools.isEmpty() ? map.pools().keySet() : pools;
        Loads loads = byGroups ? byGroups(map, counted) : bySpace();
        double threshold = loads.average * overload / 100.0;
        List<Change> changes = changes(map, loads, threshold, maxChange, maxOsds, increasing);
        OsdMap next = map;
        if (!changes.isEmpty()) {
            OsdMapIncremental.Builder inc = OsdMapIncremental.after(map);
            changes.forEach(c -> inc.putWeight(c.osd, c.newWeight));
            next = map.apply(inc.build());
        }
        MappingSpread spread = new MappingSpread(map, next, counted);
        Json json = Json.object()
                .put("overload_min", overload)
                .put("max_change", maxChange)
                .put("max_change_osds", maxOsds)
                .put("average_utilization", loads.average)
                .put("overload_utilization", threshold)
                .put("reweights", Json.list(changes, ReweightCommands::json))
                .put("utilization", spread.json(true));
        Outcome shown = call.format().equals("plain")
                ? Outcome.output(
                        spread.text(true) + "\n" + text(overload, maxChange, maxOsds, loads, threshold, changes))
                : Json.answer(call, json);
        if (dry || changes.isEmpty()) {
            return shown.withText("no change");
        }
        services.osdmap().change(inc -> changes.forEach(c -> inc.putWeight(c.osd, c.newWeight)));
        return Outcome.committed("SUCCESSFUL reweight-by-pg", shown.output());
    }

    private static Json json(Change c) {
        return Json.object()
                .put("osd", c.osd)
                .put("weight", c.weight / 65536.0)
                .put("new_weight", c.newWeight / 65536.0);
    }

    private static String text(
            long overload, double maxChange, long maxOsds, Loads loads, double threshold, List<Change> changes) {
        StringBuilder out = new StringBuilder();
        out.append("oload ").append(overload).append("\nmax_change ").append(Json.number(maxChange, 6));
        out.append("\nmax_change_osds ").append(maxOsds);
        out.append(String.format(Locale.ROOT, "%naverage_utilization %.4f", loads.average));
        out.append(String.format(Locale.ROOT, "%noverload_utilization %.4f%n", threshold));
        for (Change c : changes) {
            out.append(String.format(
                    Locale.ROOT, "osd.%d weight %.4f -> %.4f%n", c.osd, c.weight / 65536f, c.newWeight / 65536f));
        }
        return out.toString();
    }

    private Loads bySpace() {
        Map<Integer, Double> load = new TreeMap<>();
        StoreStatfs sum = StoreStatfs.ZERO;
        for (var e : services.pgMap().osds().entrySet()) {
            StoreStatfs s = e.getValue().statfs();
            sum = sum.plus(s);
            load.put(e.getKey(), s.total() == 0 ? 0 : (double) ClusterUsage.usedRaw(s) / s.total());
        }
        long least = config.integer("mon_reweight_min_bytes_per_osd", 100L << 20);
        int osds = Math.max(1, load.size());
        for (boolean used : new boolean[] {false, true}) {
            long bytes = used ? ClusterUsage.usedRaw(sum) : sum.total();
            if (bytes / osds < least) {
                throw new Refusal(
                        Errno.EDOM,
                        "Refusing to reweight: we only have " + (bytes >> 10) + " kb " + (used ? "used " : "")
                                + "across all osds!" + FAILED);
            }
        }
        return new Loads(load, (double) ClusterUsage.usedRaw(sum) / sum.total());
    }

    private Loads byGroups(OsdMap map, Collection<Long> pools) {
        CrushMap crush = CrushEdits.decoded(map);
        Map<Integer, Integer> groups = new TreeMap<>();
        for (long pool : pools) {
            map.poolToUpActing(pool).forEach(w -> w.up().forEach(osd -> groups.merge(osd, 1, Integer::sum)));
        }
        double weights = 0;
        int copies = 0;
        Map<Integer, Double> load = new TreeMap<>();
        for (Map.Entry<Integer, Integer> e : groups.entrySet()) {
            Integer fixed = crush.itemWeight(e.getKey());
            if (fixed != null && fixed > 0) {
                weights += fixed / 65536.0;
                copies += e.getValue();
                load.put(e.getKey(), e.getValue() / (fixed / 65536.0));
            }
        }
        if (load.isEmpty() || copies / load.size() < config.integer("mon_reweight_min_pgs_per_osd", 10)) {
            throw new Refusal(
                    Errno.EDOM,
                    "Refusing to reweight: we only have " + copies + " PGs across " + load.size() + " osds!" + FAILED);
        }
        return new Loads(load, copies / weights);
    }

    /** Those farthest from the average first: down where an OSD is above the threshold, up where it is below the average. */
    private static List<Change> changes(
            OsdMap map, Loads loads, double threshold, double maxChange, long maxOsds, boolean increasing) {
        List<Map.Entry<Integer, Double>> byDistance = new ArrayList<>(loads.load.entrySet());
        byDistance.sort((a, b) ->
                Double.compare(Math.abs(b.getValue() - loads.average), Math.abs(a.getValue() - loads.average)));
        int step = (int) (maxChange * Osd.IN);
        List<Change> changes = new ArrayList<>();
        for (Map.Entry<Integer, Double> e : byDistance) {
            int weight = map.exists(e.getKey()) ? map.osd(e.getKey()).weight() : 0;
            if (weight == 0 || changes.size() >= maxOsds) {
                continue;
            }
            double load = e.getValue();
            int fair = load == 0 ? Osd.IN : (int) (loads.average / load * weight);
            if (load >= threshold) {
                changes.add(new Change(e.getKey(), weight, Math.max(fair, weight - step)));
            } else if (increasing && load <= loads.average) {
                int more = Math.min(Math.min(fair, weight + step), Osd.IN);
                if (more > weight) {
                    changes.add(new Change(e.getKey(), weight, more));
                }
            }
        }
        return changes;
    }
}
