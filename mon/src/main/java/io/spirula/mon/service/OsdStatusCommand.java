package io.spirula.mon.service;

import io.spirula.common.command.CommandCall;
import io.spirula.common.command.CommandTable;
import io.spirula.common.command.Outcome;
import io.spirula.common.encoding.Bytes;
import io.spirula.common.format.TextTable;
import io.spirula.common.maps.OsdMap;
import io.spirula.common.maps.OsdState;
import io.spirula.common.pg.StoreStatfs;
import io.spirula.crush.CrushMap;
import io.spirula.mon.Services;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;

/** {@code osd status}: a line for each OSD. Source: pybind/mgr/status/module.py. */
final class OsdStatusCommand {
    private final Services services;

    OsdStatusCommand(Services services) {
        this.services = services;
    }

    void register(CommandTable table) {
        table.add(
                "osd status name=bucket,type=CephString,req=false",
                "Show the status of OSDs within a bucket, or all",
                "mgr",
                "r",
                8,
                this::status);
    }

    /** The same text in every format, as pacific's module writes it. */
    private Outcome status(CommandCall call) {
        OsdMap map = services.osdmap().map();
        CrushMap crush = CrushEdits.decoded(map);
        String bucket = call.string("bucket", "");
        Integer root = crush.itemId(bucket);
        if (call.has("bucket") && root == null) {
            // A positive number, of which tools make no error's name.
            return new Outcome(2, "", Bytes.of("Bucket '" + bucket + "' not found\n"), false);
        }
        Set<Integer> wanted = root == null ? Set.of() : new HashSet<>(crush.leaves(root));
        TextTable table = new TextTable(
                        "ID", "HOST", "USED", "AVAIL", "WR OPS", "WR DATA", "RD OPS", "RD DATA", "STATE")
                .right(0, 2, 3, 4, 5, 6, 7);
        for (int osd : OsdIds.existing(map, o -> root == null || wanted.contains(o))) {
            var stat = services.pgMap().osds().get(osd);
            StoreStatfs space = stat == null ? StoreStatfs.ZERO : stat.statfs();
            table.row(
                    Integer.toString(osd),
                    services.osdmap().metadata(osd).getOrDefault("hostname", ""),
                    ManagerCommands.human(ClusterUsage.usedRaw(space), 5),
                    ManagerCommands.human(space.available(), 5),
                    // Clients' operations are counted by groups, not by OSDs.
                    "0",
                    "0",
                    "0",
                    "0",
                    String.join(",", new TreeSet<>(OsdState.names(map.osd(osd).state()))));
        }
        return Outcome.output(table.toString().replace("\n", "  \n"));
    }
}
