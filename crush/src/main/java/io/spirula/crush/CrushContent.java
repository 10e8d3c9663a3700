package io.spirula.crush;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What a CRUSH map consists of, and the questions one can ask it: common to the finished map and to one being edited. */
public abstract sealed class CrushContent permits CrushMap, CrushEditor {
    /** By index -1 - id; holes are null. */
    final List<@Nullable Bucket> buckets;
    /** By number; holes are null. */
    final List<@Nullable Rule> rules;

    final NavigableMap<Integer, String> typeNames;
    final NavigableMap<Integer, String> itemNames;
    final NavigableMap<Integer, String> ruleNames;
    /** Item to class: devices, and the shadow buckets of a class. */
    final NavigableMap<Integer, Integer> itemClasses;

    final NavigableMap<Integer, String> classNames;
    /** Bucket to class to shadow bucket. */
    final NavigableMap<Integer, NavigableMap<Integer, Integer>> classBuckets;

    final NavigableMap<Long, ChooseArgs> chooseArgs;
    Tunables tunables;
    int maxDevices;

    private volatile @Nullable Map<String, Integer> idsByName;

    /** Copies the parts of another. */
    CrushContent(CrushContent from, boolean frozen) {
        this.buckets =
                frozen ? Collections.unmodifiableList(new ArrayList<>(from.buckets)) : new ArrayList<>(from.buckets);
        this.rules = frozen ? Collections.unmodifiableList(new ArrayList<>(from.rules)) : new ArrayList<>(from.rules);
        this.typeNames = copy(from.typeNames, frozen);
        this.itemNames = copy(from.itemNames, frozen);
        this.ruleNames = copy(from.ruleNames, frozen);
        this.itemClasses = copy(from.itemClasses, frozen);
        this.classNames = copy(from.classNames, frozen);
        NavigableMap<Integer, NavigableMap<Integer, Integer>> shadows = new TreeMap<>();
        from.classBuckets.forEach((bucket, byClass) -> shadows.put(bucket, copy(byClass, frozen)));
        this.classBuckets = frozen ? Collections.unmodifiableNavigableMap(shadows) : shadows;
        this.chooseArgs = copy(from.chooseArgs, frozen);
        this.tunables = from.tunables;
        this.maxDevices = from.maxDevices;
    }

    /** Without any content. */
    CrushContent(Tunables tunables) {
        this.buckets = new ArrayList<>();
        this.rules = new ArrayList<>();
        this.typeNames = new TreeMap<>();
        this.itemNames = new TreeMap<>();
        this.ruleNames = new TreeMap<>();
        this.itemClasses = new TreeMap<>();
        this.classNames = new TreeMap<>();
        this.classBuckets = new TreeMap<>();
        this.chooseArgs = new TreeMap<>();
        this.tunables = tunables;
    }

    private static <K extends Comparable<K>, V> NavigableMap<K, V> copy(NavigableMap<K, V> map, boolean frozen) {
        NavigableMap<K, V> copy = new TreeMap<>(map);
        return frozen ? Collections.unmodifiableNavigableMap(copy) : copy;
    }

    /** Names an item, also with the names of shadow buckets, which are invalid on purpose. */
    void putName(int item, String name) {
        removeName(item);
        itemNames.put(item, name);
        Map<String, Integer> index = idsByName;
        if (index != null) {
            index.put(name, item);
        }
    }

    /** Forgets an item's name, if it has one. */
    void removeName(int item) {
        String old = itemNames.remove(item);
        Map<String, Integer> index = idsByName;
        if (old != null && index != null) {
            index.remove(old, item);
        }
    }

    // ---- buckets and items

    /** One more than the highest device id. */
    public final int maxDevices() {
        return maxDevices;
    }

    /** One more than the highest bucket index (-1 - id), holes included. */
    public final int maxBuckets() {
        return buckets.size();
    }

    public final @Nullable Bucket bucket(int id) {
        int index = -1 - id;
        return index >= 0 && index < buckets.size() ? buckets.get(index) : null;
    }

    final Bucket existing(int id) {
        Bucket bucket = bucket(id);
        if (bucket == null) {
            throw new CrushEditException(CrushEditException.Errno.ENOENT, "bucket " + id + " does not exist");
        }
        return bucket;
    }

    /** All buckets, from id -1 down. */
    public final List<Bucket> buckets() {
        List<Bucket> present = new ArrayList<>(buckets.size());
        for (Bucket bucket : buckets) {
            if (bucket != null) {
                present.add(bucket);
            }
        }
        return present;
    }

    public final NavigableMap<Integer, String> itemNames() {
        return Collections.unmodifiableNavigableMap(itemNames);
    }

    public final @Nullable String itemName(int id) {
        return itemNames.get(id);
    }

    /** The id of a device or bucket; where two have the name, the greater. Null if there is none. */
    public final @Nullable Integer itemId(String name) {
        Map<String, Integer> index = idsByName;
        if (index == null) {
            index = new HashMap<>(itemNames.size() * 2);
            for (Map.Entry<Integer, String> entry : itemNames.entrySet()) {
                index.put(entry.getValue(), entry.getKey());
            }
            idsByName = index;
        }
        return index.get(name);
    }

    public final NavigableMap<Integer, String> typeNames() {
        return Collections.unmodifiableNavigableMap(typeNames);
    }

    public final @Nullable String typeName(int type) {
        return typeNames.get(type);
    }

    /** -1 if there is none. */
    public final int typeId(String name) {
        return lastKey(typeNames, name);
    }

    private static int lastKey(NavigableMap<Integer, String> names, String name) {
        for (Map.Entry<Integer, String> entry : names.descendingMap().entrySet()) {
            if (entry.getValue().equals(name)) {
                return entry.getKey();
            }
        }
        return -1;
    }

    /** What names may consist of: letters, digits, '-', '_' and '.'; shadow buckets have a '~' on purpose. */
    public static boolean isValidName(String name) {
        return !name.isEmpty()
                && name.chars()
                        .allMatch(c -> c == '-'
                                || c == '_'
                                || c == '.'
                                || (c >= '0' && c <= '9')
                                || (c >= 'A' && c <= 'Z')
                                || (c >= 'a' && c <= 'z'));
    }

    // ---- rules

    public final int maxRules() {
        return rules.size();
    }

    public final @Nullable Rule rule(int number) {
        return number >= 0 && number < rules.size() ? rules.get(number) : null;
    }

    public final @Nullable String ruleName(int number) {
        return ruleNames.get(number);
    }

    public final NavigableMap<Integer, String> ruleNames() {
        return Collections.unmodifiableNavigableMap(ruleNames);
    }

    /** -1 if there is none. */
    public final int ruleId(String name) {
        return lastKey(ruleNames, name);
    }

    public final boolean rulesetExists(int ruleset) {
        return rules.stream().anyMatch(r -> r != null && r.ruleset() == ruleset);
    }

    /** The first rule that serves a ruleset, a pool type and a pool size; -1 if there is none. */
    public final int findRule(int ruleset, int type, int size) {
        for (int i = 0; i < rules.size(); i++) {
            Rule rule = rules.get(i);
            if (rule != null
                    && rule.ruleset() == ruleset
                    && rule.type() == type
                    && rule.minSize() <= size
                    && rule.maxSize() >= size) {
                return i;
            }
        }
        return -1;
    }

    /** The lowest ruleset of a type; -1 if there is none. */
    public final int findFirstRuleset(int type) {
        return rules.stream()
                .filter(r -> r != null && r.type() == type)
                .mapToInt(Rule::ruleset)
                .min()
                .orElse(-1);
    }

    // ---- device classes

    public final NavigableMap<Integer, String> classNames() {
        return Collections.unmodifiableNavigableMap(classNames);
    }

    /** -1 if there is none. */
    public final int classId(String name) {
        return lastKey(classNames, name);
    }

    public final @Nullable String className(int id) {
        return classNames.get(id);
    }

    /** The class of a device, or the one that a shadow bucket is for. */
    public final @Nullable String itemClass(int item) {
        Integer id = itemClasses.get(item);
        return id == null ? null : classNames.get(id);
    }

    /** Item to class id, shadow buckets included. */
    public final NavigableMap<Integer, Integer> itemClasses() {
        return Collections.unmodifiableNavigableMap(itemClasses);
    }

    /** Bucket to class id to the id of the shadow bucket. */
    public final NavigableMap<Integer, NavigableMap<Integer, Integer>> classBuckets() {
        return Collections.unmodifiableNavigableMap(classBuckets);
    }

    public final NavigableSet<Integer> devicesOfClass(String name) {
        NavigableSet<Integer> devices = new TreeSet<>();
        int id = classId(name);
        itemClasses.tailMap(0, true).forEach((item, itemClass) -> {
            if (itemClass == id) {
                devices.add(item);
            }
        });
        return devices;
    }

    /** Whether a bucket belongs to the shadow tree of a device class. */
    public final boolean isShadow(int item) {
        String name = itemName(item);
        return name != null && !isValidName(name);
    }

    /**
     * A bucket and the device class it is restricted to.
     *
     * @param item the bucket that the shadow bucket is of, or the item itself
     * @param classId -1 for none
     */
    public record ClassifiedItem(int item, int classId) {}

    /** What a (shadow) item stands for; null if its names do not lead there. */
    public final @Nullable ClassifiedItem unshadowed(int item) {
        String name = itemName(item);
        if (name == null) {
            return null;
        }
        int tilde = name.indexOf('~');
        if (tilde < 0) {
            return new ClassifiedItem(item, -1);
        }
        Integer original = itemId(name.substring(0, tilde));
        int classId = classId(name.substring(tilde + 1));
        return original == null || classId < 0 ? null : new ClassifiedItem(original, classId);
    }

    // ---- choose_args and tunables

    public final NavigableMap<Long, ChooseArgs> chooseArgs() {
        return Collections.unmodifiableNavigableMap(chooseArgs);
    }

    /** The set of a pool, else the default one, else null. */
    public final @Nullable ChooseArgs chooseArgsFor(long pool) {
        ChooseArgs own = chooseArgs.get(pool);
        return own != null ? own : chooseArgs.get(ChooseArgs.DEFAULT);
    }

    /** Whether clients that know no choose_args cannot be given an equivalent map. */
    public final boolean hasIncompatibleChooseArgs() {
        if (chooseArgs.isEmpty()) {
            return false;
        }
        ChooseArgs args = chooseArgs.get(ChooseArgs.DEFAULT);
        return chooseArgs.size() > 1
                || args == null
                || args.byIndex().values().stream().anyMatch(a -> a.weightSets().length != 1 || a.ids().length != 0);
    }

    public final Tunables tunables() {
        return tunables;
    }

    // ---- the hierarchy

    /** The buckets that are in no other bucket, ascending by id. */
    public final NavigableSet<Integer> roots() {
        NavigableSet<Integer> roots = new TreeSet<>();
        for (Bucket bucket : buckets()) {
            roots.add(bucket.id());
        }
        for (Bucket bucket : buckets()) {
            for (int item : bucket.items) {
                roots.remove(item);
            }
        }
        return roots;
    }

    /** The roots without those of shadow trees. */
    public final NavigableSet<Integer> nonShadowRoots() {
        NavigableSet<Integer> roots = roots();
        roots.removeIf(this::isShadow);
        return roots;
    }

    /** Whether some bucket has the item. */
    public final boolean isPlaced(int item) {
        for (Bucket bucket : buckets) {
            if (bucket != null && bucket.contains(item)) {
                return true;
            }
        }
        return false;
    }

    /** Whether an item is a root, or somewhere below it. */
    public final boolean subtreeContains(int root, int item) {
        return subtreeContains(root, item, buckets.size());
    }

    private boolean subtreeContains(int root, int item, int depthLeft) {
        if (root == item) {
            return true;
        }
        Bucket bucket = bucket(root);
        if (bucket == null || depthLeft == 0) {
            return false;
        }
        for (int child : bucket.items) {
            if (subtreeContains(child, item, depthLeft - 1)) {
                return true;
            }
        }
        return false;
    }

    /** The first bucket (by index) that has the item, shadow buckets aside; null for a root. */
    public final @Nullable Bucket parent(int item) {
        for (Bucket bucket : buckets) {
            if (bucket != null && bucket.contains(item) && !isShadow(bucket.id())) {
                return bucket;
            }
        }
        return null;
    }

    /** The weight of an item where it is found first: of a bucket its own. Null if it is nowhere. */
    public final @Nullable Integer itemWeight(int item) {
        for (Bucket bucket : buckets) {
            if (bucket == null) {
                continue;
            }
            if (bucket.id() == item) {
                return bucket.weight();
            }
            int position = bucket.positionOf(item);
            if (position >= 0) {
                return bucket.itemWeight(position);
            }
        }
        return null;
    }

    /**
     * A step on the way up.
     *
     * @param type the name of the bucket's type
     * @param name the bucket's name
     */
    public record Location(String type, String name) {}

    /** The buckets above an item, from its own up to the root. */
    public final List<Location> fullLocation(int item) {
        List<Location> path = new ArrayList<>();
        if (itemName(item) == null) {
            return path;
        }
        Bucket parent = parent(item);
        while (parent != null && path.size() <= buckets.size()) {
            path.add(new Location(
                    java.util.Objects.requireNonNullElse(typeName(parent.type()), ""),
                    java.util.Objects.requireNonNullElse(itemName(parent.id()), "")));
            parent = parent(parent.id());
        }
        return path;
    }

    /** The devices below an item, in the order of the items; itself if it is a device. */
    public final List<Integer> leaves(int item) {
        List<Integer> leaves = new ArrayList<>();
        collectLeaves(item, leaves, buckets.size());
        return leaves;
    }

    private void collectLeaves(int item, List<Integer> leaves, int depthLeft) {
        if (item >= 0) {
            leaves.add(item);
            return;
        }
        Bucket bucket = bucket(item);
        if (bucket != null && depthLeft > 0) {
            for (int child : bucket.items) {
                collectLeaves(child, leaves, depthLeft - 1);
            }
        }
    }

    /** Where the rules start, ascending. */
    public final NavigableSet<Integer> takes() {
        NavigableSet<Integer> takes = new TreeSet<>();
        for (int i = 0; i < rules.size(); i++) {
            takes.addAll(takes(i));
        }
        return takes;
    }

    /** Where one rule starts, ascending. */
    public final NavigableSet<Integer> takes(int ruleNumber) {
        NavigableSet<Integer> takes = new TreeSet<>();
        Rule rule = rule(ruleNumber);
        if (rule != null) {
            for (RuleStep step : rule.steps()) {
                if (step.op() == RuleStep.TAKE) {
                    takes.add(step.arg1());
                }
            }
        }
        return takes;
    }
}
