package io.spirula.common.maps;

import io.spirula.common.format.Formatter;
import io.spirula.common.format.Numbers;
import io.spirula.common.format.TextTable;
import io.spirula.common.format.TextTable.Align;
import io.spirula.crush.Bucket;
import io.spirula.crush.CrushMap;
import io.spirula.crush.CrushTree;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/** The OSDs in their CRUSH hierarchy: {@code ceph osd tree}. Source: OSDMap::print_tree (osd/OSDMap.cc). */
public final class OsdTree {
    private static final String INDENT = "    ";

    private final OsdMap map;
    private final CrushMap crush;
    private final List<CrushTree.Node> nodes;
    /** Devices that exist but are nowhere in the hierarchy; null below a chosen bucket, where there is no such thing. */
    private final @Nullable List<CrushTree.Node> strays;

    private OsdTree(OsdMap map, List<CrushTree.Node> nodes, @Nullable List<CrushTree.Node> strays) {
        this.map = map;
        this.crush = map.crushMap();
        this.nodes = nodes;
        this.strays = strays;
    }

    /** Everything. */
    public static OsdTree of(OsdMap map) {
        return of(map, null);
    }

    /** Only OSDs of a kind, and the buckets that have some. A null kind is everything, empty buckets included. */
    public static OsdTree of(OsdMap map, @Nullable IntPredicate kind) {
        List<CrushTree.Node> all = CrushTree.of(map.crushMap(), false);
        Set<Integer> placed = new HashSet<>();
        all.forEach(node -> placed.add(node.id()));
        List<CrushTree.Node> strays = new ArrayList<>();
        for (int i = 0; i < map.maxOsd(); i++) {
            if (map.exists(i) && !placed.contains(i) && (kind == null || kind.test(i))) {
                strays.add(new CrushTree.Node(i, 0, 0, 0, List.of()));
            }
        }
        return new OsdTree(map, filtered(all, kind), strays);
    }

    /** What is below one bucket. */
    public static OsdTree below(OsdMap map, int bucket, @Nullable IntPredicate kind) {
        return new OsdTree(map, filtered(CrushTree.of(map.crushMap(), List.of(bucket)), kind), null);
    }

    private static List<CrushTree.Node> filtered(List<CrushTree.Node> nodes, @Nullable IntPredicate kind) {
        if (kind == null) {
            return nodes;
        }
        Map<Integer, CrushTree.Node> byId = new HashMap<>();
        nodes.forEach(node -> byId.put(node.id(), node));
        return nodes.stream().filter(node -> shown(node, byId, kind)).toList();
    }

    private static boolean shown(CrushTree.Node node, Map<Integer, CrushTree.Node> byId, IntPredicate kind) {
        if (!node.isBucket()) {
            return kind.test(node.id());
        }
        for (int child : node.children()) {
            CrushTree.Node below = byId.get(child);
            if (below != null && below.depth() > node.depth() && shown(below, byId, kind)) {
                return true;
            }
        }
        return false;
    }

    /** The plain table. */
    public String print() {
        TextTable table = new TextTable()
                .column("ID", Align.LEFT, Align.RIGHT)
                .column("CLASS", Align.LEFT, Align.RIGHT)
                .column("WEIGHT", Align.LEFT, Align.RIGHT)
                .column("TYPE NAME", Align.LEFT, Align.LEFT)
                .column("STATUS", Align.LEFT, Align.RIGHT)
                .column("REWEIGHT", Align.LEFT, Align.RIGHT)
                .column("PRI-AFF", Align.LEFT, Align.RIGHT);
        nodes.forEach(node -> table.row(row(node)));
        if (strays != null) {
            strays.forEach(node -> table.row(row(node)));
        }
        return table.toString();
    }

    private List<String> row(CrushTree.Node node) {
        List<String> row = new ArrayList<>();
        row.add(Integer.toString(node.id()));
        row.add(Objects.requireNonNullElse(crush.itemClass(node.id()), ""));
        row.add(weight(node.weight()));
        row.add(INDENT.repeat(node.depth()) + name(node));
        if (!node.isBucket()) {
            Osd osd = map.osd(node.id());
            row.add(osd.exists() ? status(osd) : "DNE");
            row.add(osd.exists() ? weight(OsdMapPrint.share(osd.weight())) : "0");
            if (osd.exists()) {
                row.add(weight(OsdMapPrint.share(osd.primaryAffinity())));
            }
        }
        return row;
    }

    private String name(CrushTree.Node node) {
        Bucket bucket = crush.bucket(node.id());
        return bucket == null
                ? "osd." + node.id()
                : Objects.requireNonNullElse(crush.typeName(bucket.type()), "") + " "
                        + Objects.requireNonNullElse(crush.itemName(node.id()), "");
    }

    private static String status(Osd osd) {
        return osd.isUp() ? "up" : osd.has(OsdState.DESTROYED) ? "destroyed" : "down";
    }

    /** Five decimals. Ceph: weightf_t. */
    static String weight(double weight) {
        return weight < -0.01 ? "-" : weight < 0.000001 ? "0" : Numbers.fixed(weight, 5);
    }

    /** Writes the members of the object that the tree is. */
    public void dump(Formatter f) {
        f.array("nodes", () -> nodes.forEach(node -> dump(node, f)));
        List<CrushTree.Node> outside = strays;
        if (outside != null) {
            f.array("stray", () -> outside.forEach(node -> dump(node, f)));
        }
    }

    private void dump(CrushTree.Node node, Formatter f) {
        f.object("item", () -> {
            CrushTree.dumpFields(crush, node, new FormatterSink(f));
            if (node.isBucket()) {
                // Ceph collects them from the last to the first.
                f.array("children", () -> {
                    for (int i = node.children().size() - 1; i >= 0; i--) {
                        f.put("child", node.children().get(i));
                    }
                });
            } else {
                Osd osd = map.osd(node.id());
                f.put("exists", osd.exists() ? 1 : 0).put("status", status(osd));
                f.put("reweight", OsdMapPrint.share(osd.weight()));
                f.put("primary_affinity", OsdMapPrint.share(osd.primaryAffinity()));
            }
        });
    }
}
