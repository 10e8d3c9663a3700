package io.spirula.crush;

import io.spirula.crush.CrushEditException.Errno;
import java.util.Map;
import java.util.NavigableMap;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The part of an editor that puts items into the hierarchy and takes them out. */
final class Placement {
    private final CrushEditor map;
    private final Weights weights;

    Placement(CrushEditor map, Weights weights) {
        this.map = map;
        this.weights = weights;
    }

    void insert(int item, float weight, String name, SortedMap<String, String> location, boolean initWeightSets) {
        CrushEditor.requireValid(name);
        CrushEditor.requireValid(location);
        int fixed = Weights.fixed(weight);
        Integer named = map.itemId(name);
        if (named == null) {
            map.setItemName(item, name);
        } else if (named != item) {
            throw new CrushEditException(Errno.EEXIST, "device name '" + name + "' already exists as id " + named);
        }
        createPath(item, location);
        if (weights.adjustAt(item, fixed, location, item >= 0 && initWeightSets) == 0) {
            throw new CrushEditException(Errno.EINVAL, "didn't find anywhere to add item " + item + " in " + location);
        }
        map.maxDevices = Math.max(map.maxDevices, item + 1);
        map.rebuildShadowTrees();
    }

    /** From the bottom up: new buckets until one exists, which gets what was made last, weighing nothing yet. */
    private void createPath(int item, SortedMap<String, String> location) {
        int current = item;
        for (Map.Entry<Integer, String> type : map.typeNames.entrySet()) {
            String bucketName = location.get(type.getValue());
            if (type.getKey() == 0 || bucketName == null) {
                continue;
            }
            Integer id = map.itemId(bucketName);
            if (id == null) {
                int created =
                        map.addBucket(0, java.util.Optional.empty(), type.getKey(), new int[] {current}, new int[] {0});
                map.setItemName(created, bucketName);
                current = created;
                continue;
            }
            Bucket bucket = map.bucket(id);
            if (bucket == null) {
                throw new CrushEditException(Errno.EINVAL, "there is no bucket " + id);
            }
            if (map.subtreeContains(id, current)) {
                throw new CrushEditException(Errno.EINVAL, "item " + current + " already exists beneath " + id);
            }
            if (bucket.type() != type.getKey()) {
                throw new CrushEditException(Errno.EINVAL, "bucket " + bucketName + " has another type");
            }
            if (map.subtreeContains(current, id)) {
                throw new CrushEditException(Errno.ELOOP, current + " already contains " + id + "; cannot form loop");
            }
            map.addItem(id, current, 0);
            return;
        }
    }

    /** The item's weight in the lowest bucket that the location names; null if it is not there. Ceph: check_item_loc. */
    @Nullable
    Integer weightAt(int item, SortedMap<String, String> location) {
        for (Map.Entry<Integer, String> type : map.typeNames.entrySet()) {
            String bucketName = location.get(type.getValue());
            if (type.getKey() == 0 || bucketName == null) {
                continue;
            }
            Integer id = map.itemId(bucketName);
            Bucket bucket = id == null ? null : map.bucket(id);
            int position = bucket == null ? -1 : bucket.positionOf(item);
            return bucket == null || position < 0 ? null : bucket.itemWeight(position);
        }
        return null;
    }

    boolean update(int item, float weight, String name, SortedMap<String, String> location) {
        CrushEditor.requireValid(name);
        CrushEditor.requireValid(location);
        int fixed = Weights.fixed(weight);
        Integer old = weightAt(item, location);
        if (old == null) {
            if (map.itemName(item) != null) {
                removeIfPresent(item);
            }
            insert(item, weight, name, location, true);
            return true;
        }
        boolean changed = false;
        if (old != fixed) {
            weights.adjustAt(item, fixed, location, true);
            map.rebuildShadowTrees();
            changed = true;
        }
        if (!name.equals(map.itemName(item))) {
            map.setItemName(item, name);
            changed = true;
        }
        return changed;
    }

    boolean createOrMove(
            int item, float weight, String name, SortedMap<String, String> location, boolean initWeightSets) {
        CrushEditor.requireValid(name);
        if (weightAt(item, location) != null) {
            return false;
        }
        float actual = weight;
        Integer present = map.isPlaced(item) ? map.itemWeight(item) : null;
        if (present != null) {
            actual = present / 65536f;
            removeIfPresent(item);
        }
        insert(item, actual, name, location, item >= 0 && initWeightSets);
        return true;
    }

    void move(int id, SortedMap<String, String> location) {
        String name = requireBucketName(id);
        int weight = detach(id);
        insert(id, weight / 65536f, name, location, false);
    }

    void link(int id, SortedMap<String, String> location) {
        String name = requireBucketName(id);
        insert(id, Integer.toUnsignedLong(map.existing(id).weight()) / 65536f, name, location, true);
    }

    private String requireBucketName(int id) {
        if (id >= 0) {
            throw new CrushEditException(Errno.EINVAL, "item " + id + " is not a bucket");
        }
        String name = map.itemName(id);
        if (name == null) {
            throw new CrushEditException(Errno.ENOENT, "bucket " + id + " does not exist");
        }
        return name;
    }

    /** Takes a bucket out of its (first) parent. */
    private int detach(int id) {
        int weight = map.existing(id).weight();
        Bucket parent = map.parent(id);
        if (parent != null) {
            weights.adjustIn(parent.id(), id, 0, true);
            map.removeItemFrom(parent.id(), id);
        }
        return weight;
    }

    void swap(int source, int target) {
        if (source >= 0 || target >= 0 || map.itemName(source) == null || map.itemName(target) == null) {
            throw new CrushEditException(Errno.EINVAL, "only buckets can be swapped");
        }
        if (isAncestor(source, target) || isAncestor(target, source)) {
            throw new CrushEditException(Errno.EINVAL, "one of the buckets contains the other");
        }
        Bucket a = map.existing(source);
        Bucket b = map.existing(target);
        adjustWherePlaced(source, b.weight());
        adjustWherePlaced(target, a.weight());
        // Ceph keeps the first bucket's items in a map by id, so they arrive sorted.
        NavigableMap<Integer, Integer> kept = new TreeMap<>();
        for (int n = a.size(); n > 0; n--) {
            Bucket current = map.existing(source);
            kept.put(current.item(0), current.itemWeight(0));
            map.removeItemFrom(source, current.item(0));
        }
        for (int n = b.size(); n > 0; n--) {
            Bucket current = map.existing(target);
            int item = current.item(0);
            int weight = current.itemWeight(0);
            map.removeItemFrom(target, item);
            map.addItem(source, item, weight);
        }
        kept.forEach((item, weight) -> map.addItem(target, item, weight));
        String name = java.util.Objects.requireNonNull(map.itemName(source));
        map.putName(source, java.util.Objects.requireNonNull(map.itemName(target)));
        map.putName(target, name);
        map.rebuildShadowTrees();
    }

    private void adjustWherePlaced(int id, int weight) {
        if (map.isPlaced(id)) {
            weights.adjust(id, weight, true);
        }
    }

    private boolean isAncestor(int ancestor, int item) {
        Bucket parent = map.parent(item);
        for (int depth = map.maxBuckets(); parent != null && depth > 0; depth--) {
            if (parent.id() == ancestor) {
                return true;
            }
            parent = map.parent(parent.id());
        }
        return false;
    }

    private void removeIfPresent(int item) {
        try {
            remove(item, true);
        } catch (CrushEditException e) {
            if (e.errno() != Errno.ENOENT) {
                throw e;
            }
        }
    }

    void remove(int item, boolean unlinkOnly) {
        if (item < 0 && !unlinkOnly) {
            requireEmpty(item);
            if (isInUse(item)) {
                throw new CrushEditException(Errno.EBUSY, "bucket " + item + " is in use");
            }
        }
        boolean removed = false;
        for (Bucket bucket : map.buckets()) {
            for (int i = 0; i < map.existing(bucket.id()).size(); i++) {
                if (map.existing(bucket.id()).item(i) == item) {
                    weights.adjustIn(bucket.id(), item, 0, true);
                    map.removeItemFrom(bucket.id(), item);
                    removed = true;
                }
            }
        }
        if (!removeLastInstance(item, unlinkOnly) && !removed) {
            throw new CrushEditException(Errno.ENOENT, "item " + item + " is in no bucket");
        }
    }

    void removeUnder(int item, int ancestor, boolean unlinkOnly) {
        if (!unlinkOnly && isInUse(item)) {
            throw new CrushEditException(Errno.EBUSY, "item " + item + " is in use");
        }
        if (map.bucket(ancestor) == null) {
            throw new CrushEditException(Errno.EINVAL, "there is no bucket " + ancestor);
        }
        boolean removed = false;
        for (int i = 0; i < map.existing(ancestor).size(); i++) {
            int child = map.existing(ancestor).item(i);
            if (child == item) {
                weights.adjustIn(ancestor, item, 0, true);
                map.removeItemFrom(ancestor, item);
                removed = true;
            } else if (child < 0) {
                removed |= removedBelow(item, child, unlinkOnly);
            }
        }
        if (!removed) {
            throw new CrushEditException(Errno.ENOENT, "item " + item + " is not beneath " + ancestor);
        }
        if (item < 0 && !unlinkOnly) {
            requireEmpty(item);
        }
        removeLastInstance(item, unlinkOnly);
    }

    private boolean removedBelow(int item, int ancestor, boolean unlinkOnly) {
        try {
            removeUnder(item, ancestor, unlinkOnly);
            return true;
        } catch (CrushEditException notThere) {
            return false;
        }
    }

    private void requireEmpty(int id) {
        if (map.existing(id).size() > 0) {
            throw new CrushEditException(Errno.ENOTEMPTY, "bucket " + id + " is not empty");
        }
    }

    /** Whether a bucket is a shadow bucket, or a rule starts at it. Ceph: _bucket_is_in_use. */
    private boolean isInUse(int item) {
        for (NavigableMap<Integer, Integer> byClass : map.classBuckets.values()) {
            if (byClass.containsValue(item)) {
                return true;
            }
        }
        for (Rule rule : map.rules) {
            if (rule == null) {
                continue;
            }
            for (RuleStep step : rule.steps()) {
                if (step.op() == RuleStep.TAKE) {
                    CrushContent.ClassifiedItem taken = map.unshadowed(step.arg1());
                    if (taken == null) {
                        return false;
                    }
                    if (step.arg1() == item || taken.item() == item) {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    /** Forgets an item that is nowhere any more. */
    private boolean removeLastInstance(int item, boolean unlinkOnly) {
        if (map.isPlaced(item) || (item < 0 && isInUse(item))) {
            return false;
        }
        if (item < 0 && !unlinkOnly) {
            map.dropBucket(item);
            map.classBuckets.remove(item);
            map.itemClasses.remove(item);
            map.repairChooseArgs();
        }
        if ((item >= 0 || !unlinkOnly) && map.itemName(item) != null) {
            map.removeName(item);
            if (item >= 0 && !unlinkOnly) {
                map.itemClasses.remove(item);
            }
        }
        try {
            map.rebuildShadowTrees();
        } catch (CrushEditException partly) {
            // as Ceph: the item is gone, whatever became of the shadow trees
        }
        return true;
    }
}
