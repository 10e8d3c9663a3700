package io.spirula.mon.service;

import io.spirula.common.command.CommandCall;
import io.spirula.common.command.CommandTable;
import io.spirula.common.command.Outcome;
import io.spirula.common.command.Refusal;
import io.spirula.common.config.Config;
import io.spirula.common.types.Errno;
import io.spirula.crush.CrushEditor;
import io.spirula.crush.CrushMap;
import java.util.Map;

/** The commands that place OSDs in the CRUSH map and weigh what is there. Source of their answers: mon/OSDMonitor.cc. */
final class CrushDeviceCommands {
    private static final String PLACE =
            " name=id,type=CephOsdName name=weight,type=CephFloat,range=0.0 name=args,type=CephString,goodchars=[A-Za-z0-9-_.=],n=N";

    private final OsdmapService osdmap;
    private final CrushEdits crush;
    private final Config config;

    CrushDeviceCommands(OsdmapService osdmap, CrushEdits crush, Config config) {
        this.osdmap = osdmap;
        this.crush = crush;
        this.config = config;
    }

    void register(CommandTable table) {
        table.add(
                "osd crush set" + PLACE,
                "update crushmap position and weight for <name> to <weight> with location <args>",
                "osd",
                "rw",
                this::set);
        table.add(
                "osd crush add" + PLACE,
                "add or update crushmap position and weight for <name> with <weight> and location <args>",
                "osd",
                "rw",
                this::add);
        table.add(
                "osd crush create-or-move" + PLACE,
                "create entry or move existing entry for <name> <weight> at/to location <args>",
                "osd",
                "rw",
                this::createOrMove);
        table.add(
                "osd crush reweight-all",
                "recalculate the weights for the tree to ensure they sum correctly",
                "osd",
                "rw",
                this::reweightAll);
        table.add(
                "osd crush reweight name=name,type=CephString,goodchars=[A-Za-z0-9-_.]"
                        + " name=weight,type=CephFloat,range=0.0",
                "change <name>'s weight to <weight> in crush map",
                "osd",
                "rw",
                this::reweight);
        table.add(
                "osd crush reweight-subtree name=name,type=CephString,goodchars=[A-Za-z0-9-_.]"
                        + " name=weight,type=CephFloat,range=0.0",
                "change all leaf items beneath <name> to <weight> in crush map",
                "osd",
                "rw",
                this::reweightSubtree);
    }

    private boolean updateWeightSets() {
        return config.bool("osd_crush_update_weight_set", true);
    }

    private int device(CommandCall call, String create) {
        int osd = OsdIds.of(call);
        if (!osdmap.pendingMap().exists(osd)) {
            throw new Refusal(
                    Errno.ENOENT, "osd." + osd + " does not exist. " + create + " it before updating the crush map");
        }
        return osd;
    }

    private Outcome set(CommandCall call) {
        call.require("id");
        int osd = device(call, "Create");
        double weight = call.real("weight", 0);
        Map<String, String> location = CrushEdits.location(call);
        boolean changed = crush.changeIf(e -> e.updateItem(osd, (float) weight, "osd." + osd, location));
        String what = "set" + placed(osd, weight, location);
        return changed ? Outcome.committed(what + " to crush map") : Outcome.text(what + ": no change");
    }

    /** A device that is elsewhere is from then on in both places: whoever wants it moved says {@code set} or {@code create-or-move}. */
    private Outcome add(CommandCall call) {
        call.require("id");
        int osd = device(call, "Create");
        double weight = call.real("weight", 0);
        Map<String, String> location = CrushEdits.location(call);
        if (new CrushEditor(crush.pending()).isAt(osd, location)) {
            return set(call);
        }
        crush.apply(e -> e.insertItem(osd, (float) weight, "osd." + osd, location, updateWeightSets()));
        return Outcome.committed("add" + placed(osd, weight, location) + " to crush map");
    }

    private static String placed(int osd, double weight, Map<String, String> location) {
        return " item id " + osd + " name 'osd." + osd + "' weight " + CrushEdits.number(weight) + " at location "
                + CrushEdits.shown(location);
    }

    private Outcome createOrMove(CommandCall call) {
        int osd = device(call, " create");
        double weight = call.real("weight", 0);
        Map<String, String> location = CrushEdits.location(call);
        boolean changed = crush.changeIf(
                e -> e.createOrMoveItem(osd, (float) weight, "osd." + osd, location, updateWeightSets()));
        String what = " item name 'osd." + osd + "' weight " + CrushEdits.number(weight) + " at location "
                + CrushEdits.shown(location) + " to crush map";
        return changed
                ? Outcome.committed("create-or-move updating" + what)
                : Outcome.text("create-or-move updated" + what);
    }

    private Outcome reweightAll(CommandCall call) {
        crush.apply(CrushEditor::reweight);
        return Outcome.committed("reweighted crush hierarchy");
    }

    private int named(CrushMap map, String name) {
        Integer id = map.itemId(name);
        if (id == null) {
            throw new Refusal(Errno.ENOENT, "device '" + name + "' does not appear in the crush map");
        }
        return id;
    }

    private Outcome reweight(CommandCall call) {
        String name = call.string("name");
        int id = named(crush.pending(), name);
        if (id < 0) {
            return Outcome.refused(Errno.EINVAL, "device '" + name + "' is not a leaf in the crush map");
        }
        double weight = call.real("weight", 0);
        crush.change(e -> e.adjustItemWeight(id, (float) weight, updateWeightSets()));
        return Outcome.committed(
                "reweighted item id " + id + " name '" + name + "' to " + CrushEdits.number(weight) + " in crush map");
    }

    private Outcome reweightSubtree(CommandCall call) {
        String name = call.string("name");
        int id = named(crush.pending(), name);
        if (id >= 0) {
            return Outcome.refused(Errno.EINVAL, "device '" + name + "' is not a subtree in the crush map");
        }
        double weight = call.real("weight", 0);
        crush.change(e -> e.adjustSubtreeWeight(id, (float) weight, updateWeightSets()));
        return Outcome.committed("reweighted subtree id " + id + " name '" + name + "' to " + CrushEdits.number(weight)
                + " in crush map");
    }
}
