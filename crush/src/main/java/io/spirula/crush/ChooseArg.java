package io.spirula.crush;

/**
 * What replaces the weights and the ids of one straw2 bucket while choosing. Ceph: crush_choose_arg.
 *
 * @param weightSets for each position in the result the weights of the items (the last one holds for all further
 *     positions); empty: the bucket's own weights. Not to be changed.
 * @param ids what is hashed instead of the items; empty: the items. Not to be changed.
 */
public record ChooseArg(int[][] weightSets, int[] ids) {
    static final ChooseArg NONE = new ChooseArg(new int[0][], new int[0]);

    public boolean isEmpty() {
        return weightSets.length == 0 && ids.length == 0;
    }

    /** The same weights at each of some positions. */
    static ChooseArg uniform(int positions, int[] weights) {
        int[][] sets = new int[positions][];
        for (int p = 0; p < positions; p++) {
            sets[p] = weights.clone();
        }
        return new ChooseArg(sets, new int[0]);
    }

    ChooseArg withWeight(int position, int index, int weight) {
        int[][] sets = weightSets.clone();
        sets[position] = Bucket.replaced(sets[position], index, weight);
        return new ChooseArg(sets, ids);
    }

    ChooseArg withAdded(int item, int weight) {
        int[][] sets = new int[weightSets.length][];
        for (int p = 0; p < sets.length; p++) {
            sets[p] = Bucket.plus(weightSets[p], weight);
        }
        return new ChooseArg(sets, ids.length == 0 ? ids : Bucket.plus(ids, item));
    }

    ChooseArg withRemoved(int index) {
        int[][] sets = new int[weightSets.length][];
        for (int p = 0; p < sets.length; p++) {
            sets[p] = Bucket.without(weightSets[p], index);
        }
        return new ChooseArg(sets, ids.length == 0 ? ids : Bucket.without(ids, index));
    }

    /** The sum of the weights at each position. */
    int[] sums() {
        int[] sums = new int[weightSets.length];
        for (int p = 0; p < sums.length; p++) {
            for (int weight : weightSets[p]) {
                sums[p] += weight;
            }
        }
        return sums;
    }
}
