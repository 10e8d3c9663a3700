package io.spirula.crush;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A map laid out for choosing: primitive arrays by bucket index (-1 - id), and the items of all buckets one after the
 * other. Immutable.
 */
final class FlatMap {
    static final int ABSENT = 0;

    final int maxDevices;
    final int bucketCount;
    /** The algorithm's code, or {@link #ABSENT}. */
    final int[] algorithm;

    final int[] type;
    final int[] hash;
    final int[] offset;
    final int[] size;
    final int[] items;
    /** By item: a list's weights, a straw bucket's straws. */
    final int[] weights;
    /** By item: a list's sums. */
    final int[] sums;
    /** By bucket: a tree's nodes. */
    final int[][] nodes;

    final Straws[] straws;
    private final long[] chooseArgsKeys;
    private final Straws[][] chooseArgs;
    private final int defaultChooseArgs;
    final RuleStep[][] rules;
    final Tunables tunables;

    /**
     * What straw2 buckets hash and divide by, by item, at one position of the result.
     *
     * @param inverse 1 / weight, which decides most comparisons without a division
     */
    record Straws(int[] ids, int[] weights, double[] inverse) {
        static Straws of(int[] ids, int[] weights) {
            double[] inverse = new double[weights.length];
            for (int i = 0; i < weights.length; i++) {
                inverse[i] = weights[i] == 0 ? 0 : 1.0 / weights[i];
            }
            return new Straws(ids, weights, inverse);
        }
    }

    FlatMap(CrushMap map) {
        maxDevices = map.maxDevices();
        tunables = map.tunables();
        bucketCount = map.maxBuckets();
        algorithm = new int[bucketCount];
        type = new int[bucketCount];
        hash = new int[bucketCount];
        offset = new int[bucketCount];
        size = new int[bucketCount];
        nodes = new int[bucketCount][];
        int total = map.buckets().stream().mapToInt(Bucket::size).sum();
        items = new int[total];
        weights = new int[total];
        sums = new int[total];
        int[] straw2 = new int[total];
        int at = 0;
        for (Bucket bucket : map.buckets()) {
            int b = -1 - bucket.id();
            algorithm[b] = bucket.algorithm().code();
            type[b] = bucket.type();
            hash[b] = bucket.hash();
            offset[b] = at;
            size[b] = bucket.size();
            System.arraycopy(bucket.items, 0, items, at, bucket.size());
            switch (bucket) {
                case UniformBucket u -> {}
                case ListBucket l -> {
                    System.arraycopy(l.itemWeights, 0, weights, at, l.size());
                    System.arraycopy(l.sumWeights, 0, sums, at, l.size());
                }
                case TreeBucket t -> nodes[b] = t.nodeWeights;
                case StrawBucket s -> System.arraycopy(s.straws, 0, weights, at, s.size());
                case Straw2Bucket s -> System.arraycopy(s.itemWeights, 0, straw2, at, s.size());
            }
            at += bucket.size();
        }
        straws = new Straws[] {Straws.of(items, straw2)};
        chooseArgsKeys = map.chooseArgs().keySet().stream().mapToLong(k -> k).toArray();
        chooseArgs = map.chooseArgs().values().stream()
                .map(args -> substituted(args, straw2))
                .toArray(Straws[][]::new);
        defaultChooseArgs = Arrays.binarySearch(chooseArgsKeys, ChooseArgs.DEFAULT);
        rules = new RuleStep[map.maxRules()][];
        for (int i = 0; i < rules.length; i++) {
            Rule rule = map.rule(i);
            rules[i] = rule == null ? new RuleStep[0] : rule.steps().toArray(new RuleStep[0]);
        }
    }

    /** One set of straws for each position; a bucket with fewer positions repeats its last. */
    private Straws[] substituted(ChooseArgs args, int[] straw2) {
        int positions = 1;
        int[] ids = items.clone();
        for (var entry : args.byIndex().entrySet()) {
            int b = entry.getKey();
            positions = Math.max(positions, entry.getValue().weightSets().length);
            int[] own = entry.getValue().ids();
            System.arraycopy(own, 0, ids, offset[b], Math.min(own.length, size[b]));
        }
        Straws[] result = new Straws[positions];
        for (int p = 0; p < positions; p++) {
            int[] substituted = straw2.clone();
            for (var entry : args.byIndex().entrySet()) {
                int b = entry.getKey();
                int[][] sets = entry.getValue().weightSets();
                if (sets.length > 0) {
                    int[] own = sets[Math.min(p, sets.length - 1)];
                    System.arraycopy(own, 0, substituted, offset[b], Math.min(own.length, size[b]));
                }
            }
            result[p] = Straws.of(ids, substituted);
        }
        return result;
    }

    /** By position in the result, the last one for all further. */
    Straws[] strawsFor(long pool) {
        if (chooseArgsKeys.length == 0) {
            return straws;
        }
        int at = Arrays.binarySearch(chooseArgsKeys, pool);
        if (at < 0) {
            at = defaultChooseArgs;
        }
        return at < 0 ? straws : chooseArgs[at];
    }

    int @Nullable [] nodes(int b) {
        return nodes[b];
    }
}
