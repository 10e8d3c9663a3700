package io.spirula.crush;

import java.util.function.IntFunction;

/** A bucket whose items all have one weight. */
public final class UniformBucket extends Bucket {
    private final int itemWeight;

    UniformBucket(int id, int type, int hash, int weight, int[] items, int itemWeight) {
        super(id, type, hash, weight, items);
        this.itemWeight = itemWeight;
    }

    static UniformBucket make(int id, int type, int hash, int[] items, int[] weights) {
        int itemWeight = weights.length == 0 ? 0 : weights[0];
        if (items.length > 0
                && Long.compareUnsigned(Integer.toUnsignedLong(itemWeight) * items.length, 0xffffffffL) > 0) {
            throw new CrushEditException(CrushEditException.Errno.ERANGE, "the bucket's weight overflows");
        }
        return new UniformBucket(id, type, hash, itemWeight * items.length, items, itemWeight);
    }

    @Override
    public BucketAlgorithm algorithm() {
        return BucketAlgorithm.UNIFORM;
    }

    public int itemWeight() {
        return itemWeight;
    }

    @Override
    public int itemWeight(int position) {
        return itemWeight;
    }

    @Override
    Bucket withId(int id) {
        return new UniformBucket(id, type(), hash(), weight(), items, itemWeight);
    }

    @Override
    Bucket withItems(int[] items) {
        return new UniformBucket(id(), type(), hash(), weight(), items, itemWeight);
    }

    @Override
    Bucket withAdded(int item, int weight, int strawCalcVersion) {
        if (weight != itemWeight) {
            throw new CrushEditException(
                    CrushEditException.Errno.EINVAL, "an item of a uniform bucket must have the others' weight");
        }
        return new UniformBucket(id(), type(), hash(), sum(weight(), weight), plus(items, item), itemWeight);
    }

    @Override
    Bucket withRemoved(int item, int strawCalcVersion) {
        return new UniformBucket(
                id(), type(), hash(), lessened(weight(), itemWeight), without(items, positionOf(item)), itemWeight);
    }

    /** Changes the weight of every item. */
    @Override
    Bucket withItemWeight(int item, int weight, int strawCalcVersion) {
        return new UniformBucket(id(), type(), hash(), weight * items.length, items, weight);
    }

    /** The average of the child buckets, if they are more than the devices. */
    @Override
    Bucket reweighted(IntFunction<Bucket> child, int strawCalcVersion) {
        int sum = 0;
        int buckets = 0;
        for (int item : items) {
            if (item < 0) {
                sum = sum(sum, child.apply(item).weight());
                buckets++;
            }
        }
        int each = buckets > items.length - buckets ? Integer.divideUnsigned(sum, buckets) : itemWeight;
        return new UniformBucket(id(), type(), hash(), each * items.length, items, each);
    }
}
