package io.spirula.common.maps;

import io.spirula.crush.Bucket;

/** What an operator may forbid to be done with OSDs: with all of them, with one, with those below a node of the hierarchy, with a device class. Source: OSDMap::is_noup, is_nodown, is_noin, is_noout. */
public enum OperatorFlag {
    NOUP(OsdMapFlag.NOUP, OsdState.NOUP),
    NODOWN(OsdMapFlag.NODOWN, OsdState.NODOWN),
    NOIN(OsdMapFlag.NOIN, OsdState.NOIN),
    NOOUT(OsdMapFlag.NOOUT, OsdState.NOOUT);

    private final OsdMapFlag ofAll;
    private final int state;

    OperatorFlag(OsdMapFlag ofAll, int state) {
        this.ofAll = ofAll;
        this.state = state;
    }

    /** Whether it is forbidden for this OSD, in whatever way. */
    public boolean holds(OsdMap map, int osd) {
        return map.has(ofAll) || map.osd(osd).has(state) || ofNodes(map, osd) || ofClass(map, osd);
    }

    private boolean ofNodes(OsdMap map, int osd) {
        if (map.crushNodeFlags().isEmpty()) {
            return false;
        }
        int depthLeft = map.crushMap().maxBuckets();
        for (Bucket node = map.crushMap().parent(osd); node != null && depthLeft-- > 0; ) {
            if (isSet(map.crushNodeFlags().getOrDefault(node.id(), 0))) {
                return true;
            }
            node = map.crushMap().parent(node.id());
        }
        return false;
    }

    private boolean ofClass(OsdMap map, int osd) {
        Integer id = map.deviceClassFlags().isEmpty()
                ? null
                : map.crushMap().itemClasses().get(osd);
        return id != null && isSet(map.deviceClassFlags().getOrDefault(id, 0));
    }

    private boolean isSet(int flags) {
        return (flags & state) != 0;
    }
}
