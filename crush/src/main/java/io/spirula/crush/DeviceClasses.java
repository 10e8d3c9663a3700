package io.spirula.crush;

import io.spirula.crush.CrushEditException.Errno;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;

/**
 * The part of an editor that keeps the device classes: for each class a shadow tree, a copy of the hierarchy with the
 * devices of the class alone, whose buckets are named {@code bucket~class}.
 */
final class DeviceClasses {
    private final CrushEditor map;

    DeviceClasses(CrushEditor map) {
        this.map = map;
    }

    /** A class's id, a new one if it has none. */
    int idOf(String name) {
        int id = map.classId(name);
        if (id < 0) {
            id = map.classNames.isEmpty() ? 0 : map.classNames.lastKey() + 1;
            map.classNames.put(id, name);
        }
        return id;
    }

    boolean set(int device, String name) {
        String old = map.itemClass(device);
        if (old != null && !old.equals(name)) {
            throw new CrushEditException(
                    Errno.EBUSY,
                    "osd." + device + " has already bound to class '" + old + "', can not reset class to '" + name
                            + "'; use 'ceph osd crush rm-device-class <id>' to remove old class first");
        }
        int id = idOf(name);
        if (device < 0) {
            throw new CrushEditException(Errno.EINVAL, map.itemName(device) + " id " + device + " is negative");
        }
        if (Objects.equals(map.itemClasses.get(device), id)) {
            return false;
        }
        map.itemClasses.put(device, id);
        rebuild();
        return true;
    }

    boolean remove(int device) {
        if (map.itemName(device) == null) {
            throw new CrushEditException(Errno.ENOENT, "osd." + device + " does not have a name");
        }
        if (map.itemClass(device) == null) {
            return false;
        }
        map.itemClasses.remove(device);
        rebuild();
        return true;
    }

    void removeClass(String name) {
        int id = map.classId(name);
        if (id < 0) {
            throw new CrushEditException(Errno.ENOENT, "class '" + name + "' does not exist");
        }
        List<Integer> devices = List.copyOf(map.devicesOfClass(name));
        devices.forEach(this::remove);
        if (devices.isEmpty()) {
            map.classNames.remove(id);
        }
    }

    void rename(String from, String to) {
        int id = map.classId(from);
        if (id < 0) {
            throw new CrushEditException(Errno.ENOENT, "class '" + from + "' does not exist");
        }
        if (map.classId(to) >= 0) {
            throw new CrushEditException(Errno.EEXIST, "class '" + to + "' already exists");
        }
        map.itemClasses.headMap(0).forEach((shadow, itemClass) -> {
            String name = map.itemName(shadow);
            if (itemClass == id && name != null) {
                map.putName(shadow, name.substring(0, name.indexOf('~')) + "~" + to);
            }
        });
        map.classNames.put(id, to);
    }

    void setSubtree(String bucket, String name) {
        Integer root = map.itemId(bucket);
        if (root == null) {
            throw new CrushEditException(Errno.ENOENT, "bucket " + bucket + " does not exist");
        }
        int id = idOf(name);
        Deque<Integer> queue = new ArrayDeque<>(List.of(root));
        while (!queue.isEmpty()) {
            for (int item : map.existing(queue.remove()).items) {
                if (item >= 0) {
                    map.itemClasses.put(item, id);
                } else {
                    queue.add(item);
                }
            }
        }
    }

    List<String> rulesUsing(int classId) {
        List<String> names = new ArrayList<>();
        for (int number = 0; number < map.rules.size(); number++) {
            for (int take : map.takes(number)) {
                if (isShadowRootOf(classId, take)) {
                    names.add(Objects.requireNonNullElse(map.ruleName(number), "rule" + number));
                }
            }
        }
        return names;
    }

    private boolean isShadowRootOf(int classId, int item) {
        return map.classBuckets.values().stream().anyMatch(byClass -> Objects.equals(byClass.get(classId), item));
    }

    /** Ceph: rebuild_roots_with_classes. */
    void rebuild() {
        NavigableMap<Integer, NavigableMap<Integer, Integer>> old = new TreeMap<>();
        map.classBuckets.forEach((bucket, byClass) -> old.put(bucket, new TreeMap<>(byClass)));
        map.classNames.keySet().removeIf(this::isDead);
        boolean removed = false;
        for (int root : map.roots()) {
            if (map.isShadow(root)) {
                removeTree(root);
                removed = true;
            }
        }
        if (removed) {
            map.repairChooseArgs();
        }
        map.classBuckets.clear();
        populate(old);
    }

    private boolean isDead(int classId) {
        if (map.itemClasses.tailMap(0, true).containsValue(classId)) {
            return false;
        }
        return map.takes().stream().noneMatch(take -> isShadowRootOf(classId, take));
    }

    private void removeTree(int id) {
        Bucket bucket = map.bucket(id);
        if (bucket == null) {
            return;
        }
        for (int item : bucket.items) {
            if (item < 0) {
                removeTree(item);
            }
        }
        map.dropBucket(id);
        map.removeName(id);
        map.classBuckets.remove(id);
        map.itemClasses.remove(id);
    }

    /** Builds the trees, under the ids they had. */
    void populate(NavigableMap<Integer, NavigableMap<Integer, Integer>> old) {
        Set<Integer> usedIds = new HashSet<>();
        old.values().forEach(byClass -> usedIds.addAll(byClass.values()));
        Cloning cloning = new Cloning(old, usedIds);
        for (int root : map.nonShadowRoots()) {
            for (int classId : map.classNames.keySet().toArray(new Integer[0])) {
                cloning.copy(root, classId);
            }
        }
    }

    /** One rebuild's copying. */
    private final class Cloning {
        private final NavigableMap<Integer, NavigableMap<Integer, Integer>> oldShadows;
        private final Set<Integer> usedIds;
        /** By pool, by shadow bucket: its weight at each position. */
        private final Map<Long, Map<Integer, int[]>> weightsInSets = new HashMap<>();

        Cloning(NavigableMap<Integer, NavigableMap<Integer, Integer>> oldShadows, Set<Integer> usedIds) {
            this.oldShadows = oldShadows;
            this.usedIds = usedIds;
        }

        /** The shadow of a bucket, children first. Ceph: device_class_clone. */
        int copy(int original, int classId) {
            String name = map.itemName(original);
            if (name == null) {
                throw new CrushEditException(Errno.ECHILD, "bucket " + original + " has no name");
            }
            String shadowName = name + "~" + map.className(classId);
            Integer existing = map.itemId(shadowName);
            if (existing != null) {
                return existing;
            }
            Bucket from = map.existing(original);
            int version = map.tunables.strawCalcVersion();
            Bucket shadow = Bucket.make(from.algorithm(), 0, from.type(), from.hash(), new int[0], new int[0], version);
            List<Integer> positions = new ArrayList<>();
            for (int i = 0; i < from.size(); i++) {
                int item = from.item(i);
                if (item >= 0) {
                    if (!Objects.equals(map.itemClasses.get(item), classId)) {
                        continue;
                    }
                    shadow = shadow.withAdded(item, from.itemWeight(i), version);
                } else {
                    int child = copy(item, classId);
                    shadow = shadow.withAdded(child, map.existing(child).weight(), version);
                }
                positions.add(i);
            }
            int id = map.put(idFor(original, classId), shadow);
            map.itemClasses.put(id, classId);
            map.putName(id, shadowName);
            map.classBuckets.computeIfAbsent(original, o -> new TreeMap<>()).put(classId, id);
            for (long pool : map.chooseArgs.keySet().toArray(new Long[0])) {
                copyWeightSets(pool, original, map.existing(id), positions);
            }
            return id;
        }

        private int idFor(int original, int classId) {
            NavigableMap<Integer, Integer> byClass = oldShadows.get(original);
            Integer old = byClass == null ? null : byClass.get(classId);
            if (old != null) {
                return old;
            }
            int id = -1;
            while (map.bucket(id) != null || usedIds.contains(id)) {
                id--;
            }
            return id;
        }

        /** Ceph sums up each position separately, and forgets the sums of the positions before. */
        private void copyWeightSets(long pool, int original, Bucket shadow, List<Integer> positions) {
            ChooseArgs args = Objects.requireNonNull(map.chooseArgs.get(pool));
            int[][] from = args.of(original).weightSets();
            int[][] sets = new int[from.length][shadow.size()];
            Map<Integer, int[]> ofBuckets = weightsInSets.computeIfAbsent(pool, p -> new HashMap<>());
            for (int s = 0; s < sets.length; s++) {
                int[] sums = new int[sets.length];
                for (int i = 0; i < shadow.size(); i++) {
                    int item = shadow.item(i);
                    int[] below = ofBuckets.get(item);
                    if (item >= 0) {
                        sets[s][i] = from[s][positions.get(i)];
                    } else if (below != null && s < below.length) {
                        sets[s][i] = below[s];
                    }
                    sums[s] += sets[s][i];
                }
                ofBuckets.put(shadow.id(), sums);
            }
            map.chooseArgs.put(pool, args.with(shadow.id(), new ChooseArg(sets, new int[0])));
        }
    }
}
