package io.spirula.tools.crush;

import io.spirula.crush.BucketAlgorithm;
import io.spirula.crush.CrushEditException;
import io.spirula.crush.CrushEditor;
import io.spirula.crush.CrushMap;
import io.spirula.crush.Rule;
import io.spirula.crush.SimpleRule;
import java.io.PrintStream;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;

/** A new map of layers of equal buckets over devices of weight 1: crushtool's --build. */
final class MapBuilder {
    /** Ceph cuts the names of buckets at this length. */
    private static final int NAME_MAX = 19;

    private final Options options;
    private final PrintStream err;
    private final CrushEditor editor = new CrushEditor(CrushMap.empty());

    MapBuilder(Options options, PrintStream err) {
        this.options = options;
        this.err = err;
    }

    CrushMap build() {
        if (options.layers.isEmpty()) {
            err.println("crushtool: must specify at least one layer");
            throw new Failure(1);
        }
        int[] items = new int[options.osds];
        int[] weights = new int[options.osds];
        for (int device = 0; device < options.osds; device++) {
            items[device] = device;
            weights[device] = 0x10000;
            editor.setItemName(device, "osd." + device);
        }
        editor.setTypeName(0, "osd");
        String rootName = "";
        for (int layer = 0; layer * 3 < options.layers.size(); layer++) {
            String name = options.layers.get(layer * 3);
            int size = Arguments.atoi(options.layers.get(layer * 3 + 2));
            editor.setTypeName(layer + 1, name);
            int[][] built = layer(layer + 1, name, algorithm(options.layers.get(layer * 3 + 1)), size, items, weights);
            items = built[0];
            weights = built[1];
            rootName = size == 0 ? name : name + "0";
        }
        warnAboutRoots(rootName);
        String failureDomain = Objects.requireNonNullElse(editor.typeName(1), "");
        try {
            editor.addSimpleRuleAt(
                    -1, new SimpleRule("replicated_rule", rootName, failureDomain, "", "firstn", Rule.REPLICATED));
        } catch (CrushEditException e) {
            err.print(e.getMessage());
            throw new Failure(1);
        }
        return editor.build();
    }

    private BucketAlgorithm algorithm(String label) {
        Optional<BucketAlgorithm> algorithm = BucketAlgorithm.ofLabel(label);
        if (algorithm.isEmpty()) {
            err.println("unknown bucket type '" + label + "'");
            throw new Failure(1);
        }
        return algorithm.get();
    }

    /** @param size how many items a bucket has; 0 for one bucket of all */
    private int[][] layer(int type, String name, BucketAlgorithm algorithm, int size, int[] items, int[] weights) {
        int each = size <= 0 ? items.length : size;
        int count = each == 0 ? 0 : (items.length + each - 1) / each;
        int[] ids = new int[count];
        int[] sums = new int[count];
        for (int i = 0; i < count; i++) {
            int to = Math.min(items.length, (i + 1) * each);
            int[] own = Arrays.copyOfRange(weights, i * each, to);
            try {
                ids[i] =
                        editor.addBucket(0, Optional.of(algorithm), type, Arrays.copyOfRange(items, i * each, to), own);
            } catch (CrushEditException e) {
                err.println(" Couldn't add bucket: " + e.errno().text());
                throw new Failure(-e.errno().number());
            }
            sums[i] = Arrays.stream(own).sum();
            String full = size == 0 ? name : name + i;
            editor.setItemName(ids[i], full.substring(0, Math.min(full.length(), NAME_MAX)));
        }
        return new int[][] {ids, sums};
    }

    private void warnAboutRoots(String root) {
        int roots = editor.roots().size();
        if (roots > 1) {
            err.println("The crush rulesets will use the root " + root + "\nand ignore the others.\nThere are " + roots
                    + " roots, they can be\ngrouped into a single root by appending something like:\n  root straw 0\n");
        }
    }
}
