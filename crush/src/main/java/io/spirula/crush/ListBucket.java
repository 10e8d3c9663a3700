package io.spirula.crush;

import java.util.function.IntFunction;

/** A bucket that is a list, from the newest (last) item back to the first. */
public final class ListBucket extends Bucket {
    final int[] itemWeights;
    /** At each position, the sum of the weights up to it. */
    final int[] sumWeights;

    ListBucket(int id, int type, int hash, int weight, int[] items, int[] itemWeights, int[] sumWeights) {
        super(id, type, hash, weight, items);
        this.itemWeights = itemWeights;
        this.sumWeights = sumWeights;
    }

    static ListBucket make(int id, int type, int hash, int[] items, int[] weights) {
        int[] sums = new int[items.length];
        int sum = 0;
        for (int i = 0; i < items.length; i++) {
            sum = sum(sum, weights[i]);
            sums[i] = sum;
        }
        return new ListBucket(id, type, hash, sum, items, weights.clone(), sums);
    }

    @Override
    public BucketAlgorithm algorithm() {
        return BucketAlgorithm.LIST;
    }

    @Override
    public int itemWeight(int position) {
        return itemWeights[position];
    }

    public int sumWeight(int position) {
        return sumWeights[position];
    }

    @Override
    Bucket withId(int id) {
        return new ListBucket(id, type(), hash(), weight(), items, itemWeights, sumWeights);
    }

    @Override
    Bucket withItems(int[] items) {
        return new ListBucket(id(), type(), hash(), weight(), items, itemWeights, sumWeights);
    }

    @Override
    Bucket withAdded(int item, int weight, int strawCalcVersion) {
        int last = items.length == 0 ? 0 : sumWeights[items.length - 1];
        return new ListBucket(
                id(),
                type(),
                hash(),
                weight() + weight,
                plus(items, item),
                plus(itemWeights, weight),
                plus(sumWeights, sum(last, weight)));
    }

    @Override
    Bucket withRemoved(int item, int strawCalcVersion) {
        int position = positionOf(item);
        int weight = itemWeights[position];
        int[] sums = without(sumWeights, position);
        for (int i = position; i < sums.length; i++) {
            sums[i] -= weight;
        }
        return new ListBucket(
                id(),
                type(),
                hash(),
                lessened(weight(), weight),
                without(items, position),
                without(itemWeights, position),
                sums);
    }

    @Override
    Bucket withItemWeight(int item, int weight, int strawCalcVersion) {
        int position = positionOf(item);
        int difference = weight - itemWeights[position];
        int[] sums = sumWeights.clone();
        for (int i = position; i < sums.length; i++) {
            sums[i] += difference;
        }
        return new ListBucket(
                id(), type(), hash(), weight() + difference, items, replaced(itemWeights, position, weight), sums);
    }

    /** The sums at each position stay as they were, as in Ceph. */
    @Override
    Bucket reweighted(IntFunction<Bucket> child, int strawCalcVersion) {
        int[] weights = childWeights(itemWeights, child);
        return new ListBucket(id(), type(), hash(), sum(weights), items, weights, sumWeights);
    }
}
