package io.spirula.crush;

import java.util.function.IntFunction;

/** A bucket whose items draw straws of lengths that depend on their own weight alone: the algorithm of today. */
public final class Straw2Bucket extends Bucket {
    final int[] itemWeights;

    Straw2Bucket(int id, int type, int hash, int weight, int[] items, int[] itemWeights) {
        super(id, type, hash, weight, items);
        this.itemWeights = itemWeights;
    }

    static Straw2Bucket make(int id, int type, int hash, int[] items, int[] weights) {
        int sum = 0;
        for (int weight : weights) {
            sum += weight;
        }
        return new Straw2Bucket(id, type, hash, sum, items, weights.clone());
    }

    @Override
    public BucketAlgorithm algorithm() {
        return BucketAlgorithm.STRAW2;
    }

    @Override
    public int itemWeight(int position) {
        return itemWeights[position];
    }

    @Override
    Bucket withId(int id) {
        return new Straw2Bucket(id, type(), hash(), weight(), items, itemWeights);
    }

    @Override
    Bucket withItems(int[] items) {
        return new Straw2Bucket(id(), type(), hash(), weight(), items, itemWeights);
    }

    @Override
    Bucket withAdded(int item, int weight, int strawCalcVersion) {
        return new Straw2Bucket(
                id(), type(), hash(), sum(weight(), weight), plus(items, item), plus(itemWeights, weight));
    }

    @Override
    Bucket withRemoved(int item, int strawCalcVersion) {
        int position = positionOf(item);
        return new Straw2Bucket(
                id(),
                type(),
                hash(),
                lessened(weight(), itemWeights[position]),
                without(items, position),
                without(itemWeights, position));
    }

    @Override
    Bucket withItemWeight(int item, int weight, int strawCalcVersion) {
        int position = positionOf(item);
        return new Straw2Bucket(
                id(),
                type(),
                hash(),
                weight() + weight - itemWeights[position],
                items,
                replaced(itemWeights, position, weight));
    }

    @Override
    Bucket reweighted(IntFunction<Bucket> child, int strawCalcVersion) {
        int[] weights = childWeights(itemWeights, child);
        return new Straw2Bucket(id(), type(), hash(), sum(weights), items, weights);
    }
}
