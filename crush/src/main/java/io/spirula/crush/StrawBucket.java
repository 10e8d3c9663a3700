package io.spirula.crush;

import java.util.function.IntFunction;

/** A bucket whose items draw straws of lengths that are computed from all its weights. */
public final class StrawBucket extends Bucket {
    final int[] itemWeights;
    final int[] straws;

    StrawBucket(int id, int type, int hash, int weight, int[] items, int[] itemWeights, int[] straws) {
        super(id, type, hash, weight, items);
        this.itemWeights = itemWeights;
        this.straws = straws;
    }

    static StrawBucket make(int id, int type, int hash, int[] items, int[] weights, int strawCalcVersion) {
        int sum = 0;
        for (int weight : weights) {
            sum += weight;
        }
        return new StrawBucket(id, type, hash, sum, items, weights.clone(), StrawLengths.of(weights, strawCalcVersion));
    }

    @Override
    public BucketAlgorithm algorithm() {
        return BucketAlgorithm.STRAW;
    }

    @Override
    public int itemWeight(int position) {
        return itemWeights[position];
    }

    public int straw(int position) {
        return straws[position];
    }

    @Override
    Bucket withId(int id) {
        return new StrawBucket(id, type(), hash(), weight(), items, itemWeights, straws);
    }

    @Override
    Bucket withItems(int[] items) {
        return new StrawBucket(id(), type(), hash(), weight(), items, itemWeights, straws);
    }

    private StrawBucket with(int weight, int[] items, int[] weights, int strawCalcVersion) {
        return new StrawBucket(
                id(), type(), hash(), weight, items, weights, StrawLengths.of(weights, strawCalcVersion));
    }

    @Override
    Bucket withAdded(int item, int weight, int strawCalcVersion) {
        return with(sum(weight(), weight), plus(items, item), plus(itemWeights, weight), strawCalcVersion);
    }

    @Override
    Bucket withRemoved(int item, int strawCalcVersion) {
        int position = positionOf(item);
        return with(
                lessened(weight(), itemWeights[position]),
                without(items, position),
                without(itemWeights, position),
                strawCalcVersion);
    }

    @Override
    Bucket withItemWeight(int item, int weight, int strawCalcVersion) {
        int position = positionOf(item);
        return with(
                weight() + weight - itemWeights[position],
                items,
                replaced(itemWeights, position, weight),
                strawCalcVersion);
    }

    @Override
    Bucket reweighted(IntFunction<Bucket> child, int strawCalcVersion) {
        int[] weights = childWeights(itemWeights, child);
        return with(sum(weights), items, weights, strawCalcVersion);
    }
}
