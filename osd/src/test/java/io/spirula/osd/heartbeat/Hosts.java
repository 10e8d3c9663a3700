package io.spirula.osd.heartbeat;

import io.spirula.common.maps.Osd;
import io.spirula.common.maps.OsdMap;
import io.spirula.common.maps.OsdState;
import io.spirula.common.types.EntityAddr;
import io.spirula.common.types.EntityAddrs;
import io.spirula.crush.CrushEditor;
import io.spirula.crush.CrushMap;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Maps for tests: hosts of OSDs, in the order of their numbers. */
final class Hosts {
    private Hosts() {}

    static OsdMap of(int hosts, int osdsPerHost, Set<Integer> down) {
        CrushEditor crush = new CrushEditor(CrushMap.empty());
        List<String> types = List.of("osd", "host", "root");
        for (int type = 0; type < types.size(); type++) {
            crush.setTypeName(type, types.get(type));
        }
        crush.setItemName(crush.addBucket(0, Optional.empty(), 2, new int[0], new int[0]), "default");
        List<Osd> osds = new ArrayList<>();
        for (int osd = 0; osd < hosts * osdsPerHost; osd++) {
            crush.insertItem(osd, 1, "osd." + osd, Map.of("root", "default", "host", "h" + osd / osdsPerHost), false);
            int state = OsdState.EXISTS | (down.contains(osd) ? 0 : OsdState.UP);
            osds.add(Osd.NONE.withState(state).withUpAddrs(addrs(osd, 1), addrs(osd, 2), addrs(osd, 3)));
        }
        return OsdMap.builder().epoch(5).osds(osds).crush(crush.build()).build();
    }

    static EntityAddrs addrs(int osd, int port) {
        return EntityAddrs.of(EntityAddr.msgr2("10.0.0." + osd % 250, 6800 + port, 1));
    }
}
