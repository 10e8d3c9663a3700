package io.spirula.common.maps;

import io.spirula.crush.Bucket;
import io.spirula.crush.CrushMap;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;

/** The OSDs that are in but down, and the buckets of which all OSDs are down. Source: OSDMap::check_health and subtree_type_is_down. */
final class DownSubtrees {
    private final OsdMap map;
    private final CrushMap crush;
    private final NavigableSet<Integer> down = new TreeSet<>();
    private final Set<Integer> up = new HashSet<>();
    private final Set<Integer> subtreesUp = new HashSet<>();
    /** Buckets by type. */
    private final TreeMap<Integer, NavigableSet<Integer>> subtreesDown = new TreeMap<>();

    DownSubtrees(OsdMap map) {
        this.map = map;
        this.crush = map.crushMap();
        for (int i = 0; i < map.maxOsd(); i++) {
            Osd osd = map.osd(i);
            if (osd.isIn() && !osd.has(OsdState.NEW) && !down.contains(i) && !up.contains(i)) {
                look(i);
            }
        }
    }

    private void look(int osd) {
        if (map.isUp(osd)) {
            up.add(osd);
            return;
        }
        down.add(osd);
        Bucket parent = crush.parent(osd);
        for (int height = 0; parent != null && height <= crush.maxBuckets(); height++) {
            if (subtreesUp.contains(parent.id()) || !isDown(parent.id(), crush.maxBuckets())) {
                return;
            }
            parent = crush.parent(parent.id());
        }
    }

    private boolean isDown(int id, int depthLeft) {
        if (id >= 0) {
            boolean isDown = map.isDown(id);
            if (map.isIn(id)) {
                (isDown ? down : up).add(id);
            }
            return isDown;
        }
        Bucket bucket = crush.bucket(id);
        if (bucket == null || depthLeft == 0) {
            return true;
        }
        NavigableSet<Integer> known = subtreesDown.computeIfAbsent(bucket.type(), t -> new TreeSet<>());
        if (known.contains(id)) {
            return true;
        }
        for (int child : bucket.items()) {
            if (!isDown(child, depthLeft - 1)) {
                subtreesUp.add(id);
                return false;
            }
        }
        known.add(id);
        return true;
    }

    /** The checks, the largest buckets first. */
    void check(Consumer<HealthCheck> checks) {
        if (down.isEmpty()) {
            return;
        }
        int topType = crush.typeNames().isEmpty() ? 0 : crush.typeNames().lastKey();
        subtreesDown.descendingMap().forEach((type, buckets) -> {
            String name = crush.typeName(type);
            if (type > 0 && name != null && !buckets.isEmpty()) {
                checks.accept(ofType(name, type == topType, buckets));
            }
        });
        List<String> details = down.stream()
                .map(osd -> "osd." + osd + " (" + location(osd) + ") is down")
                .toList();
        checks.accept(new HealthCheck("OSD_DOWN", HealthCheck.WARN, down.size() + " osds down", down.size(), details));
    }

    private HealthCheck ofType(String type, boolean top, NavigableSet<Integer> buckets) {
        int osds = 0;
        List<String> details = new ArrayList<>();
        for (int bucket : buckets) {
            int below = crush.leaves(bucket).size();
            osds += below;
            String where = top ? "" : " (" + location(bucket) + ")";
            String name = Objects.requireNonNullElse(crush.itemName(bucket), "");
            details.add(type + " " + name + where + " (" + below + " osds) is down");
        }
        String summary = buckets.size() + " " + type + (buckets.size() > 1 ? "s" : "") + " (" + osds + " osds) down";
        String code = "OSD_" + type.toUpperCase(Locale.ROOT) + "_DOWN";
        return new HealthCheck(code, HealthCheck.WARN, summary, buckets.size(), details);
    }

    /** {@code root=default,host=a}. */
    private String location(int item) {
        List<String> path = new ArrayList<>();
        crush.fullLocation(item).forEach(l -> path.add(0, l.type() + "=" + l.name()));
        return String.join(",", path);
    }

    /** Devices in the hierarchy that the OSD map does not know. */
    static void checkOrphans(OsdMap map, Consumer<HealthCheck> checks) {
        List<String> orphans = new ArrayList<>();
        for (Map.Entry<Integer, String> item :
                map.crushMap().itemNames().tailMap(0, true).entrySet()) {
            if (item.getKey() < map.maxOsd() && !map.exists(item.getKey())) {
                orphans.add("osd." + item.getKey() + " exists in crush map but not in osdmap");
            }
        }
        if (!orphans.isEmpty()) {
            String summary = orphans.size() + " osds exist in the crush map but not in the osdmap";
            checks.accept(new HealthCheck("OSD_ORPHAN", HealthCheck.WARN, summary, orphans.size(), orphans));
        }
    }
}
