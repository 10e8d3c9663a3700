package io.spirula.crush;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.LongFunction;

/** The hierarchy as a list, each bucket followed by what is in it, in the order of Ceph's CrushTreeDumper. */
public final class CrushTree {
    private CrushTree() {}

    /**
     * An item at one of its places.
     *
     * @param parent the bucket it is in; 0 for a root
     * @param weight what it weighs there
     * @param children its items, sorted by class and name
     */
    public record Node(int id, int parent, int depth, float weight, List<Integer> children) {
        public boolean isBucket() {
            return id < 0;
        }
    }

    /** Everything, with or without the shadow trees of the device classes. */
    public static List<Node> of(CrushContent map, boolean showShadow) {
        return of(map, showShadow ? map.roots() : map.nonShadowRoots());
    }

    /** What is below some items. */
    public static List<Node> of(CrushContent map, Collection<Integer> roots) {
        List<Node> nodes = new ArrayList<>();
        for (int root : roots) {
            Deque<Node> pending = new ArrayDeque<>();
            Bucket bucket = map.bucket(root);
            float weight = bucket == null ? 0 : Integer.toUnsignedLong(bucket.weight()) / 65536f;
            pending.push(new Node(root, 0, 0, weight, List.of()));
            while (!pending.isEmpty()) {
                Node node = pending.pop();
                NavigableMap<String, Node> sorted = children(map, node);
                nodes.add(new Node(
                        node.id,
                        node.parent,
                        node.depth,
                        node.weight,
                        sorted.values().stream().map(Node::id).toList()));
                if (node.depth <= map.maxBuckets()) {
                    sorted.descendingMap().values().forEach(pending::push);
                }
            }
        }
        return nodes;
    }

    private static NavigableMap<String, Node> children(CrushContent map, Node node) {
        NavigableMap<String, Node> sorted = new TreeMap<>();
        Bucket bucket = map.bucket(node.id);
        if (bucket != null) {
            for (int i = bucket.size() - 1; i >= 0; i--) {
                int item = bucket.item(i);
                float weight = Integer.toUnsignedLong(bucket.itemWeight(i)) / 65536f;
                sorted.put(sortKey(map, item), new Node(item, node.id, node.depth + 1, weight, List.of()));
            }
        }
        return sorted;
    }

    private static String sortKey(CrushContent map, int item) {
        if (item < 0) {
            return "_" + Objects.requireNonNullElse(map.itemName(item), "");
        }
        return Objects.requireNonNullElse(map.itemClass(item), "") + "_osd." + padded(item);
    }

    private static String padded(int id) {
        String digits = Integer.toString(id);
        return "0".repeat(Math.max(0, 8 - digits.length())) + digits;
    }

    /** The tree as an object's members: the nodes, and the devices that are nowhere. Ceph: CrushTreeFormattingDumper. */
    public static void dump(CrushContent map, boolean showShadow, DumpSink out) {
        dump(map, showShadow, CrushTree::setName, out);
    }

    /** @param setNames what the weight sets are called, by pool */
    public static void dump(CrushContent map, boolean showShadow, LongFunction<String> setNames, DumpSink out) {
        List<Node> nodes = of(map, showShadow);
        out.openArray("nodes");
        nodes.forEach(node -> dump(map, node, setNames, out));
        out.close();
        out.openArray("stray");
        for (Map.Entry<Integer, String> device : map.itemNames.tailMap(0, true).entrySet()) {
            if (nodes.stream().noneMatch(node -> node.id == device.getKey())) {
                dump(map, new Node(device.getKey(), 0, 0, 0, List.of()), setNames, out);
            }
        }
        out.close();
    }

    private static void dump(CrushContent map, Node node, LongFunction<String> setNames, DumpSink out) {
        out.openObject("item");
        dumpFields(map, node, setNames, out);
        if (node.isBucket()) {
            out.openArray("children");
            // Ceph collects them from the last to the first.
            for (int i = node.children.size() - 1; i >= 0; i--) {
                out.put("child", node.children.get(i));
            }
            out.close();
        }
        out.close();
    }

    /** The members that describe a node, without its children. Ceph: CrushTreeDumper::dump_item_fields. */
    public static void dumpFields(CrushContent map, Node node, DumpSink out) {
        dumpFields(map, node, CrushTree::setName, out);
    }

    private static String setName(long pool) {
        return pool == ChooseArgs.DEFAULT ? "(compat)" : Long.toString(pool);
    }

    /** @param setNames what the weight sets are called, by pool */
    public static void dumpFields(CrushContent map, Node node, LongFunction<String> setNames, DumpSink out) {
        out.put("id", node.id);
        String deviceClass = map.itemClass(node.id);
        if (deviceClass != null) {
            out.put("device_class", deviceClass);
        }
        Bucket bucket = map.bucket(node.id);
        if (bucket != null) {
            out.put("name", Objects.requireNonNullElse(map.itemName(node.id), ""));
            out.put("type", Objects.requireNonNullElse(map.typeName(bucket.type()), ""));
            out.put("type_id", bucket.type());
        } else {
            out.put("name", "osd." + node.id);
            out.put("type", Objects.requireNonNullElse(map.typeName(0), ""));
            out.put("type_id", 0);
            out.put("crush_weight", (double) node.weight);
            out.put("depth", node.depth);
        }
        Bucket parent = map.bucket(node.parent);
        if (parent != null) {
            out.openObject("pool_weights");
            map.chooseArgs.forEach((pool, args) -> {
                int[][] sets = args.of(node.parent).weightSets();
                if (sets.length > 0) {
                    out.openArray(setNames.apply(pool));
                    for (int[] weights : sets) {
                        out.put("weight", (double)
                                (Integer.toUnsignedLong(weights[parent.positionOf(node.id)]) / 65536f));
                    }
                    out.close();
                }
            });
            out.close();
        }
    }
}
