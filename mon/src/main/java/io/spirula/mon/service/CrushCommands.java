package io.spirula.mon.service;

import io.spirula.common.command.CommandCall;
import io.spirula.common.command.CommandTable;
import io.spirula.common.command.Json;
import io.spirula.common.command.Outcome;
import io.spirula.common.command.Refusal;
import io.spirula.common.config.Config;
import io.spirula.common.encoding.Bytes;
import io.spirula.common.maps.OsdMap;
import io.spirula.common.types.Errno;
import io.spirula.crush.CrushContent;
import io.spirula.crush.CrushDump;
import io.spirula.crush.CrushEditException;
import io.spirula.crush.CrushEditor;
import io.spirula.crush.CrushMap;
import io.spirula.crush.CrushTree;
import io.spirula.crush.MalformedCrushMap;
import io.spirula.crush.Rule;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/** The commands about the CRUSH map. Source of their answers: mon/OSDMonitor.cc. */
public final class CrushCommands {
    private final OsdmapService osdmap;
    private final Config config;

    public CrushCommands(OsdmapService osdmap, Config config) {
        this.osdmap = osdmap;
        this.config = config;
    }

    public void register(CommandTable table) {
        table.add("osd crush rule list", "list crush rules", "osd", "r", 4, this::listRules);
        table.add("osd crush rule ls", "list crush rules", "osd", "r", this::listRules);
        table.add(
                "osd crush rule dump name=name,type=CephString,goodchars=[A-Za-z0-9-_.],req=false",
                "dump crush rule <name> (default all)",
                "osd",
                "r",
                this::dumpRules);
        table.add(
                "osd crush dump",
                "dump crush map",
                "osd",
                "r",
                c -> Json.answer(c, MapPrinting.dumped(f -> new CrushDump(crush(), new MapPrinting.Sink(f)).all())));
        table.add(
                "osd setcrushmap name=prior_version,type=CephInt,req=false",
                "set crush map from input file",
                "osd",
                "rw",
                this::setMap);
        table.add(
                "osd crush set name=prior_version,type=CephInt,req=false",
                "set crush map from input file",
                "osd",
                "rw",
                this::setMap);
        table.add(
                "osd crush set name=id,type=CephOsdName name=weight,type=CephFloat,range=0.0"
                        + " name=args,type=CephString,goodchars=[A-Za-z0-9-_.=],n=N",
                "update crushmap position and weight for <name> to <weight> with location <args>",
                "osd",
                "rw",
                c -> set(c, "set"));
        table.add(
                "osd crush add name=id,type=CephOsdName name=weight,type=CephFloat,range=0.0"
                        + " name=args,type=CephString,goodchars=[A-Za-z0-9-_.=],n=N",
                "add or update crushmap position and weight for <name> with <weight> and location <args>",
                "osd",
                "rw",
                c -> set(c, "add"));
        table.add(
                "osd crush add-bucket name=name,type=CephString,goodchars=[A-Za-z0-9-_.] name=type,type=CephString"
                        + " name=args,type=CephString,goodchars=[A-Za-z0-9-_.=],n=N,req=false",
                "add no-parent (probably root) crush bucket <name> of type <type> to location <args>",
                "osd",
                "rw",
                this::addBucket);
        table.add(
                "osd crush rename-bucket name=srcname,type=CephString,goodchars=[A-Za-z0-9-_.]"
                        + " name=dstname,type=CephString,goodchars=[A-Za-z0-9-_.]",
                "rename bucket <srcname> to <dstname>",
                "osd",
                "rw",
                this::renameBucket);
        table.add(
                "osd crush set-device-class name=class,type=CephString name=ids,type=CephString,n=N",
                "set the <class> of the osd(s) <id> [<id>...],or use <all|any> to set all.",
                "osd",
                "rw",
                this::setClass);
        table.add(
                "osd crush rm-device-class name=ids,type=CephString,n=N",
                "remove class of the osd(s) <id> [<id>...],or use <all|any> to remove all.",
                "osd",
                "rw",
                this::removeClass);
        table.add(
                "osd crush create-or-move name=id,type=CephOsdName name=weight,type=CephFloat,range=0.0"
                        + " name=args,type=CephString,goodchars=[A-Za-z0-9-_.=],n=N",
                "create entry or move existing entry for <name> <weight> at/to location <args>",
                "osd",
                "rw",
                this::createOrMove);
        table.add(
                "osd crush move name=name,type=CephString,goodchars=[A-Za-z0-9-_.]"
                        + " name=args,type=CephString,goodchars=[A-Za-z0-9-_.=],n=N",
                "move existing entry for <name> to location <args>",
                "osd",
                "rw",
                this::move);
        table.add(
                "osd crush rm name=name,type=CephString,goodchars=[A-Za-z0-9-_.]"
                        + " name=ancestor,type=CephString,goodchars=[A-Za-z0-9-_.],req=false",
                "remove <name> from crush map (everywhere, or just at <ancestor>)",
                "osd",
                "rw",
                this::remove);
        table.add(
                "osd crush remove name=name,type=CephString,goodchars=[A-Za-z0-9-_.]"
                        + " name=ancestor,type=CephString,goodchars=[A-Za-z0-9-_.],req=false",
                "remove <name> from crush map (everywhere, or just at <ancestor>)",
                "osd",
                "rw",
                4,
                this::remove);
        table.add(
                "osd crush reweight name=name,type=CephString,goodchars=[A-Za-z0-9-_.]"
                        + " name=weight,type=CephFloat,range=0.0",
                "change <name>'s weight to <weight> in crush map",
                "osd",
                "rw",
                this::reweight);
        table.add(
                "osd crush show-tunables",
                "show current crush tunables",
                "osd",
                "r",
                c -> Json.answer(
                        c, MapPrinting.dumped(f -> new CrushDump(crush(), new MapPrinting.Sink(f)).tunables())));
        table.add(
                "osd crush rule create-simple name=name,type=CephString,goodchars=[A-Za-z0-9-_.]"
                        + " name=root,type=CephString,goodchars=[A-Za-z0-9-_.]"
                        + " name=type,type=CephString,goodchars=[A-Za-z0-9-_.]"
                        + " name=mode,type=CephChoices,req=false,strings=firstn|indep",
                "create crush rule <name> to start from <root>, replicate across buckets of type <type>, using a"
                        + " choose mode of <firstn|indep> (default firstn; indep best for erasure pools)",
                "osd",
                "rw",
                this::createSimpleRule);
        table.add(
                "osd crush rule create-replicated name=name,type=CephString,goodchars=[A-Za-z0-9-_.]"
                        + " name=root,type=CephString,goodchars=[A-Za-z0-9-_.]"
                        + " name=type,type=CephString,goodchars=[A-Za-z0-9-_.]"
                        + " name=class,type=CephString,goodchars=[A-Za-z0-9-_.],req=false",
                "create crush rule <name> for replicated pool to start from <root>, replicate across buckets of type"
                        + " <type>, use devices of type <class> (ssd or hdd)",
                "osd",
                "rw",
                this::createReplicatedRule);
        table.add(
                "osd crush rule rm name=name,type=CephString,goodchars=[A-Za-z0-9-_.]",
                "remove crush rule <name>",
                "osd",
                "rw",
                this::removeRule);
        table.add(
                "osd crush rule rename name=srcname,type=CephString,goodchars=[A-Za-z0-9-_.]"
                        + " name=dstname,type=CephString,goodchars=[A-Za-z0-9-_.]",
                "rename crush rule <srcname> to <dstname>",
                "osd",
                "rw",
                this::renameRule);
        table.add(
                "osd crush tree name=shadow,type=CephChoices,req=false,strings=--show-shadow",
                "dump crush buckets and items in a tree view",
                "osd",
                "r",
                this::tree);
        table.add("osd crush class ls", "list all crush device classes", "osd", "r", this::listClasses);
        table.add(
                "osd crush class ls-osd name=class,type=CephString,goodchars=[A-Za-z0-9-_]",
                "list all osds belonging to the specific <class>",
                "osd",
                "r",
                this::listDevices);
        table.add(
                "osd crush get-device-class name=ids,type=CephString,n=N",
                "get classes of specified osd(s) <id> [<id>...]",
                "osd",
                "r",
                this::getClass);
    }

    private CrushMap crush() {
        return decoded(osdmap.map());
    }

    private static CrushMap decoded(OsdMap map) {
        return CrushMap.decode(map.crush().toArray());
    }

    /** Changes the map; what the editor refuses is the sender's mistake. */
    private <T> T edit(Function<CrushEditor, T> change) {
        CrushEditor editor = new CrushEditor(decoded(osdmap.pendingMap()));
        T result;
        try {
            result = change.apply(editor);
        } catch (CrushEditException e) {
            throw new Refusal(e.errno().number(), String.valueOf(e.getMessage()));
        }
        Bytes encoded = Bytes.wrap(editor.build().encode());
        osdmap.change(inc -> inc.crush(encoded));
        return result;
    }

    private Outcome listRules(CommandCall call) {
        List<String> names = List.copyOf(crush().ruleNames().values());
        return call.format().equals("plain")
                ? Outcome.output(String.join("\n", names) + "\n")
                : Json.answer(call, names);
    }

    private Outcome dumpRules(CommandCall call) {
        CrushMap map = crush();
        if (!call.has("name")) {
            List<Object> rules = new ArrayList<>();
            for (int number : map.ruleNames().keySet()) {
                rules.add(rule(map, number));
            }
            return Json.answer(call, rules);
        }
        int number = map.ruleId(call.string("name"));
        return number < 0
                ? Outcome.refused(Errno.ENOENT, "unknown crush rule '" + call.string("name") + "'")
                : Json.answer(call, rule(map, number));
    }

    private static Object rule(CrushMap map, int number) {
        return MapPrinting.written(f -> new CrushDump(map, new MapPrinting.Sink(f)).rule(number));
    }

    private Outcome setMap(CommandCall call) {
        CrushMap map;
        try {
            map = CrushMap.decode(call.input().toArray());
        } catch (MalformedCrushMap e) {
            return Outcome.refused(Errno.EINVAL, "Failed to parse crushmap: " + e.getMessage());
        }
        OsdMap pending = osdmap.pendingMap();
        if (call.has("prior_version") && call.integer("prior_version", 0) != pending.crushVersion()) {
            return Outcome.refused(
                    Errno.EPERM,
                    "prior_version " + call.integer("prior_version", 0) + " != crush version "
                            + pending.crushVersion());
        }
        for (var pool : pending.pools().entrySet()) {
            if (map.rule(pool.getValue().crushRule()) == null) {
                return Outcome.refused(
                        Errno.EINVAL,
                        "pool " + pool.getKey() + " uses rule "
                                + pool.getValue().crushRule() + ", which the new map lacks");
            }
        }
        Bytes encoded = Bytes.wrap(map.encode());
        int version = pending.crushVersion() + 1;
        osdmap.change(inc -> inc.crush(encoded));
        return Outcome.committed(Integer.toString(version));
    }

    /** {@code host=a root=default} as a map from type to name. */
    private static Map<String, String> location(CommandCall call) {
        Map<String, String> location = new TreeMap<>();
        for (String word : call.strings("args")) {
            int equals = word.indexOf('=');
            if (equals <= 0 || equals == word.length() - 1) {
                throw new Refusal(Errno.EINVAL, "invalid location '" + word + "': expected TYPE=NAME");
            }
            location.put(word.substring(0, equals), word.substring(equals + 1));
        }
        return location;
    }

    private static String shown(Map<String, String> location) {
        StringBuilder out = new StringBuilder("{");
        location.forEach((type, name) ->
                out.append(out.length() > 1 ? "," : "").append(type).append('=').append(name));
        return out.append('}').toString();
    }

    private int device(CommandCall call) {
        int osd = OsdCommands.id(call.string("id"));
        if (!osdmap.pendingMap().exists(osd)) {
            throw new Refusal(Errno.ENOENT, "osd." + osd + " does not exist.  create it before updating the crush map");
        }
        return osd;
    }

    private static String weight(double w) {
        return Json.number(w, 6);
    }

    private Outcome set(CommandCall call, String action) {
        int osd = device(call);
        double weight = call.real("weight", 0);
        Map<String, String> location = location(call);
        boolean changed = edit(e -> e.updateItem(osd, (float) weight, "osd." + osd, location));
        String what = action + " item id " + osd + " name 'osd." + osd + "' weight " + weight(weight) + " at location "
                + shown(location);
        return Outcome.committed(what + (changed ? " to crush map" : ": no change"));
    }

    private Outcome createOrMove(CommandCall call) {
        int osd = device(call);
        double weight = call.real("weight", 0);
        Map<String, String> location = location(call);
        String what = "create-or-move updating item name 'osd." + osd + "' weight " + weight(weight) + " at location "
                + shown(location) + " to crush map";
        if (decoded(osdmap.pendingMap()).isPlaced(osd)
                && new CrushEditor(decoded(osdmap.pendingMap())).isAt(osd, location)) {
            return Outcome.text(what);
        }
        boolean initWeightSets = config.bool("osd_crush_update_weight_set", true);
        edit(e -> e.createOrMoveItem(osd, (float) weight, "osd." + osd, location, initWeightSets));
        return Outcome.committed(what);
    }

    private Outcome addBucket(CommandCall call) {
        String name = call.string("name");
        CrushMap map = decoded(osdmap.pendingMap());
        if (map.itemId(name) != null) {
            return Outcome.text("bucket '" + name + "' already exists");
        }
        int type = map.typeId(call.string("type"));
        if (type <= 0) {
            return Outcome.refused(
                    Errno.EINVAL,
                    type < 0
                            ? "type '" + call.string("type") + "' does not exist"
                            : "type '" + call.string("type") + "' is for devices, not buckets");
        }
        Map<String, String> location = location(call);
        edit(e -> {
            int id = e.addBucket(0, java.util.Optional.empty(), type, new int[0], new int[0]);
            e.setItemName(id, name);
            if (!location.isEmpty()) {
                e.moveBucket(id, location);
            }
            return id;
        });
        return Outcome.committed("added bucket " + name + " type " + call.string("type")
                + (location.isEmpty() ? " to crush map" : " to location " + shown(location)));
    }

    private Outcome renameBucket(CommandCall call) {
        String from = call.string("srcname");
        String to = call.string("dstname");
        edit(e -> {
            e.renameBucket(from, to);
            return true;
        });
        return Outcome.committed("renamed bucket " + from + " into " + to);
    }

    private static int item(CrushContent map, String name) {
        Integer id = map.itemId(name);
        if (id == null) {
            throw new Refusal(Errno.ENOENT, "item " + name + " does not exist");
        }
        return id;
    }

    private Outcome move(CommandCall call) {
        String name = call.string("name");
        int id = item(decoded(osdmap.pendingMap()), name);
        Map<String, String> location = location(call);
        edit(e -> {
            if (id >= 0) {
                e.createOrMoveItem(id, 0, name, location, true);
            } else {
                e.moveBucket(id, location);
            }
            return true;
        });
        return Outcome.committed(
                "moved item id " + id + " name '" + name + "' to location " + shown(location) + " in crush map");
    }

    private Outcome remove(CommandCall call) {
        String name = call.string("name");
        CrushMap map = decoded(osdmap.pendingMap());
        Integer id = map.itemId(name);
        if (id == null) {
            return Outcome.text("device '" + name + "' does not appear in the crush map");
        }
        edit(e -> {
            if (call.has("ancestor")) {
                e.removeItemUnder(id, item(map, call.string("ancestor")), false);
            } else {
                e.removeItem(id, false);
            }
            return true;
        });
        return Outcome.committed("removed item id " + id + " name '" + name + "' from crush map");
    }

    private Outcome reweight(CommandCall call) {
        String name = call.string("name");
        CrushMap map = decoded(osdmap.pendingMap());
        Integer id = map.itemId(name);
        if (id == null) {
            return Outcome.refused(Errno.ENOENT, "device '" + name + "' does not appear in the crush map");
        }
        if (id < 0) {
            return Outcome.refused(Errno.EINVAL, "device '" + name + "' is not a leaf in the crush map");
        }
        double weight = call.real("weight", 0);
        edit(e -> e.adjustItemWeight(id, (float) weight, config.bool("osd_crush_update_weight_set", true)));
        return Outcome.committed(
                "reweighted item id " + id + " name '" + name + "' to " + weight(weight) + " in crush map");
    }

    private List<Integer> devices(CommandCall call) {
        OsdMap map = osdmap.pendingMap();
        List<Integer> ids = new ArrayList<>();
        for (String text : call.strings("ids")) {
            if (text.equals("all") || text.equals("any") || text.equals("*")) {
                for (int osd = 0; osd < map.maxOsd(); osd++) {
                    if (map.exists(osd)) {
                        ids.add(osd);
                    }
                }
            } else {
                ids.add(OsdCommands.id(text));
            }
        }
        return ids;
    }

    private Outcome setClass(CommandCall call) {
        String name = call.string("class");
        OsdMap map = osdmap.pendingMap();
        StringBuilder text = new StringBuilder();
        List<String> changed = new ArrayList<>();
        for (int osd : devices(call)) {
            CrushMap crush = decoded(osdmap.pendingMap());
            if (!map.exists(osd)) {
                text.append("osd.").append(osd).append(" does not exist. ");
                continue;
            }
            String had = crush.itemClass(osd);
            if (name.equals(had)) {
                text.append("osd.")
                        .append(osd)
                        .append(" already set to class ")
                        .append(name)
                        .append(". set-device-class item id ")
                        .append(osd)
                        .append(" name 'osd.")
                        .append(osd)
                        .append("' device_class '")
                        .append(name)
                        .append("': no change. ");
                continue;
            }
            if (had != null) {
                return Outcome.refused(
                        Errno.EBUSY,
                        "osd." + osd + " has already bound to class '" + had + "', can not reset class to '" + name
                                + "'; use 'ceph osd crush rm-device-class <id>' to remove old class first");
            }
            edit(e -> e.setDeviceClass(osd, name));
            changed.add(Integer.toString(osd));
        }
        text.append("set osd(s) ")
                .append(String.join(",", changed))
                .append(" to class '")
                .append(name)
                .append('\'');
        return changed.isEmpty() ? Outcome.text(text.toString()) : Outcome.committed(text.toString());
    }

    private Outcome removeClass(CommandCall call) {
        List<String> changed = new ArrayList<>();
        StringBuilder text = new StringBuilder();
        for (int osd : devices(call)) {
            if (decoded(osdmap.pendingMap()).itemClass(osd) == null) {
                text.append("osd.").append(osd).append(" belongs to no class, ");
                continue;
            }
            edit(e -> e.removeDeviceClass(osd));
            changed.add(Integer.toString(osd));
        }
        text.append("done removing class of osd(s): ").append(String.join(",", changed));
        return changed.isEmpty() ? Outcome.text(text.toString()) : Outcome.committed(text.toString());
    }

    private Outcome createSimpleRule(CommandCall call) {
        return createRule(call, call.string("mode", "firstn"), "");
    }

    private Outcome createReplicatedRule(CommandCall call) {
        return createRule(call, "firstn", call.string("class", ""));
    }

    private Outcome createRule(CommandCall call, String mode, String deviceClass) {
        String name = call.string("name");
        if (decoded(osdmap.pendingMap()).ruleId(name) >= 0) {
            return Outcome.text("rule " + name + " already exists");
        }
        edit(e -> e.addSimpleRule(name, call.string("root"), call.string("type"), deviceClass, mode, Rule.REPLICATED));
        return Outcome.committed("");
    }

    private Outcome removeRule(CommandCall call) {
        String name = call.string("name");
        OsdMap map = osdmap.pendingMap();
        int number = decoded(map).ruleId(name);
        if (number < 0) {
            return Outcome.text("rule " + name + " does not exist");
        }
        if (map.pools().values().stream().anyMatch(p -> p.crushRule() == number)) {
            return Outcome.refused(Errno.EBUSY, "crush rule " + name + " (" + number + ") is in use");
        }
        edit(e -> {
            e.removeRule(number);
            return true;
        });
        return Outcome.committed("");
    }

    private Outcome renameRule(CommandCall call) {
        edit(e -> {
            e.renameRule(call.string("srcname"), call.string("dstname"));
            return true;
        });
        return Outcome.committed("");
    }

    private Outcome tree(CommandCall call) {
        CrushMap map = crush();
        boolean shadow = call.flag("shadow");
        if (!call.format().equals("plain")) {
            return Json.answer(call, MapPrinting.dumped(f -> CrushTree.dump(map, shadow, new MapPrinting.Sink(f))));
        }
        TextTable table = new TextTable("ID", "CLASS", "WEIGHT", "TYPE NAME").rightUnderLeft(0, 1, 2);
        for (CrushTree.Node node : CrushTree.of(map, shadow)) {
            var bucket = map.bucket(node.id());
            String type = bucket == null ? "" : map.typeName(bucket.type()) + " ";
            String name = node.isBucket() ? String.valueOf(map.itemName(node.id())) : "osd." + node.id();
            String deviceClass = map.itemClass(node.id());
            if (node.isBucket() && name.indexOf('~') >= 0) {
                deviceClass = name.substring(name.indexOf('~') + 1);
            }
            table.row(
                    Integer.toString(node.id()),
                    deviceClass == null ? "" : deviceClass,
                    OsdTree.fixed(node.weight()),
                    "    ".repeat(node.depth()) + type + name);
        }
        return Outcome.output(table.toString());
    }

    private Outcome listClasses(CommandCall call) {
        return Json.answer(call, List.copyOf(crush().classNames().values()));
    }

    private Outcome listDevices(CommandCall call) {
        String name = call.string("class");
        CrushMap map = crush();
        List<Integer> osds = map.classId(name) < 0 ? List.of() : List.copyOf(map.devicesOfClass(name));
        if (!call.format().equals("plain")) {
            return Json.answer(call, osds);
        }
        StringBuilder out = new StringBuilder();
        osds.forEach(o -> out.append(o).append('\n'));
        return Outcome.output(out.toString());
    }

    private Outcome getClass(CommandCall call) {
        CrushMap map = crush();
        StringBuilder out = new StringBuilder();
        List<Object> list = new ArrayList<>();
        for (int osd : devices(call)) {
            String name = map.itemClass(osd);
            out.append(name == null ? "" : name).append('\n');
            list.add(Json.object().put("osd", osd).put("device_class", name == null ? "" : name));
        }
        return call.format().equals("plain") ? Outcome.output(out.toString()) : Json.answer(call, list);
    }
}
