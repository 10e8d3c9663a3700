package io.spirula.mon.service;

import io.spirula.common.command.Json;
import io.spirula.common.command.Refusal;
import io.spirula.common.format.Numbers;
import io.spirula.common.format.TextTable;
import io.spirula.common.maps.OsdMap;
import io.spirula.common.maps.PgPool;
import io.spirula.common.pg.OsdStat;
import io.spirula.common.pg.StoreStatfs;
import io.spirula.common.types.Errno;
import io.spirula.crush.CrushMap;
import io.spirula.crush.CrushTree;
import io.spirula.mon.mgr.PgMap;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntPredicate;

/** {@code ceph osd df}: each OSD's space and groups, flat or along the CRUSH hierarchy. Source: OSDMonitor.cc, OSDUtilizationDumper. */
final class OsdDf {
    private final OsdMap map;
    private final PgMap pgMap;
    private final CrushMap crush;
    private final IntPredicate shown;
    private final List<CrushTree.Node> nodes;
    private final double average;
    private final Map<Integer, Integer> pgs;
    private double minVar = -1;
    private double maxVar = -1;
    private double sum;
    private double count;

    /**
     * @param filter the name of a device class, a node or a pool; empty for all OSDs
     * @param byClass whether it is a class
     */
    OsdDf(OsdMap map, PgMap pgMap, String filter, boolean byClass) {
        this.map = map;
        this.pgMap = pgMap;
        crush = CrushEdits.decoded(map);
        shown = shown(filter, byClass);
        Integer node = byClass ? null : crush.itemId(filter);
        nodes = CrushTree.of(crush, false).stream()
                .filter(n -> node == null || n.id() == node || crush.subtreeContains(node, n.id()))
                .toList();
        pgs = pgMap.pgsByOsd();
        StoreStatfs all = StoreStatfs.ZERO;
        for (Map.Entry<Integer, OsdStat> e : pgMap.osds().entrySet()) {
            if (map.isIn(e.getKey()) && shown.test(e.getKey())) {
                all = all.plus(e.getValue().statfs());
            }
        }
        average = utilization(all);
    }

    private IntPredicate shown(String filter, boolean byClass) {
        if (filter.isEmpty()) {
            return osd -> true;
        }
        Integer node = crush.itemId(filter);
        PgPool pool = map.pool(map.poolId(filter));
        Set<Integer> osds = new HashSet<>();
        if (byClass && crush.classId(filter) >= 0) {
            osds.addAll(crush.devicesOfClass(filter));
        } else if (!byClass && node != null) {
            osds.addAll(crush.leaves(node));
        } else if (!byClass && pool != null) {
            crush.takes(pool.crushRule()).forEach(take -> osds.addAll(crush.leaves(take)));
        } else {
            throw new Refusal(Errno.EINVAL, "'" + filter + "' not a pool, crush node or device class name");
        }
        return osds::contains;
    }

    private static double utilization(StoreStatfs s) {
        return s.total() == 0 ? 0 : 100.0 * ((s.total() - s.available()) >> 10) / (s.total() >> 10);
    }

    private StoreStatfs space(int id) {
        if (id >= 0) {
            OsdStat stat = pgMap.osds().get(id);
            return stat == null || !map.isIn(id) || !shown.test(id) ? StoreStatfs.ZERO : stat.statfs();
        }
        StoreStatfs sum = StoreStatfs.ZERO;
        for (int osd : crush.leaves(id)) {
            sum = sum.plus(space(osd));
        }
        return sum;
    }

    private double var(int id) {
        return average == 0 ? 0 : utilization(space(id)) / average;
    }

    private List<Integer> stray() {
        Set<Integer> placed = new HashSet<>();
        CrushTree.of(crush, false).forEach(n -> placed.add(n.id()));
        List<Integer> stray = new ArrayList<>();
        for (int osd = 0; osd < map.maxOsd(); osd++) {
            if (map.exists(osd) && !placed.contains(osd) && shown.test(osd)) {
                stray.add(osd);
            }
        }
        return stray;
    }

    /** Takes an OSD into the spread. */
    private void account(int osd) {
        double var = var(osd);
        if (map.isIn(osd)) {
            minVar = minVar < 0 ? var : Math.min(minVar, var);
            maxVar = Math.max(maxVar, var);
        }
        sum += Math.pow(utilization(space(osd)) - average, 2);
        count++;
    }

    private double deviation() {
        return count == 0 ? 0 : Math.sqrt(sum / count);
    }

    private static long kib(long bytes) {
        return bytes >> 10;
    }

    private static long meta(StoreStatfs s) {
        return s.internalMetadata();
    }

    Json json(boolean tree) {
        List<Object> rows = new ArrayList<>();
        for (CrushTree.Node n : nodes) {
            if (n.isBucket() ? tree : shown.test(n.id())) {
                rows.add(node(n));
            }
        }
        List<Object> strays = new ArrayList<>();
        for (int osd : stray()) {
            account(osd);
            strays.add(values(
                    Json.object()
                            .put("id", osd)
                            .put("name", "osd." + osd)
                            .put("type", crush.typeName(0))
                            .put("type_id", 0)
                            .put("crush_weight", 0)
                            .put("depth", 0),
                    osd));
        }
        StoreStatfs all = StoreStatfs.ZERO;
        for (int osd = 0; osd < map.maxOsd(); osd++) {
            all = all.plus(space(osd));
        }
        return Json.object()
                .put("nodes", rows)
                .put("stray", strays)
                .put(
                        "summary",
                        Json.object()
                                .put("total_kb", kib(all.total()))
                                .put("total_kb_used", kib(all.total() - all.available()))
                                .put("total_kb_used_data", kib(all.allocated()))
                                .put("total_kb_used_omap", kib(all.omapAllocated()))
                                .put("total_kb_used_meta", kib(meta(all)))
                                .put("total_kb_avail", kib(all.available()))
                                .put("average_utilization", average)
                                .put("min_var", Math.max(0, minVar))
                                .put("max_var", Math.max(0, maxVar))
                                .put("dev", deviation()));
    }

    private Json node(CrushTree.Node n) {
        Json json = Json.object().put("id", n.id());
        if (!n.isBucket()) {
            account(n.id());
            String deviceClass = crush.itemClass(n.id());
            if (deviceClass != null) {
                json.put("device_class", deviceClass);
            }
            json.put("name", "osd." + n.id())
                    .put("type", crush.typeName(0))
                    .put("type_id", 0)
                    .put("crush_weight", (double) n.weight())
                    .put("depth", n.depth());
            if (n.parent() < 0) {
                json.put("pool_weights", Json.object());
            }
            return values(json, n.id());
        }
        var bucket = crush.bucket(n.id());
        int type = bucket == null ? 0 : bucket.type();
        json.put("name", crush.itemName(n.id()))
                .put("type", crush.typeName(type))
                .put("type_id", type);
        if (n.parent() < 0) {
            json.put("pool_weights", Json.object());
        }
        List<Integer> children = new ArrayList<>(n.children());
        Collections.reverse(children);
        return values(json, n.id()).put("children", children);
    }

    private Json values(Json json, int id) {
        StoreStatfs s = space(id);
        json.put("reweight", id < 0 ? -1.0 : map.osd(id).weight() / 65536.0)
                .put("kb", kib(s.total()))
                .put("kb_used", kib(s.total() - s.available()))
                .put("kb_used_data", kib(s.allocated()))
                .put("kb_used_omap", kib(s.omapAllocated()))
                .put("kb_used_meta", kib(meta(s)))
                .put("kb_avail", kib(s.available()))
                .put("utilization", utilization(s))
                .put("var", var(id))
                .put("pgs", id < 0 ? 0 : pgs.getOrDefault(id, 0));
        return id < 0 ? json : json.put("status", map.isUp(id) ? "up" : "down");
    }

    String text(boolean tree) {
        TextTable t = tree
                ? new TextTable(
                        "ID",
                        "CLASS",
                        "WEIGHT",
                        "REWEIGHT",
                        "SIZE",
                        "RAW USE",
                        "DATA",
                        "OMAP",
                        "META",
                        "AVAIL",
                        "%USE",
                        "VAR",
                        "PGS",
                        "STATUS",
                        "TYPE NAME")
                : new TextTable(
                        "ID",
                        "CLASS",
                        "WEIGHT",
                        "REWEIGHT",
                        "SIZE",
                        "RAW USE",
                        "DATA",
                        "OMAP",
                        "META",
                        "AVAIL",
                        "%USE",
                        "VAR",
                        "PGS",
                        "STATUS");
        t.rightUnderLeft(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13);
        for (CrushTree.Node n : nodes) {
            if (n.isBucket() ? tree : shown.test(n.id())) {
                var bucket = crush.bucket(n.id());
                String type = bucket == null ? "" : crush.typeName(bucket.type()) + " ";
                String name =
                        "    ".repeat(n.depth()) + type + (n.isBucket() ? crush.itemName(n.id()) : "osd." + n.id());
                String deviceClass = crush.itemClass(n.id());
                row(t, n.id(), deviceClass == null ? "" : deviceClass, n.weight(), name, tree);
            }
        }
        for (int osd : stray()) {
            row(t, osd, "", 0, "osd." + osd, tree);
        }
        StoreStatfs all = StoreStatfs.ZERO;
        for (int osd = 0; osd < map.maxOsd(); osd++) {
            all = all.plus(space(osd));
        }
        List<String> total = new ArrayList<>(List.of(
                "",
                "",
                "",
                "TOTAL",
                Numbers.bytes(all.total()),
                Numbers.bytes(all.total() - all.available()),
                Numbers.bytes(all.allocated()),
                Numbers.bytes(all.omapAllocated()),
                Numbers.bytes(meta(all)),
                Numbers.bytes(all.available()),
                two(average),
                "",
                "",
                ""));
        if (tree) {
            total.add("");
        }
        t.row(total);
        return t + "MIN/MAX VAR: " + two(Math.max(0, minVar)) + "/" + two(Math.max(0, maxVar)) + "  STDDEV: "
                + two(deviation()) + "\n";
    }

    private void row(TextTable t, int id, String deviceClass, double weight, String name, boolean tree) {
        StoreStatfs s = space(id);
        if (id >= 0) {
            account(id);
        }
        List<String> cells = new ArrayList<>(List.of(
                Integer.toString(id),
                deviceClass,
                OsdTree.fixed(weight),
                id < 0 ? "-" : OsdTree.fixed(map.osd(id).weight() / 65536.0),
                Numbers.bytes(s.total()),
                Numbers.bytes(s.total() - s.available()),
                Numbers.bytes(s.allocated()),
                Numbers.bytes(s.omapAllocated()),
                Numbers.bytes(meta(s)),
                Numbers.bytes(s.available()),
                two(utilization(s)),
                two(var(id)),
                id < 0 ? "-" : Integer.toString(pgs.getOrDefault(id, 0)),
                id < 0 ? "" : map.isUp(id) ? "up" : "down"));
        if (tree) {
            cells.add(name);
        }
        t.row(cells);
    }

    private static String two(double v) {
        return v < 0.005 ? "0" : String.format(java.util.Locale.ROOT, "%.2f", v);
    }
}
