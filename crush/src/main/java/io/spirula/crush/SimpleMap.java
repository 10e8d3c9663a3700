package io.spirula.crush;

import java.util.Map;
import java.util.Optional;

/**
 * The map that a new cluster starts with: Ceph's usual bucket types, an empty root named default, and one replicated rule.
 * Ceph: OSDMap::build_simple_crush_map.
 */
public final class SimpleMap {
    private static final String[] TYPES = {
        "osd", "host", "chassis", "rack", "row", "pdu", "pod", "room", "datacenter", "zone", "region", "root"
    };
    private static final String ROOT = "default";

    private SimpleMap() {}

    /**
     * Builds it.
     *
     * @param osds how many devices of weight 1 it has, all in one host
     */
    public static CrushMap of(int osds) {
        return of(osds, "host");
    }

    /** @param failureDomain the type of bucket that replicas are to be in different ones of */
    public static CrushMap of(int osds, String failureDomain) {
        CrushEditor editor = new CrushEditor(CrushMap.empty());
        for (int type = 0; type < TYPES.length; type++) {
            editor.setTypeName(type, TYPES[type]);
        }
        int root = editor.addBucket(0, Optional.empty(), TYPES.length - 1, new int[0], new int[0]);
        editor.setItemName(root, ROOT);
        Map<String, String> location = Map.of("host", "localhost", "rack", "localrack", "root", ROOT);
        for (int osd = 0; osd < osds; osd++) {
            editor.insertItem(osd, 1, "osd." + osd, location, true);
        }
        editor.addSimpleRule("replicated_rule", ROOT, failureDomain, "", "firstn", Rule.REPLICATED);
        return editor.build();
    }
}
