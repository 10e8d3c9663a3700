package io.spirula.mon.daemon;

import io.spirula.common.config.Config;
import io.spirula.common.encoding.Bytes;
import io.spirula.common.env.Clock;
import io.spirula.common.maps.CephRelease;
import io.spirula.common.maps.OsdMap;
import io.spirula.common.maps.OsdMapFlag;
import io.spirula.common.maps.OsdMapIncremental;
import io.spirula.common.types.Uuid;
import io.spirula.crush.CrushEditor;
import io.spirula.crush.CrushMap;
import io.spirula.crush.Rule;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What a new cluster starts with: one CRUSH root with a replicated rule, no OSDs and no pools. Source: OSDMap::build_simple_optioned and OSDMonitor::create_initial. */
final class InitialMaps {
    private static final List<String> TYPES = List.of(
            "osd", "host", "chassis", "rack", "row", "pdu", "pod", "room", "datacenter", "zone", "region", "root");
    private static final int ROOT_TYPE = TYPES.indexOf("root");

    private InitialMaps() {}

    static CrushMap crush(int chooseleafType) {
        CrushEditor editor = new CrushEditor(CrushMap.empty());
        for (int type = 0; type < TYPES.size(); type++) {
            editor.setTypeName(type, TYPES.get(type));
        }
        int root = editor.addBucket(0, Optional.empty(), ROOT_TYPE, new int[0], new int[0]);
        editor.setItemName(root, "default");
        String type = chooseleafType >= 0 && chooseleafType < TYPES.size() ? TYPES.get(chooseleafType) : "host";
        editor.addSimpleRule("replicated_rule", "default", type, "", "firstn", Rule.REPLICATED);
        return editor.build();
    }

    static OsdMapIncremental osdMap(Uuid fsid, Config config, Clock clock) {
        CrushMap crush = crush((int) config.integer("osd_crush_chooseleaf_type", 1));
        int flags = OsdMapFlag.SORTBITWISE.mask()
                | OsdMapFlag.RECOVERY_DELETES.mask()
                | OsdMapFlag.PURGED_SNAPDIRS.mask()
                | OsdMapFlag.PGLOG_HARDLIMIT.mask();
        TreeMap<String, String> profile =
                new TreeMap<>(Map.of("k", "2", "m", "2", "plugin", "jerasure", "technique", "reed_sol_van"));
        OsdMap first = OsdMap.builder()
                .fsid(fsid)
                .epoch(1)
                .created(clock.now())
                .modified(clock.now())
                .flags(flags)
                .crush(Bytes.wrap(crush.encode()))
                .crushVersion(1)
                .erasureCodeProfiles(new TreeMap<>(Map.of("default", Collections.unmodifiableNavigableMap(profile))))
                .fullRatio((float) config.real("mon_osd_full_ratio", 0.95))
                .backfillfullRatio((float) config.real("mon_osd_backfillfull_ratio", 0.90))
                .nearfullRatio((float) config.real("mon_osd_nearfull_ratio", 0.85))
                .requireMinCompatClient(CephRelease.LUMINOUS)
                .requireOsdRelease(CephRelease.PACIFIC)
                .build();
        return OsdMapIncremental.first(fsid).fullMap(first.encoded()).build();
    }
}
