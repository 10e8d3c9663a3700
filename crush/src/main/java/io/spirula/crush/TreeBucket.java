package io.spirula.crush;

import java.util.Arrays;
import java.util.function.IntFunction;

/** A bucket that is a binary tree of weights, the item at position i in leaf 2i+1. */
public final class TreeBucket extends Bucket {
    final int[] nodeWeights;

    TreeBucket(int id, int type, int hash, int weight, int[] items, int[] nodeWeights) {
        super(id, type, hash, weight, items);
        this.nodeWeights = nodeWeights;
    }

    static TreeBucket make(int id, int type, int hash, int[] items, int[] weights) {
        int depth = depth(items.length);
        int[] nodes = new int[depth == 0 ? 0 : nodeCount(depth)];
        for (int i = 0; i < items.length; i++) {
            addToPath(nodes, leaf(i), depth, weights[i], false);
        }
        return new TreeBucket(id, type, hash, sum(weights), items, nodes);
    }

    /** The encoded number of nodes is a byte, so a tree holds at most 64 items. */
    private static int nodeCount(int depth) {
        if (depth > 7) {
            throw new CrushEditException(CrushEditException.Errno.ERANGE, "a tree bucket holds at most 64 items");
        }
        return 1 << depth;
    }

    static int leaf(int position) {
        return 2 * position + 1;
    }

    private static int depth(int size) {
        return size == 0 ? 0 : 33 - Integer.numberOfLeadingZeros(size - 1);
    }

    private static int parent(int node) {
        int height = Integer.numberOfTrailingZeros(node);
        return (node & (1 << (height + 1))) != 0 ? node - (1 << height) : node + (1 << height);
    }

    private static void addToPath(int[] nodes, int leaf, int depth, int weight, boolean wrapping) {
        int node = leaf;
        for (int level = 0; level < depth; level++) {
            nodes[node] = wrapping ? nodes[node] + weight : sum(nodes[node], weight);
            node = parent(node);
        }
    }

    @Override
    public BucketAlgorithm algorithm() {
        return BucketAlgorithm.TREE;
    }

    @Override
    public int itemWeight(int position) {
        return nodeWeights[leaf(position)];
    }

    public int nodeCount() {
        return nodeWeights.length;
    }

    public int nodeWeight(int node) {
        return nodeWeights[node];
    }

    @Override
    Bucket withId(int id) {
        return new TreeBucket(id, type(), hash(), weight(), items, nodeWeights);
    }

    @Override
    Bucket withItems(int[] items) {
        return new TreeBucket(id(), type(), hash(), weight(), items, nodeWeights);
    }

    @Override
    Bucket withAdded(int item, int weight, int strawCalcVersion) {
        int size = items.length + 1;
        int depth = depth(size);
        int[] nodes = Arrays.copyOf(nodeWeights, nodeCount(depth));
        int leaf = leaf(size - 1);
        nodes[leaf] = 0;
        int root = nodes.length / 2;
        if (depth >= 2 && leaf - 1 == root) {
            nodes[root] = nodes[root / 2];
        }
        addToPath(nodes, leaf, depth, weight, false);
        return new TreeBucket(id(), type(), hash(), sum(weight(), weight), plus(items, item), nodes);
    }

    /** Leaves a hole (item 0, weight 0), and drops the holes at the end. */
    @Override
    Bucket withRemoved(int item, int strawCalcVersion) {
        int position = positionOf(item);
        int weight = itemWeight(position);
        int[] nodes = nodeWeights.clone();
        addToPath(nodes, leaf(position), depth(items.length), -weight, true);
        int size = items.length;
        while (size > 0 && nodes[leaf(size - 1)] == 0) {
            size--;
        }
        int depth = depth(size);
        int count = depth == depth(items.length) ? nodes.length : 1 << depth;
        return new TreeBucket(
                id(),
                type(),
                hash(),
                lessened(weight(), weight),
                Arrays.copyOf(replaced(items, position, 0), size),
                Arrays.copyOf(nodes, count));
    }

    @Override
    Bucket withItemWeight(int item, int weight, int strawCalcVersion) {
        int position = positionOf(item);
        int difference = weight - itemWeight(position);
        int[] nodes = nodeWeights.clone();
        addToPath(nodes, leaf(position), depth(items.length), difference, true);
        return new TreeBucket(id(), type(), hash(), weight() + difference, items, nodes);
    }

    /** The inner nodes stay as they were, as in Ceph. */
    @Override
    Bucket reweighted(IntFunction<Bucket> child, int strawCalcVersion) {
        int[] nodes = nodeWeights.clone();
        int sum = 0;
        for (int i = 0; i < items.length; i++) {
            if (items[i] < 0) {
                nodes[leaf(i)] = child.apply(items[i]).weight();
            }
            sum = sum(sum, nodes[leaf(i)]);
        }
        return new TreeBucket(id(), type(), hash(), sum, items, nodes);
    }
}
