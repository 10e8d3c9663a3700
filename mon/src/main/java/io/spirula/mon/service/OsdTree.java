package io.spirula.mon.service;

import io.spirula.common.command.Json;
import io.spirula.common.command.Refusal;
import io.spirula.common.format.TextTable;
import io.spirula.common.maps.Osd;
import io.spirula.common.maps.OsdMap;
import io.spirula.common.types.Errno;
import io.spirula.crush.CrushMap;
import io.spirula.crush.CrushTree;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code ceph osd tree}: the CRUSH hierarchy with how each OSD is. Source: OSDMap.cc, OSDTreePlainDumper and OSDTreeFormattingDumper. */
final class OsdTree {
    private final OsdMap map;
    private final CrushMap crush;
    private final List<String> states;
    private final List<CrushTree.Node> nodes;
    private final boolean whole;

    /**
     * @param states only OSDs that are in all of these: up, down, in, out, destroyed
     * @param bucket only what is below it, or empty
     */
    OsdTree(OsdMap map, List<String> states, String bucket) {
        this.map = map;
        this.states = states;
        crush = CrushEdits.decoded(map);
        Integer root = bucket.isEmpty() ? null : crush.itemId(bucket);
        if (!bucket.isEmpty() && root == null) {
            throw new Refusal(Errno.ENOENT, "bucket '" + bucket + "' does not exist");
        }
        whole = root == null;
        nodes = root == null ? CrushTree.of(crush, false) : CrushTree.of(crush, List.of(root));
    }

    private boolean wanted(CrushTree.Node node) {
        if (states.isEmpty()) {
            return true;
        }
        return node.isBucket() ? node.children().stream().anyMatch(this::wantedBelow) : wanted(node.id());
    }

    private boolean wantedBelow(int id) {
        return id >= 0 ? wanted(id) : crush.leaves(id).stream().anyMatch(this::wanted);
    }

    private boolean wanted(int osd) {
        Osd row = map.osd(osd);
        return states.isEmpty()
                || states.stream().anyMatch(s -> switch (s) {
                    case "up" -> row.isUp();
                    case "down" -> row.exists() && !row.isUp();
                    case "in" -> row.isIn();
                    case "out" -> row.exists() && !row.isIn();
                    case "destroyed" -> row.has(io.spirula.common.maps.OsdState.DESTROYED);
                    default -> true;
                });
    }

    /** OSDs that exist and are nowhere in the hierarchy. */
    private List<Integer> stray() {
        Set<Integer> placed = new HashSet<>();
        CrushTree.of(crush, false).forEach(n -> placed.add(n.id()));
        List<Integer> stray = new ArrayList<>();
        for (int osd = 0; whole && osd < map.maxOsd(); osd++) {
            if (map.exists(osd) && !placed.contains(osd) && wanted(osd)) {
                stray.add(osd);
            }
        }
        return stray;
    }

    private String status(int osd) {
        return map.isUp(osd)
                ? "up"
                : map.osd(osd).has(io.spirula.common.maps.OsdState.DESTROYED) ? "destroyed" : "down";
    }

    static String fixed(double value) {
        return value == 0 ? "0" : String.format(Locale.ROOT, "%.5f", value);
    }

    String text() {
        TextTable table = new TextTable("ID", "CLASS", "WEIGHT", "TYPE NAME", "STATUS", "REWEIGHT", "PRI-AFF")
                .rightUnderLeft(0, 1, 2, 4, 5, 6);
        for (CrushTree.Node node : nodes) {
            if (wanted(node)) {
                row(table, node.id(), node.depth(), node.weight(), crush.itemClass(node.id()));
            }
        }
        for (int osd : stray()) {
            row(table, osd, 0, 0, null);
        }
        return table.toString();
    }

    private void row(TextTable table, int id, int depth, double weight, @Nullable String deviceClass) {
        String type = "";
        if (id < 0) {
            var bucket = crush.bucket(id);
            type = bucket == null ? "" : crush.typeName(bucket.type()) + " ";
        }
        String name = "    ".repeat(depth) + type + (id < 0 ? crush.itemName(id) : "osd." + id);
        boolean isOsd = id >= 0;
        boolean exists = isOsd && map.exists(id);
        table.row(
                Integer.toString(id),
                deviceClass == null ? "" : deviceClass,
                fixed(weight),
                name,
                !isOsd ? "" : exists ? status(id) : "DNE",
                !isOsd ? "" : exists ? fixed(map.osd(id).weight() / 65536.0) : "0",
                !isOsd || !exists ? "" : fixed(map.osd(id).primaryAffinity() / 65536.0));
    }

    Json json() {
        List<Object> shown = new ArrayList<>();
        for (CrushTree.Node node : nodes) {
            if (wanted(node)) {
                shown.add(node(node));
            }
        }
        List<Object> stray = new ArrayList<>();
        for (int osd : stray()) {
            stray.add(osd(
                    Json.object()
                            .put("id", osd)
                            .put("name", "osd." + osd)
                            .put("type", crush.typeName(0))
                            .put("type_id", 0)
                            .put("crush_weight", 0)
                            .put("depth", 0),
                    osd));
        }
        Json json = Json.object().put("nodes", shown);
        return whole ? json.put("stray", stray) : json;
    }

    private Json node(CrushTree.Node node) {
        Json json = Json.object().put("id", node.id());
        if (!node.isBucket()) {
            String deviceClass = crush.itemClass(node.id());
            if (deviceClass != null) {
                json.put("device_class", deviceClass);
            }
            json.put("name", "osd." + node.id())
                    .put("type", crush.typeName(0))
                    .put("type_id", 0)
                    .put("crush_weight", (double) node.weight())
                    .put("depth", node.depth());
            poolWeights(json, node);
            return osd(json, node.id());
        }
        var bucket = crush.bucket(node.id());
        int type = bucket == null ? 0 : bucket.type();
        json.put("name", crush.itemName(node.id()))
                .put("type", crush.typeName(type))
                .put("type_id", type);
        poolWeights(json, node);
        List<Integer> children = new ArrayList<>(node.children());
        children.removeIf(child -> !states.isEmpty() && !wantedBelow(child));
        java.util.Collections.reverse(children);
        return json.put("children", children);
    }

    private static void poolWeights(Json json, CrushTree.Node node) {
        if (node.parent() < 0) {
            json.put("pool_weights", Json.object());
        }
    }

    private Json osd(Json json, int osd) {
        boolean exists = map.exists(osd);
        return json.put("exists", exists ? 1 : 0)
                .put("status", status(osd))
                .put("reweight", exists ? map.osd(osd).weight() / 65536.0 : 0.0)
                .put("primary_affinity", exists ? map.osd(osd).primaryAffinity() / 65536.0 : 0.0);
    }
}
