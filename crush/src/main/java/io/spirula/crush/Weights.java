package io.spirula.crush;

import io.spirula.crush.CrushEditException.Errno;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.SortedMap;

/** The part of an editor that changes weights, so that each bucket keeps weighing what its items weigh together. */
final class Weights {
    private final CrushEditor map;

    Weights(CrushEditor map) {
        this.map = map;
    }

    /** A weight as fixed point. Ceph: validate_weightf and its cast. */
    static int fixed(float weight) {
        float scaled = weight * 0x10000;
        if ((long) scaled < 0 || (long) scaled > Integer.MAX_VALUE) {
            throw new CrushEditException(Errno.EOVERFLOW, "weight " + weight + " is out of range");
        }
        return (int) scaled;
    }

    /** All instances of an item. */
    int adjust(int item, int weight, boolean updateWeightSets) {
        int changed = adjustEverywhere(item, weight, updateWeightSets);
        if (changed == 0) {
            throw new CrushEditException(Errno.ENOENT, "item " + item + " is in no bucket");
        }
        return changed;
    }

    private int adjustEverywhere(int item, int weight, boolean updateWeightSets) {
        int changed = 0;
        for (Bucket bucket : map.buckets()) {
            if (adjustIn(bucket.id(), item, weight, updateWeightSets)) {
                changed++;
            }
        }
        return changed;
    }

    int adjustAt(int item, int weight, SortedMap<String, String> location, boolean updateWeightSets) {
        int changed = 0;
        for (String name : location.values()) {
            Integer bucket = map.itemId(name);
            if (bucket != null && map.bucket(bucket) != null && adjustIn(bucket, item, weight, updateWeightSets)) {
                changed++;
            }
        }
        return changed;
    }

    int adjustSubtree(int root, int weight, boolean updateWeightSets) {
        int changed = 0;
        Deque<Integer> queue = new ArrayDeque<>();
        queue.add(map.existing(root).id());
        while (!queue.isEmpty()) {
            int id = queue.remove();
            for (int item : map.existing(id).items()) {
                if (item >= 0) {
                    adjustIn(id, item, weight, updateWeightSets);
                    changed++;
                } else if (map.bucket(item) != null) {
                    queue.add(item);
                }
            }
        }
        return changed;
    }

    /**
     * An item in one bucket, and the bucket in those above it. Ceph: adjust_item_weight_in_bucket.
     *
     * @return whether the bucket has the item
     */
    boolean adjustIn(int bucketId, int item, int weight, boolean updateWeightSets) {
        boolean changed = false;
        for (int i = 0; i < map.existing(bucketId).size(); i++) {
            Bucket bucket = map.existing(bucketId);
            if (bucket.item(i) != item) {
                continue;
            }
            if (updateWeightSets) {
                setInWeightSets(bucket, bucket.positionOf(item), weight);
            }
            Bucket adjusted = bucket.withItemWeight(item, weight, map.tunables.strawCalcVersion());
            map.replace(adjusted);
            adjustEverywhere(bucketId, adjusted.weight(), false);
            changed = true;
        }
        for (long pool : map.chooseArgs.keySet().toArray(new Long[0])) {
            ChooseArg arg = argsOf(pool).of(bucketId);
            if (arg.weightSets().length > 0) {
                adjustChooseArgs(pool, bucketId, arg.sums());
            }
        }
        return changed;
    }

    private void setInWeightSets(Bucket bucket, int position, int weight) {
        map.chooseArgs.replaceAll((pool, args) -> args.mapping(bucket.id(), arg -> {
            ChooseArg changed = arg;
            for (int p = 0; p < arg.weightSets().length; p++) {
                changed = changed.withWeight(p, position, weight);
            }
            return changed;
        }));
    }

    private ChooseArgs argsOf(long pool) {
        ChooseArgs args = map.chooseArgs.get(pool);
        if (args == null) {
            throw new CrushEditException(Errno.ENOENT, "no choose_args for " + pool);
        }
        return args;
    }

    /**
     * An item's weights in a weight set, and those of the buckets above it.
     *
     * @return how many places changed
     */
    int adjustChooseArgs(long pool, int item, int[] weights) {
        int changed = 0;
        for (Bucket bucket : map.buckets()) {
            changed += adjustChooseArgsIn(pool, bucket, item, weights);
        }
        return changed;
    }

    /** Ceph: _choose_args_adjust_item_weight_in_bucket, which gives every bucket it meets a weight set. */
    private int adjustChooseArgsIn(long pool, Bucket bucket, int item, int[] weights) {
        ChooseArgs args = argsOf(pool);
        ChooseArg arg = args.of(bucket.id());
        int changed = 0;
        if (arg.weightSets().length == 0) {
            int[] own = new int[bucket.size()];
            for (int i = 0; i < own.length; i++) {
                own[i] = bucket.itemWeight(i);
            }
            arg = new ChooseArg(ChooseArg.uniform(args.positions(), own).weightSets(), arg.ids());
            map.chooseArgs.put(pool, args.with(bucket.id(), arg));
            changed++;
        }
        if (arg.weightSets().length != weights.length) {
            return 0;
        }
        for (int i = 0; i < bucket.size(); i++) {
            if (bucket.item(i) == item) {
                for (int p = 0; p < weights.length; p++) {
                    arg = arg.withWeight(p, i, weights[p]);
                }
                changed++;
            }
        }
        if (changed > 0) {
            map.chooseArgs.put(pool, argsOf(pool).with(bucket.id(), arg));
            adjustChooseArgs(pool, bucket.id(), arg.sums());
        }
        return changed;
    }

    /** All buckets from the devices up. */
    void reweight() {
        for (int root : map.nonShadowRoots()) {
            reweight(root, map.buckets.size());
            for (long pool : map.chooseArgs.keySet().toArray(new Long[0])) {
                reweightChooseArgs(pool, root);
            }
        }
    }

    private void reweight(int id, int depthLeft) {
        Bucket bucket = map.existing(id);
        for (int item : bucket.items) {
            if (item < 0 && depthLeft > 0) {
                reweight(item, depthLeft - 1);
            }
        }
        map.replace(map.existing(id).reweighted(map::existing, map.tunables.strawCalcVersion()));
    }

    /** Ceph: reweight_bucket, which reads and writes the first position only. */
    private int[] reweightChooseArgs(long pool, int id) {
        Bucket bucket = map.existing(id);
        int positions = argsOf(pool).of(id).weightSets().length;
        int[] sums = new int[positions];
        for (int i = 0; i < bucket.size(); i++) {
            int item = bucket.item(i);
            int[] below = item < 0 ? reweightChooseArgs(pool, item) : new int[0];
            for (int p = 0; p < positions; p++) {
                if (item < 0) {
                    int weight = p < below.length ? below[p] : 0;
                    sums[p] += weight;
                    map.chooseArgs.put(
                            pool, argsOf(pool).with(id, argsOf(pool).of(id).withWeight(0, i, weight)));
                } else {
                    sums[p] += argsOf(pool).of(id).weightSets()[0][i];
                }
            }
        }
        return sums;
    }
}
