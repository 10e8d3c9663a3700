package io.spirula.tools.crush;

import io.spirula.crush.Bucket;
import io.spirula.crush.ChooseArgs;
import io.spirula.crush.CrushContent;
import io.spirula.crush.CrushTree;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/** The hierarchy as a table: crushtool's --tree. Ceph: CrushTreePlainDumper. */
final class TreeTable {
    private TreeTable() {}

    static String of(CrushContent map) {
        TextTable table = new TextTable();
        table.column("ID", true);
        table.column("CLASS", true);
        table.column("WEIGHT", true);
        map.chooseArgs()
                .keySet()
                .forEach(pool -> table.column(pool == ChooseArgs.DEFAULT ? "(compat)" : Long.toString(pool), true));
        table.column("TYPE NAME", false);
        for (CrushTree.Node node : CrushTree.of(map, true)) {
            List<String> cells = new ArrayList<>();
            cells.add(Integer.toString(node.id()));
            cells.add(Objects.requireNonNullElse(map.itemClass(node.id()), ""));
            cells.add(weight(node.weight()));
            map.chooseArgs().values().forEach(args -> cells.add(weightIn(map, args, node)));
            Bucket bucket = map.bucket(node.id());
            String name = bucket == null
                    ? "osd." + node.id()
                    : Objects.requireNonNullElse(map.typeName(bucket.type()), "") + " "
                            + Objects.requireNonNullElse(map.itemName(node.id()), "");
            cells.add("    ".repeat(node.depth()) + name);
            table.row(cells);
        }
        return table.toString();
    }

    private static String weightIn(CrushContent map, ChooseArgs args, CrushTree.Node node) {
        Bucket parent = map.bucket(node.parent());
        int[][] sets = args.of(node.parent()).weightSets();
        return parent == null || sets.length == 0
                ? ""
                : weight(Integer.toUnsignedLong(sets[0][parent.positionOf(node.id())]) / 65536f);
    }

    /** Ceph: weightf_t. */
    private static String weight(float weight) {
        if (weight < -0.01f) {
            return "-";
        }
        return weight < 0.000001f ? "0" : String.format(Locale.ROOT, "%.5f", new java.math.BigDecimal((double) weight));
    }
}
