package io.spirula.crush;

import java.util.Arrays;

/** The choice of one item of one bucket, for the input of the mapping that is running. Not thread-safe. */
final class BucketChooser {
    /** Ceph's mark that only the first element of a permutation is known. */
    private static final int ONLY_FIRST = 0xffff;

    private final FlatMap flat;
    private final int[] offset;
    private final int[] size;
    private final int[] items;

    private int x;
    private FlatMap.Straws[] straws;

    // Permutations, by bucket and by item; those with another mapping's number are void.
    private final int[] draws;
    private final int[] permutation;
    private final int[] permutationLength;
    private final long[] permutationOf;
    private long mapping;

    BucketChooser(FlatMap flat) {
        this.flat = flat;
        this.offset = flat.offset;
        this.size = flat.size;
        this.items = flat.items;
        this.straws = flat.straws;
        this.draws = new int[Arrays.stream(size).max().orElse(0)];
        this.permutation = new int[items.length];
        this.permutationLength = new int[flat.bucketCount];
        this.permutationOf = new long[flat.bucketCount];
    }

    void start(int x, FlatMap.Straws[] straws) {
        this.x = x;
        this.straws = straws;
        mapping++;
    }

    /**
     * @param b the index of a bucket that is not empty
     * @param r the number of the attempt
     * @param position in the result, for weight sets
     */
    int choose(int b, int r, int position) {
        return switch (flat.algorithm[b]) {
            case 5 -> straw2(b, r, straws[Math.min(position, straws.length - 1)]);
            case 4 -> straw(b, r);
            case 3 -> tree(b, r);
            case 2 -> list(b, r);
            default -> permuted(b, r);
        };
    }

    /**
     * The item with the greatest ln(random) / weight. The quotients are Ceph's integers; a product with the weight's
     * inverse, with some margin, tells for most items that they cannot win without dividing.
     */
    private int straw2(int b, int r, FlatMap.Straws straws) {
        int[] weights = straws.weights();
        double[] inverse = straws.inverse();
        int from = offset[b];
        int n = size[b];
        draw(b, r, straws.ids(), from, n);
        int high = 0;
        long least = Long.MAX_VALUE;
        double bound = Double.POSITIVE_INFINITY;
        for (int i = 0; i < n; i++) {
            int weight = weights[from + i];
            if (weight == 0) {
                continue;
            }
            long below = CrushLn.belowOne(draws[i]);
            if (below * inverse[from + i] <= bound) {
                long quotient = below / weight;
                if (quotient < least) {
                    least = quotient;
                    bound = least + Math.abs(least) * 1e-12;
                    high = i;
                }
            }
        }
        return items[from + high];
    }

    /** The random number of each item, in a loop of its own so that nothing waits for what is done with them. */
    private void draw(int b, int r, int[] ids, int from, int n) {
        if (flat.hash[b] != CrushHash.RJENKINS1) {
            Arrays.fill(draws, 0, n, 0);
            return;
        }
        int i = 0;
        for (; i + 1 < n; i += 2) {
            int pair = CrushHashPair.hash(x, ids[from + i], ids[from + i + 1], r);
            draws[i] = pair & 0xffff;
            draws[i + 1] = pair >>> 16;
        }
        if (i < n) {
            draws[i] = CrushHash.hash(x, ids[from + i], r) & 0xffff;
        }
    }

    private int straw(int b, int r) {
        boolean hashed = flat.hash[b] == CrushHash.RJENKINS1;
        int from = offset[b];
        int high = from;
        long longest = -1;
        for (int i = from; i < from + size[b]; i++) {
            long u = hashed ? CrushHash.hash(x, items[i], r) & 0xffff : 0;
            long draw = u * Integer.toUnsignedLong(flat.weights[i]);
            if (draw > longest) {
                high = i;
                longest = draw;
            }
        }
        return items[high];
    }

    private int list(int b, int r) {
        boolean hashed = flat.hash[b] == CrushHash.RJENKINS1;
        int from = offset[b];
        for (int i = from + size[b] - 1; i >= from; i--) {
            long u = hashed ? CrushHash.hash(x, items[i], r, -1 - b) & 0xffff : 0;
            long w = (u * Integer.toUnsignedLong(flat.sums[i])) >>> 16;
            if (w < Integer.toUnsignedLong(flat.weights[i])) {
                return items[i];
            }
        }
        return items[from];
    }

    private int tree(int b, int r) {
        boolean hashed = flat.hash[b] == CrushHash.RJENKINS1;
        int[] nodes = flat.nodes[b];
        int node = nodes.length >> 1;
        while ((node & 1) == 0) {
            long u = hashed ? Integer.toUnsignedLong(CrushHash.hash(x, node, r, -1 - b)) : 0;
            long t = (u * Integer.toUnsignedLong(nodes[node])) >>> 32;
            int half = (node & -node) >> 1;
            node = t < Integer.toUnsignedLong(nodes[node - half]) ? node - half : node + half;
        }
        int position = node >> 1;
        // Only weights of 0 lead beyond the items; Ceph then reads what lies behind them, as a rule zeroes.
        return position < size[b] ? items[offset[b] + position] : 0;
    }

    /** Uniform buckets, and the last resort of all others: a permutation of the items, computed as far as needed. */
    int permuted(int b, int r) {
        int n = size[b];
        int from = offset[b];
        int position = Integer.remainderUnsigned(r, n);
        int known = permutationOf[b] == mapping ? permutationLength[b] : 0;
        if (known == 0) {
            permutationOf[b] = mapping;
            if (position == 0) {
                int first = random(b, 0, n);
                permutation[from] = first;
                permutationLength[b] = ONLY_FIRST;
                return items[from + first];
            }
            for (int i = 0; i < n; i++) {
                permutation[from + i] = i;
            }
        } else if (known == ONLY_FIRST) {
            for (int i = 1; i < n; i++) {
                permutation[from + i] = i;
            }
            permutation[from + permutation[from]] = 0;
            known = 1;
        }
        while (known <= position) {
            if (known < n - 1) {
                int other = known + random(b, known, n - known);
                int swap = permutation[from + other];
                permutation[from + other] = permutation[from + known];
                permutation[from + known] = swap;
            }
            known++;
        }
        permutationLength[b] = known;
        return items[from + permutation[from + position]];
    }

    private int random(int b, int p, int bound) {
        int u = flat.hash[b] == CrushHash.RJENKINS1 ? CrushHash.hash(x, -1 - b, p) : 0;
        return Integer.remainderUnsigned(u, bound);
    }
}
