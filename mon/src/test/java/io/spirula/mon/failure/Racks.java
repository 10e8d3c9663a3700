package io.spirula.mon.failure;

import io.spirula.common.config.CephConf;
import io.spirula.common.config.Config;
import io.spirula.common.encoding.Bytes;
import io.spirula.common.maps.CephRelease;
import io.spirula.common.maps.Osd;
import io.spirula.common.maps.OsdMap;
import io.spirula.common.maps.OsdState;
import io.spirula.common.types.EntityName;
import io.spirula.common.types.EntityType;
import io.spirula.common.types.Uuid;
import io.spirula.crush.CrushEditor;
import io.spirula.crush.CrushMap;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Maps for tests: racks of hosts of OSDs, all up and in. */
public final class Racks {
    public static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    private Racks() {}

    /** OSDs are numbered through: rack by rack, host by host. */
    public static OsdMap of(int racks, int hostsPerRack, int osdsPerHost) {
        CrushEditor crush = new CrushEditor(CrushMap.empty());
        List<String> types = List.of("osd", "host", "chassis", "rack", "root");
        for (int type = 0; type < types.size(); type++) {
            crush.setTypeName(type, types.get(type));
        }
        int root = crush.addBucket(0, Optional.empty(), types.indexOf("root"), new int[0], new int[0]);
        crush.setItemName(root, "default");
        crush.addSimpleRule("replicated_rule", "default", "host", "", "firstn", 1);
        List<Osd> osds = new ArrayList<>();
        for (int osd = 0; osd < racks * hostsPerRack * osdsPerHost; osd++) {
            int host = osd / osdsPerHost;
            crush.insertItem(
                    osd,
                    1,
                    "osd." + osd,
                    Map.of("root", "default", "rack", "r" + host / hostsPerRack, "host", "h" + host),
                    false);
            osds.add(Osd.NONE.withState(OsdState.EXISTS | OsdState.UP).withWeight(Osd.IN));
        }
        return OsdMap.builder()
                .fsid(Uuid.ZERO)
                .epoch(10)
                .osds(osds)
                .crush(Bytes.wrap(crush.build().encode()))
                .requireOsdRelease(CephRelease.PACIFIC)
                .build();
    }

    public static OsdMap with(OsdMap map, int osd, UnaryOperator<Osd> change) {
        List<Osd> osds = new ArrayList<>(map.osds());
        osds.set(osd, change.apply(osds.get(osd)));
        return map.toBuilder().osds(osds).build();
    }

    public static OsdMap down(OsdMap map, int... numbers) {
        OsdMap changed = map;
        for (int osd : numbers) {
            changed = with(changed, osd, o -> o.withState(o.state() & ~OsdState.UP));
        }
        return changed;
    }

    public static FailureSettings settings(String... lines) {
        CephConf conf = CephConf.parse("[global]\n" + String.join("\n", lines) + "\n", "test");
        return FailureSettings.of(Config.of(new EntityName(EntityType.MON, "a"), conf));
    }

    /** So many seconds after the beginning. */
    public static Moment at(long seconds) {
        return new Moment(NOW.plusSeconds(seconds), seconds * 1_000_000_000L);
    }
}
