package io.spirula.mon.service;

import io.spirula.common.command.CommandCall;
import io.spirula.common.command.CommandTable;
import io.spirula.common.command.Outcome;
import io.spirula.common.maps.OsdMap;
import io.spirula.common.types.Errno;
import io.spirula.crush.CrushMap;
import io.spirula.crush.MalformedCrushMap;

/** The commands that replace the CRUSH map as a whole. Source of their answers: mon/OSDMonitor.cc. */
final class CrushMapCommands {
    private final OsdmapService osdmap;
    private final CrushEdits crush;

    CrushMapCommands(OsdmapService osdmap, CrushEdits crush) {
        this.osdmap = osdmap;
        this.crush = crush;
    }

    void register(CommandTable table) {
        for (String name : new String[] {"osd setcrushmap", "osd crush set"}) {
            table.add(
                    name + " name=prior_version,type=CephInt,req=false",
                    "set crush map from input file",
                    "osd",
                    "rw",
                    this::set);
        }
    }

    private Outcome set(CommandCall call) {
        OsdMap pending = osdmap.pendingMap();
        CrushMap map;
        try {
            map = CrushMap.decode(call.input().toArray());
        } catch (MalformedCrushMap e) {
            return Outcome.refused(Errno.EINVAL, "Failed to parse crushmap: " + e.getMessage());
        }
        long prior = call.integer("prior_version", -1);
        if (prior >= 0 && prior == osdmap.map().crushVersion() - 1L && sameAsCommitted(map)) {
            return Outcome.text(Integer.toString(osdmap.map().crushVersion()));
        }
        if (prior >= 0 && prior != osdmap.map().crushVersion()) {
            return Outcome.refused(
                    Errno.EPERM,
                    "prior_version " + prior + " != crush version "
                            + osdmap.map().crushVersion());
        }
        for (var pool : pending.pools().entrySet()) {
            if (map.rule(pool.getValue().crushRule()) == null) {
                return Outcome.refused(
                        Errno.EINVAL,
                        "pool " + pending.poolName(pool.getKey()) + " crush_rule "
                                + pool.getValue().crushRule() + " does not exist in the new crush map");
            }
        }
        crush.put(map);
        return Outcome.committed(Integer.toString(osdmap.map().crushVersion() + 1));
    }

    private boolean sameAsCommitted(CrushMap map) {
        return java.util.Arrays.equals(map.encode(), crush.committed().encode());
    }
}
