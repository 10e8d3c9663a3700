package io.spirula.tools.crush;

import io.spirula.common.format.TextTable;
import io.spirula.crush.Bucket;
import io.spirula.crush.ChooseArgs;
import io.spirula.crush.CrushContent;
import io.spirula.crush.CrushTree;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.IntStream;

/** The hierarchy as a table: crushtool's --tree. Ceph: CrushTreePlainDumper. */
final class TreeTable {
    private TreeTable() {}

    static String of(CrushContent map) {
        List<String> headings = new ArrayList<>(List.of("ID", "CLASS", "WEIGHT"));
        map.chooseArgs()
                .keySet()
                .forEach(pool -> headings.add(pool == ChooseArgs.DEFAULT ? "(compat)" : Long.toString(pool)));
        int numbers = headings.size();
        headings.add("TYPE NAME");
        TextTable table = new TextTable(headings.toArray(String[]::new))
                .rightUnderLeft(IntStream.range(0, numbers).toArray());
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
