package io.spirula.crush;

import io.spirula.crush.CrushEditException.Errno;
import java.util.Arrays;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A CRUSH map being changed: all that Ceph's CrushWrapper can do to one, with the same outcome to the byte. Take one of a
 * map, change it, {@link #build} the new map. What Ceph refuses throws {@link CrushEditException}; the editor may then be
 * half changed and is to be dropped.
 *
 * <p>Weights are {@code float}s where Ceph's commands have them (and rounded as there), else unsigned 16.16 fixed-point.
 * A location maps names of bucket types to names of buckets.
 */
public final class CrushEditor extends CrushContent {
    private final Weights weights = new Weights(this);
    private final Placement placement = new Placement(this, weights);
    private final DeviceClasses classes = new DeviceClasses(this);

    public CrushEditor(CrushMap map) {
        super(map, false);
    }

    CrushEditor(Tunables tunables) {
        super(tunables);
    }

    /** The changed map. */
    public CrushMap build() {
        maxDevices = 0;
        for (Bucket bucket : buckets()) {
            for (int item : bucket.items) {
                maxDevices = Math.max(maxDevices, item + 1);
            }
        }
        if (!itemNames.isEmpty() && itemNames.lastKey() >= maxDevices) {
            maxDevices = itemNames.lastKey() + 1;
        }
        return new CrushMap(this);
    }

    // ---- names, types, tunables

    public void setTunables(Tunables tunables) {
        this.tunables = tunables;
    }

    public void setTunables(Tunables.Profile profile) {
        this.tunables = tunables.with(profile);
    }

    public void setTypeName(int type, String name) {
        typeNames.put(type, name);
    }

    public void setItemName(int item, String name) {
        requireValid(name);
        putName(item, name);
    }

    static void requireValid(String name) {
        if (!isValidName(name)) {
            throw new CrushEditException(Errno.EINVAL, "'" + name + "' does not match [-_.0-9a-zA-Z]+");
        }
    }

    static void requireValid(Map<String, String> location) {
        location.forEach((type, name) -> {
            requireValid(type);
            requireValid(name);
        });
    }

    public void renameBucket(String from, String to) {
        Integer id = itemId(from);
        boolean taken = itemId(to) != null;
        if (id == null) {
            throw new CrushEditException(
                    taken ? Errno.EALREADY : Errno.ENOENT,
                    "srcname = '" + from + "' does not exist"
                            + (taken ? " and dstname = '" + to + "' already exists" : ""));
        }
        if (taken) {
            throw new CrushEditException(Errno.EEXIST, "dstname = '" + to + "' already exists");
        }
        if (!isValidName(to)) {
            throw new CrushEditException(Errno.EINVAL, "dstname = '" + to + "' does not match [-_.0-9a-zA-Z]+");
        }
        if (id >= 0) {
            throw new CrushEditException(
                    Errno.ENOTDIR, "srcname = '" + from + "' is not a bucket because its id = " + id + " is >= 0");
        }
        putName(id, to);
    }

    // ---- buckets

    /**
     * Adds a bucket that is in no other yet.
     *
     * @param id 0 for the first free one
     * @param algorithm empty for the map's default
     * @return the id
     */
    public int addBucket(int id, Optional<BucketAlgorithm> algorithm, int type, int[] items, int[] itemWeights) {
        BucketAlgorithm chosen = algorithm
                .or(tunables::defaultAlgorithm)
                .orElseThrow(() -> new CrushEditException(Errno.EINVAL, "no bucket algorithm is allowed"));
        return addBucket(id, chosen, type, CrushHash.RJENKINS1, items, itemWeights);
    }

    int addBucket(int id, BucketAlgorithm algorithm, int type, int hash, int[] items, int[] itemWeights) {
        Bucket bucket = Bucket.make(algorithm, id, type, hash, items, itemWeights, tunables.strawCalcVersion());
        int actual = put(id, bucket);
        if (items.length > 0) {
            chooseArgs.replaceAll((pool, args) -> args.with(actual, ChooseArg.uniform(args.positions(), itemWeights)));
        }
        return actual;
    }

    /** Ceph: crush_add_bucket, which doubles the room for buckets as needed. */
    int put(int wantedId, Bucket bucket) {
        int id = wantedId == 0 ? nextBucketId() : wantedId;
        int index = -1 - id;
        while (index >= buckets.size()) {
            int room = buckets.isEmpty() ? 8 : buckets.size() * 2;
            while (buckets.size() < room) {
                buckets.add(null);
            }
        }
        if (buckets.get(index) != null) {
            throw new CrushEditException(Errno.EEXIST, "bucket " + id + " exists");
        }
        buckets.set(index, bucket.withId(id));
        return id;
    }

    private int nextBucketId() {
        int index = buckets.indexOf(null);
        return index < 0 ? -1 - buckets.size() : -1 - index;
    }

    void replace(Bucket bucket) {
        buckets.set(-1 - bucket.id(), bucket);
    }

    void dropBucket(int id) {
        buckets.set(-1 - id, null);
    }

    void addItem(int bucket, int item, int weight) {
        replace(existing(bucket).withAdded(item, weight, tunables.strawCalcVersion()));
        chooseArgs.replaceAll((pool, args) -> args.mapping(bucket, arg -> arg.withAdded(item, weight)));
    }

    void removeItemFrom(int bucketId, int item) {
        Bucket bucket = existing(bucketId);
        int position = bucket.positionOf(item);
        replace(bucket.withRemoved(item, tunables.strawCalcVersion()));
        chooseArgs.replaceAll((pool, args) -> args.mapping(bucketId, arg -> arg.withRemoved(position)));
    }

    /** Makes straw2 buckets of all straw buckets, with the items and weights that they have. */
    public void convertStrawBuckets() {
        for (Bucket bucket : buckets()) {
            if (bucket instanceof StrawBucket straw) {
                int[] itemWeights = new int[straw.size()];
                for (int i = 0; i < itemWeights.length; i++) {
                    itemWeights[i] = straw.itemWeight(i);
                }
                replace(new Straw2Bucket(
                        straw.id(), straw.type(), straw.hash(), straw.weight(), straw.items, itemWeights));
            }
        }
    }

    // ---- items in the hierarchy

    /**
     * Puts an item at a location, creating the buckets of it that do not exist below the first that does.
     *
     * @param initWeightSets whether the weight sets get the weight, too, or 0
     */
    public void insertItem(int item, float weight, String name, Map<String, String> location, boolean initWeightSets) {
        placement.insert(item, weight, name, new TreeMap<>(location), initWeightSets);
    }

    /** @return whether anything changed */
    public boolean updateItem(int item, float weight, String name, Map<String, String> location) {
        return placement.update(item, weight, name, new TreeMap<>(location));
    }

    /**
     * Moves an item, with its weight, or creates it with the given one.
     *
     * @return whether anything changed
     */
    public boolean createOrMoveItem(
            int item, float weight, String name, Map<String, String> location, boolean initWeightSets) {
        return placement.createOrMove(item, weight, name, new TreeMap<>(location), initWeightSets);
    }

    /** Whether the item is in the lowest bucket that the location names. */
    public boolean isAt(int item, Map<String, String> location) {
        return placement.weightAt(item, new TreeMap<>(location)) != null;
    }

    public void moveBucket(int id, Map<String, String> location) {
        placement.move(id, new TreeMap<>(location));
    }

    /** Puts a bucket at a further place. */
    public void linkBucket(int id, Map<String, String> location) {
        placement.link(id, new TreeMap<>(location));
    }

    /** Exchanges the content and the names of two buckets, not their ids. */
    public void swapBuckets(int a, int b) {
        placement.swap(a, b);
    }

    /**
     * Removes all instances of an item.
     *
     * @param unlinkOnly keep a bucket itself
     */
    public void removeItem(int item, boolean unlinkOnly) {
        placement.remove(item, unlinkOnly);
    }

    /** Removes the instances of an item below an ancestor. */
    public void removeItemUnder(int item, int ancestor, boolean unlinkOnly) {
        placement.removeUnder(item, ancestor, unlinkOnly);
    }

    // ---- weights

    /** @return how many instances of the item changed */
    public int adjustItemWeight(int item, float weight, boolean updateWeightSets) {
        return weights.adjust(item, Weights.fixed(weight), updateWeightSets);
    }

    /** @return in how many places of the location the item changed */
    public int adjustItemWeightAt(int item, float weight, Map<String, String> location, boolean updateWeightSets) {
        return weights.adjustAt(item, Weights.fixed(weight), new TreeMap<>(location), updateWeightSets);
    }

    /** Gives every device below a bucket the same weight. */
    public int adjustSubtreeWeight(int bucket, float weight, boolean updateWeightSets) {
        int changed = weights.adjustSubtree(bucket, Weights.fixed(weight), updateWeightSets);
        rebuildShadowTrees();
        return changed;
    }

    /** Computes the weights of all buckets anew from those of the devices. */
    public void reweight() {
        weights.reweight();
        rebuildShadowTrees();
    }

    // ---- choose_args

    /**
     * Creates a weight set with the buckets' weights.
     *
     * @param pool the pool's id, or {@link ChooseArgs#DEFAULT}
     * @return false if there is one
     */
    public boolean createChooseArgs(long pool, int positions) {
        if (chooseArgs.containsKey(pool)) {
            return false;
        }
        NavigableMap<Integer, ChooseArg> args = new TreeMap<>();
        for (Bucket bucket : buckets()) {
            if (bucket instanceof Straw2Bucket straw2) {
                args.put(-1 - bucket.id(), ChooseArg.uniform(positions, straw2.itemWeights));
            }
        }
        chooseArgs.put(pool, new ChooseArgs(args));
        return true;
    }

    public void removeChooseArgs(long pool) {
        chooseArgs.remove(pool);
    }

    public void putChooseArgs(long pool, ChooseArgs args) {
        chooseArgs.put(pool, args);
    }

    /**
     * Changes an item's weights in a weight set, and those of the buckets above accordingly.
     *
     * @param itemWeights 16.16, one for each position
     */
    public void adjustChooseArgsWeight(long pool, int item, int[] itemWeights) {
        if (weights.adjustChooseArgs(pool, item, itemWeights) == 0) {
            throw new CrushEditException(Errno.ENOENT, "item " + item + " not found in crush map");
        }
    }

    /** Drops what belongs to no straw2 bucket, and gives weight sets the size of their bucket. Ceph: update_choose_args. */
    void repairChooseArgs() {
        chooseArgs.replaceAll((pool, args) -> repaired(args));
    }

    private ChooseArgs repaired(ChooseArgs args) {
        int positions = args.positions();
        NavigableMap<Integer, ChooseArg> kept = new TreeMap<>();
        args.byIndex().forEach((index, arg) -> {
            if (bucket(-1 - index) instanceof Straw2Bucket bucket) {
                int[][] sets = arg.weightSets().clone();
                for (int p = 0; sets.length == positions && p < positions; p++) {
                    if (sets[p].length != bucket.size()) {
                        sets[p] = Arrays.copyOf(sets[p], bucket.size());
                    }
                }
                kept.put(index, new ChooseArg(sets, arg.ids()));
            }
        });
        return new ChooseArgs(kept);
    }

    // ---- device classes

    /**
     * Gives a device a class.
     *
     * @return false if it had it
     */
    public boolean setDeviceClass(int device, String name) {
        return classes.set(device, name);
    }

    /** Without rebuilding the shadow trees, for many at once. */
    public void setItemClass(int item, String name) {
        requireValid(name);
        itemClasses.put(item, classes.idOf(name));
    }

    /** @return false if it had none */
    public boolean removeDeviceClass(int device) {
        return classes.remove(device);
    }

    /** Makes a class that no device has yet. It lasts until the shadow trees are built again. */
    public int createClass(String name) {
        return classes.idOf(name);
    }

    /** Forgets a class; the devices that have it have none afterwards. */
    public void removeClass(String name) {
        classes.removeClass(name);
    }

    public void renameClass(String from, String to) {
        classes.rename(from, to);
    }

    /** Gives all devices below a bucket a class; the shadow trees are not rebuilt yet. */
    public void setSubtreeClass(String bucket, String name) {
        classes.setSubtree(bucket, name);
    }

    /** The names of rules that start in the class's shadow trees. */
    public java.util.List<String> rulesUsingClass(int classId) {
        return classes.rulesUsing(classId);
    }

    /** Builds the shadow trees of all device classes anew; their buckets keep their ids. */
    public void rebuildShadowTrees() {
        classes.rebuild();
    }

    DeviceClasses classes() {
        return classes;
    }

    // ---- rules

    /**
     * Adds a rule under its number.
     *
     * @param number -1 for the first free one
     */
    public int addRule(int number, @Nullable String name, Rule rule) {
        int actual = number < 0 ? (rules.contains(null) ? rules.indexOf(null) : rules.size()) : number;
        if (rule(actual) != null) {
            throw new CrushEditException(Errno.EEXIST, "rule " + actual + " exists");
        }
        while (rules.size() <= actual) {
            rules.add(null);
        }
        rules.set(actual, rule);
        if (name != null) {
            ruleNames.put(actual, name);
        }
        return actual;
    }

    /**
     * Adds the rule that chooses among the items of a type below a root.
     *
     * @param type the name of the failure domain's type; empty for devices
     * @param deviceClass empty for devices of all classes
     * @param mode firstn or indep
     * @param ruleType {@link Rule#REPLICATED} or {@link Rule#ERASURE}
     * @return its number
     */
    public int addSimpleRule(String name, String root, String type, String deviceClass, String mode, int ruleType) {
        return addSimpleRuleAt(-1, new SimpleRule(name, root, type, deviceClass, mode, ruleType));
    }

    /** @param number -1 for the first that is free as a number and as a ruleset */
    public int addSimpleRuleAt(int number, SimpleRule simple) {
        return simple.addTo(this, number);
    }

    public void renameRule(String from, String to) {
        if (ruleId(from) < 0) {
            throw new CrushEditException(Errno.ENOENT, "source rule name '" + from + "' does not exist");
        }
        if (ruleId(to) >= 0) {
            throw new CrushEditException(Errno.EEXIST, "destination rule name '" + to + "' already exists");
        }
        ruleNames.put(ruleId(from), to);
    }

    /** How large a result a rule is for. Ceph: set_rule_mask_max_size. */
    public void setRuleMaxSize(int number, int size) {
        Rule rule = rule(number);
        if (rule == null) {
            throw new CrushEditException(Errno.ENOENT, "rule " + number + " does not exist");
        }
        rules.set(number, new Rule(rule.ruleset(), rule.type(), rule.minSize(), size, rule.steps()));
    }

    public void removeRule(int number) {
        if (rule(number) == null) {
            throw new CrushEditException(Errno.ENOENT, "rule " + number + " does not exist");
        }
        rules.set(number, null);
        ruleNames.remove(number);
        rebuildShadowTrees();
    }
}
