package io.spirula.mon.service;

import io.spirula.common.command.CommandCall;
import io.spirula.common.command.CommandTable;
import io.spirula.common.command.Json;
import io.spirula.common.command.Outcome;
import io.spirula.common.format.TextTable;
import io.spirula.common.types.Errno;
import io.spirula.crush.Bucket;
import io.spirula.crush.ChooseArgs;
import io.spirula.crush.CrushDump;
import io.spirula.crush.CrushMap;
import io.spirula.crush.CrushTree;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** The commands that show the CRUSH map. Source of their answers: mon/OSDMonitor.cc, crush/CrushTreeDumper.h. */
final class CrushQueries {
    private final CrushEdits crush;

    CrushQueries(CrushEdits crush) {
        this.crush = crush;
    }

    void register(CommandTable table) {
        table.add(
                "osd crush dump",
                "dump crush map",
                "osd",
                "r",
                c -> Json.answer(
                        c, MapPrinting.dumped(f -> new CrushDump(crush.committed(), new MapPrinting.Sink(f)).all())));
        table.add(
                "osd crush tree name=shadow,type=CephChoices,req=false,strings=--show-shadow",
                "dump crush buckets and items in a tree view",
                "osd",
                "r",
                this::tree);
        table.add(
                "osd crush ls name=node,type=CephString,goodchars=[A-Za-z0-9-_.]",
                "list items beneath a node in the CRUSH tree",
                "osd",
                "r",
                this::list);
        table.add("osd crush weight-set ls", "list crush weight sets", "osd", "r", this::weightSets);
        table.add(
                "osd crush weight-set dump",
                "dump crush weight sets",
                "osd",
                "r",
                c -> Json.answer(
                        c,
                        MapPrinting.written(
                                f -> new CrushDump(crush.committed(), new MapPrinting.Sink(f)).chooseArgs())));
    }

    private Outcome tree(CommandCall call) {
        CrushMap map = crush.committed();
        boolean shadow = call.string("shadow").equals("--show-shadow");
        return call.format().equals("plain")
                ? Outcome.output(treeText(map, shadow))
                : Json.answer(
                        call,
                        MapPrinting.dumped(
                                f -> CrushTree.dump(map, shadow, crush::weightSetName, new MapPrinting.Sink(f))));
    }

    /** Beside each item its weight in the weight sets, for those that have a weight there. */
    private String treeText(CrushMap map, boolean shadow) {
        List<String> heads = new ArrayList<>(List.of("ID", "CLASS", "WEIGHT"));
        map.chooseArgs().keySet().forEach(pool -> heads.add(crush.weightSetName(pool)));
        heads.add("TYPE NAME");
        TextTable table = new TextTable(heads.toArray(String[]::new));
        for (int column = 0; column < heads.size() - 1; column++) {
            table.rightUnderLeft(column);
        }
        for (CrushTree.Node node : CrushTree.of(map, shadow)) {
            List<String> cells = new ArrayList<>();
            cells.add(Integer.toString(node.id()));
            cells.add(Objects.requireNonNullElse(map.itemClass(node.id()), ""));
            cells.add(OsdTree.fixed(node.weight()));
            map.chooseArgs().values().forEach(args -> cells.add(weight(map, args, node)));
            Bucket bucket = map.bucket(node.id());
            String name =
                    bucket == null ? "osd." + node.id() : map.typeName(bucket.type()) + " " + map.itemName(node.id());
            cells.add("    ".repeat(node.depth()) + name);
            table.row(cells);
        }
        return table.toString();
    }

    /** The first position's, where there are several. */
    private static String weight(CrushMap map, ChooseArgs args, CrushTree.Node node) {
        Bucket parent = map.bucket(node.parent());
        int[][] sets = parent == null ? new int[0][] : args.of(parent.id()).weightSets();
        return parent == null || sets.length == 0
                ? ""
                : OsdTree.fixed(Integer.toUnsignedLong(sets[0][parent.positionOf(node.id())]) / 65536f);
    }

    private Outcome list(CommandCall call) {
        CrushMap map = crush.committed();
        call.require("node");
        String name = call.string("node");
        Integer id = map.itemId(name);
        if (id == null) {
            return Outcome.refused(Errno.ENOENT, "node '" + name + "' does not exist");
        }
        List<String> names = new ArrayList<>();
        Bucket bucket = map.bucket(id);
        if (bucket == null) {
            names.add(name);
        } else {
            for (int item : bucket.items()) {
                names.add(String.valueOf(map.itemName(item)));
            }
        }
        return CrushEdits.names(call, names);
    }

    private Outcome weightSets(CommandCall call) {
        List<String> names = new ArrayList<>();
        crush.committed().chooseArgs().keySet().forEach(pool -> names.add(crush.weightSetName(pool)));
        return CrushEdits.names(call, names);
    }
}
