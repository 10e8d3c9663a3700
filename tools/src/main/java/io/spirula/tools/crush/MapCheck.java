package io.spirula.tools.crush;

import io.spirula.crush.Bucket;
import io.spirula.crush.CrushMap;
import io.spirula.crush.CrushTree;
import io.spirula.crush.Rule;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;

/** Whether a map's rules and names make sense: crushtool's --check. */
final class MapCheck {
    private static final int SIZE_MAX = 255;

    private final CrushMap map;

    MapCheck(CrushMap map) {
        this.map = map;
    }

    /** A line for each range of pool sizes that several rules of one ruleset and type are for. */
    String overlappingRules() {
        TreeMap<Integer, TreeSet<Integer>> byKind = new TreeMap<>();
        for (int number = 0; number < map.maxRules(); number++) {
            Rule rule = map.rule(number);
            if (rule != null) {
                byKind.computeIfAbsent(rule.ruleset() << 8 | rule.type(), k -> new TreeSet<>())
                        .add(number);
            }
        }
        StringBuilder lines = new StringBuilder();
        byKind.forEach((kind, numbers) -> {
            TreeSet<String> before = new TreeSet<>();
            for (int size = 0; size <= SIZE_MAX; size++) {
                TreeSet<String> names = new TreeSet<>();
                for (int number : numbers) {
                    Rule rule = Objects.requireNonNull(map.rule(number));
                    if (rule.minSize() <= size && size <= rule.maxSize()) {
                        names.add(Objects.requireNonNullElse(map.ruleName(number), "rule" + number));
                    }
                }
                if (names.size() > 1 && !names.equals(before)) {
                    lines.append("overlapped rules in ruleset ")
                            .append(kind >> 8)
                            .append(": ");
                    lines.append(String.join(", ", names)).append('\n');
                }
                before = names;
            }
        });
        return lines.toString();
    }

    /** The first item that lacks a name, or whose type does, or whose id is too large; empty if all is well. */
    String names(int maxId) {
        for (CrushTree.Node node : CrushTree.of(map, false)) {
            Bucket bucket = map.bucket(node.id());
            if (node.isBucket() && (bucket == null || map.itemName(node.id()) == null)) {
                return "unknown item name: item#" + node.id();
            }
            if (!node.isBucket() && maxId > 0 && node.id() >= maxId) {
                return "item id too large: item#" + node.id();
            }
            if (map.typeName(bucket == null ? 0 : bucket.type()) == null) {
                return "unknown type name: item#" + node.id();
            }
        }
        return map.typeName(0) == null ? "unknown type name: item#0" : "";
    }
}
