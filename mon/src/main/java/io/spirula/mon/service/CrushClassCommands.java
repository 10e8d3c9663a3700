package io.spirula.mon.service;

import io.spirula.common.command.CommandCall;
import io.spirula.common.command.CommandTable;
import io.spirula.common.command.Json;
import io.spirula.common.command.Outcome;
import io.spirula.common.command.Refusal;
import io.spirula.common.maps.OsdMap;
import io.spirula.common.types.Errno;
import io.spirula.crush.CrushEditException;
import io.spirula.crush.CrushMap;
import java.util.ArrayList;
import java.util.List;

/** The commands about device classes. Source of their answers: mon/OSDMonitor.cc. */
final class CrushClassCommands {
    private static final String CLASS = "type=CephString,goodchars=[A-Za-z0-9-_]";

    private final OsdmapService osdmap;
    private final CrushEdits crush;

    CrushClassCommands(OsdmapService osdmap, CrushEdits crush) {
        this.osdmap = osdmap;
        this.crush = crush;
    }

    void register(CommandTable table) {
        table.add(
                "osd crush class create name=class," + CLASS,
                "create crush device class <class>",
                "osd",
                "rw",
                this::create);
        table.add(
                "osd crush class rm name=class," + CLASS,
                "remove crush device class <class>",
                "osd",
                "rw",
                this::remove);
        table.add(
                "osd crush class rename name=srcname," + CLASS + " name=dstname," + CLASS,
                "rename crush device class <srcname> to <dstname>",
                "osd",
                "rw",
                this::rename);
        table.add("osd crush class ls", "list all crush device classes", "osd", "r", this::list);
        table.add(
                "osd crush class ls-osd name=class," + CLASS,
                "list all osds belonging to the specific <class>",
                "osd",
                "r",
                this::listDevices);
        table.add(
                "osd crush get-device-class name=ids,type=CephString,n=N",
                "get classes of specified osd(s) <id> [<id>...]",
                "osd",
                "r",
                this::get);
        table.add(
                "osd crush set-device-class name=class,type=CephString name=ids,type=CephString,n=N",
                "set the <class> of the osd(s) <id> [<id>...],or use <all|any> to set all.",
                "osd",
                "rw",
                this::set);
        table.add(
                "osd crush rm-device-class name=ids,type=CephString,n=N",
                "remove class of the osd(s) <id> [<id>...],or use <all|any> to remove all.",
                "osd",
                "rw",
                this::unset);
    }

    private Outcome create(CommandCall call) {
        String name = call.string("class");
        int known = crush.pending().classId(name);
        if (known >= 0) {
            return Outcome.text("class '" + name + "' already exists");
        }
        int id = crush.change(e -> e.createClass(name));
        return Outcome.committed("created class " + name + " with id " + id + " to crush map");
    }

    private Outcome remove(CommandCall call) {
        call.require("class");
        String name = call.string("class");
        CrushMap map = crush.pending();
        int id = map.classId(name);
        if (id < 0) {
            return Outcome.text("");
        }
        List<String> rules = new io.spirula.crush.CrushEditor(map).rulesUsingClass(id);
        if (!rules.isEmpty()) {
            return Outcome.refused(
                    Errno.EBUSY,
                    "class '" + name + "' still referenced by crush_rule(s): '" + String.join("','", rules) + "'");
        }
        crush.apply(e -> e.removeClass(name));
        return Outcome.committed("removed class " + name + " with id " + id + " from crush map");
    }

    private Outcome rename(CommandCall call) {
        call.require("srcname", "dstname");
        String from = call.string("srcname");
        String to = call.string("dstname");
        CrushMap map = crush.pending();
        if (map.classId(from) < 0 && map.classId(to) >= 0) {
            return Outcome.text("already renamed to '" + to + "'");
        }
        try {
            crush.tryChange(e -> {
                e.renameClass(from, to);
                return true;
            });
        } catch (CrushEditException e) {
            return Outcome.refused(
                    e.errno().number(),
                    "fail to rename '" + from + "' to '" + to + "' : "
                            + e.errno().text());
        }
        return Outcome.committed("rename class '" + from + "' to '" + to + "'");
    }

    private Outcome list(CommandCall call) {
        return Json.answer(call, List.copyOf(crush.committed().classNames().values()));
    }

    private Outcome listDevices(CommandCall call) {
        String name = call.string("class");
        CrushMap map = crush.committed();
        List<Integer> osds = map.classId(name) < 0 ? List.of() : List.copyOf(map.devicesOfClass(name));
        return OsdIds.listed(call, osds);
    }

    private Outcome get(CommandCall call) {
        OsdMap osds = osdmap.map();
        CrushMap map = crush.committed();
        List<String> ids = call.strings("ids");
        StringBuilder out = new StringBuilder();
        List<Object> list = new ArrayList<>();
        for (String id : ids) {
            if (!OsdIds.isOne(id)) {
                return Outcome.refused(Errno.EINVAL, "unable to parse osd id:'" + id + "'");
            }
        }
        for (int osd : OsdIds.all(ids, osds)) {
            String name = map.itemClass(osd);
            if (osds.exists(osd)) {
                out.append(ids.size() > 1 ? "osd." + osd + " " : "").append(name == null ? "" : name);
                out.append(name == null && ids.size() == 1 ? "" : "\n");
            }
            list.add(Json.object().put("osd", osd).put("device_class", name == null ? "" : name));
        }
        return call.format().equals("plain") ? Outcome.output(out.toString()) : Json.answer(call, list);
    }

    /** The OSDs that a command names and that exist; what is said of the others goes into the text. */
    private List<Integer> existing(CommandCall call, StringBuilder text) {
        OsdMap map = osdmap.pendingMap();
        List<String> readable = new ArrayList<>();
        for (String id : call.strings("ids")) {
            if (OsdIds.isAll(id) || OsdIds.isOne(id)) {
                readable.add(id);
            } else {
                text.append("Expected option value to be integer, got '").append(id);
                text.append("', unable to parse osd id:\"").append(id).append("\". ");
            }
        }
        List<Integer> found = new ArrayList<>();
        for (int osd : OsdIds.all(readable, map)) {
            if (map.exists(osd)) {
                found.add(osd);
            } else {
                text.append("osd.").append(osd).append(" does not exist. ");
            }
        }
        return found;
    }

    private Outcome set(CommandCall call) {
        call.require("class");
        String name = call.string("class");
        StringBuilder text = new StringBuilder();
        List<Integer> wanted = existing(call, text);
        List<String> changed = crush.change(editor -> {
            List<String> done = new ArrayList<>();
            for (int osd : wanted) {
                String had = editor.itemClass(osd);
                if (had != null && !had.equals(name)) {
                    throw new Refusal(
                            Errno.EBUSY,
                            text + "osd." + osd + " has already bound to class '" + had
                                    + "', can not reset class to '" + name
                                    + "'; use 'ceph osd crush rm-device-class <id>' to remove old class first");
                }
                if (editor.setDeviceClass(osd, name)) {
                    done.add(Integer.toString(osd));
                } else {
                    text.append("osd.")
                            .append(osd)
                            .append(" already set to class ")
                            .append(name)
                            .append(". ");
                    text.append("set-device-class item id ")
                            .append(osd)
                            .append(" name 'osd.")
                            .append(osd);
                    text.append("' device_class '").append(name).append("': no change. ");
                }
            }
            return done;
        });
        text.append("set osd(s) ")
                .append(String.join(",", changed))
                .append(" to class '")
                .append(name)
                .append('\'');
        return Outcome.committed(text.toString());
    }

    private Outcome unset(CommandCall call) {
        if (call.strings("ids").isEmpty()) {
            return Outcome.refused(Errno.EINVAL, "must specify at least one osd");
        }
        StringBuilder text = new StringBuilder();
        List<Integer> wanted = existing(call, text);
        if (call.strings("ids").stream().noneMatch(id -> OsdIds.isAll(id) || OsdIds.isOne(id))) {
            return Outcome.refused(Errno.EINVAL, text.toString());
        }
        List<String> changed = crush.change(editor -> {
            List<String> done = new ArrayList<>();
            for (int osd : wanted) {
                if (editor.removeDeviceClass(osd)) {
                    done.add(Integer.toString(osd));
                } else {
                    text.append("osd.").append(osd).append(" belongs to no class, ");
                }
            }
            return done;
        });
        text.append("done removing class of osd(s): ").append(String.join(",", changed));
        return Outcome.committed(text.toString());
    }
}
