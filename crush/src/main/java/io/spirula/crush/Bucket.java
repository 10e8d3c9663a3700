package io.spirula.crush;

import java.util.Arrays;
import java.util.function.IntFunction;

/**
 * An inner node of the hierarchy: an ordered list of items (devices, ids from 0 up, or buckets, ids from -1 down) with
 * their weights. Immutable; the {@code with} methods return changed copies, computed as Ceph's src/crush/builder.c does,
 * its oddities included.
 *
 * <p>Weights are unsigned 16.16 fixed-point numbers.
 */
public abstract sealed class Bucket permits UniformBucket, ListBucket, TreeBucket, StrawBucket, Straw2Bucket {
    private final int id;
    private final int type;
    private final int hash;
    private final int weight;
    final int[] items;

    Bucket(int id, int type, int hash, int weight, int[] items) {
        this.id = id;
        this.type = type;
        this.hash = hash;
        this.weight = weight;
        this.items = items;
    }

    /**
     * A bucket with the given content, its weight summed up.
     *
     * @param strawCalcVersion see {@link Tunables#strawCalcVersion}
     */
    static Bucket make(
            BucketAlgorithm algorithm, int id, int type, int hash, int[] items, int[] weights, int strawCalcVersion) {
        return switch (algorithm) {
            case UNIFORM -> UniformBucket.make(id, type, hash, items, weights);
            case LIST -> ListBucket.make(id, type, hash, items, weights);
            case TREE -> TreeBucket.make(id, type, hash, items, weights);
            case STRAW -> StrawBucket.make(id, type, hash, items, weights, strawCalcVersion);
            case STRAW2 -> Straw2Bucket.make(id, type, hash, items, weights);
        };
    }

    public abstract BucketAlgorithm algorithm();

    /** The (negative) id. */
    public final int id() {
        return id;
    }

    public final int type() {
        return type;
    }

    public final int hash() {
        return hash;
    }

    public final int weight() {
        return weight;
    }

    public final int size() {
        return items.length;
    }

    public final int item(int position) {
        return items[position];
    }

    /** A copy of the items. */
    public final int[] items() {
        return items.clone();
    }

    public final boolean contains(int item) {
        return positionOf(item) >= 0;
    }

    /** The first position of an item, or -1. */
    public final int positionOf(int item) {
        for (int i = 0; i < items.length; i++) {
            if (items[i] == item) {
                return i;
            }
        }
        return -1;
    }

    public abstract int itemWeight(int position);

    abstract Bucket withId(int id);

    abstract Bucket withItems(int[] items);

    /** With one item more, at the end. */
    abstract Bucket withAdded(int item, int weight, int strawCalcVersion);

    /** Without the first instance of an item that it has. */
    abstract Bucket withRemoved(int item, int strawCalcVersion);

    /** With another weight for the first instance of an item that it has. */
    abstract Bucket withItemWeight(int item, int weight, int strawCalcVersion);

    /** With the weights of its (already reweighted) child buckets, and their sum as its own. */
    abstract Bucket reweighted(IntFunction<Bucket> child, int strawCalcVersion);

    static int[] plus(int[] array, int value) {
        int[] longer = Arrays.copyOf(array, array.length + 1);
        longer[array.length] = value;
        return longer;
    }

    static int[] without(int[] array, int position) {
        int[] shorter = Arrays.copyOf(array, array.length - 1);
        System.arraycopy(array, position + 1, shorter, position, shorter.length - position);
        return shorter;
    }

    static int[] replaced(int[] array, int position, int value) {
        int[] copy = array.clone();
        copy[position] = value;
        return copy;
    }

    /** What is left of a bucket's weight; never below 0. */
    static int lessened(int weight, int by) {
        return Integer.compareUnsigned(by, weight) < 0 ? weight - by : 0;
    }

    static int sum(int a, int b) {
        int sum = a + b;
        if (Integer.compareUnsigned(sum, a) < 0) {
            throw new CrushEditException(CrushEditException.Errno.ERANGE, "the bucket's weight overflows");
        }
        return sum;
    }

    static int sum(int[] weights) {
        int sum = 0;
        for (int weight : weights) {
            sum = sum(sum, weight);
        }
        return sum;
    }

    final int[] childWeights(int[] weights, IntFunction<Bucket> child) {
        int[] result = weights.clone();
        for (int i = 0; i < items.length; i++) {
            if (items[i] < 0) {
                result[i] = child.apply(items[i]).weight();
            }
        }
        return result;
    }
}
