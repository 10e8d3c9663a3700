package io.spirula.mon.service;

import io.spirula.common.command.CommandCall;
import io.spirula.common.command.CommandSpec;
import io.spirula.common.command.CommandTable;
import io.spirula.common.command.Json;
import io.spirula.common.command.Outcome;
import io.spirula.common.maps.OsdMap;
import io.spirula.common.types.Errno;
import io.spirula.crush.CrushDump;
import io.spirula.crush.CrushEditException;
import io.spirula.crush.CrushEditor;
import io.spirula.crush.CrushMap;
import io.spirula.crush.Rule;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.NavigableMap;

/** The commands about CRUSH rules. Source of their answers: mon/OSDMonitor.cc. */
final class CrushRuleCommands {
    private static final String WORD = "type=CephString,goodchars=[A-Za-z0-9-_.]";

    private final OsdmapService osdmap;
    private final CrushEdits crush;

    CrushRuleCommands(OsdmapService osdmap, CrushEdits crush) {
        this.osdmap = osdmap;
        this.crush = crush;
    }

    void register(CommandTable table) {
        table.add("osd crush rule list", "list crush rules", "osd", "r", CommandSpec.DEPRECATED, this::list);
        table.add("osd crush rule ls", "list crush rules", "osd", "r", this::list);
        table.add(
                "osd crush rule ls-by-class name=class," + WORD,
                "list all crush rules that reference the same <class>",
                "osd",
                "r",
                this::listByClass);
        table.add(
                "osd crush rule dump name=name," + WORD + ",req=false",
                "dump crush rule <name> (default all)",
                "osd",
                "r",
                this::dump);
        table.add(
                "osd crush rule create-simple name=name," + WORD + " name=root," + WORD + " name=type," + WORD
                        + " name=mode,type=CephChoices,req=false,strings=firstn|indep",
                "create crush rule <name> to start from <root>, replicate across buckets of type <type>, using a"
                        + " choose mode of <firstn|indep> (default firstn; indep best for erasure pools)",
                "osd",
                "rw",
                c -> create(c, c.string("mode", "firstn"), ""));
        table.add(
                "osd crush rule create-replicated name=name," + WORD + " name=root," + WORD + " name=type," + WORD
                        + " name=class," + WORD + ",req=false",
                "create crush rule <name> for replicated pool to start from <root>, replicate across buckets of type"
                        + " <type>, use devices of type <class> (ssd or hdd)",
                "osd",
                "rw",
                c -> create(c, "firstn", c.string("class", "")));
        table.add(
                "osd crush rule create-erasure name=name," + WORD
                        + " name=profile,type=CephString,goodchars=[A-Za-z0-9-_.=],req=false",
                "create crush rule <name> for erasure coded pool created with <profile> (default default)",
                "osd",
                "rw",
                this::createErasure);
        table.add("osd crush rule rm name=name," + WORD, "remove crush rule <name>", "osd", "rw", this::remove);
        table.add(
                "osd crush rule rename name=srcname," + WORD + " name=dstname," + WORD,
                "rename crush rule <srcname> to <dstname>",
                "osd",
                "rw",
                this::rename);
    }

    private Outcome list(CommandCall call) {
        return CrushEdits.names(call, List.copyOf(crush.committed().ruleNames().values()));
    }

    private Outcome listByClass(CommandCall call) {
        String name = call.string("class");
        if (name.isEmpty()) {
            return Outcome.refused(Errno.EINVAL, "no class specified");
        }
        CrushMap map = crush.committed();
        int id = map.classId(name);
        if (id < 0) {
            return Outcome.refused(Errno.ENOENT, "failed to get rules by class '" + name + "'");
        }
        return CrushEdits.names(call, new CrushEditor(map).rulesUsingClass(id));
    }

    private Outcome dump(CommandCall call) {
        CrushMap map = crush.committed();
        if (!call.has("name")) {
            List<Object> rules = new ArrayList<>();
            map.ruleNames().keySet().forEach(number -> rules.add(rule(map, number)));
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

    private Outcome create(CommandCall call, String mode, String deviceClass) {
        String name = call.string("name");
        if (crush.pending().ruleId(name) >= 0) {
            return Outcome.text("rule " + name + " already exists");
        }
        try {
            crush.tryChange(e -> e.addSimpleRule(
                    name, call.string("root"), call.string("type"), deviceClass, mode, Rule.REPLICATED));
        } catch (CrushEditException e) {
            return Outcome.refused(e.errno().number(), String.valueOf(e.getMessage()));
        }
        return Outcome.committed("");
    }

    private Outcome createErasure(CommandCall call) {
        String name = call.string("name");
        String profileName = call.string("profile", "default");
        OsdMap map = osdmap.pendingMap();
        NavigableMap<String, String> profile =
                map.erasureCodeProfiles().getOrDefault(profileName, Collections.emptyNavigableMap());
        if (crush.pending().ruleId(name) >= 0) {
            return Outcome.text("rule " + name + " already exists");
        }
        try {
            int number = crush.tryChange(e -> ErasureCodeProfile.of(profile).addRule(e, name));
            return Outcome.committed("created rule " + name + " at " + number);
        } catch (CrushEditException e) {
            return Outcome.refused(e.errno().number(), String.valueOf(e.getMessage()));
        }
    }

    private Outcome remove(CommandCall call) {
        String name = call.string("name");
        int number = crush.pending().ruleId(name);
        if (number < 0) {
            return Outcome.text("rule " + name + " does not exist");
        }
        if (osdmap.pendingMap().pools().values().stream().anyMatch(p -> p.crushRule() == number)) {
            return Outcome.refused(Errno.EBUSY, "crush ruleset " + name + " " + number + " is in use");
        }
        crush.apply(e -> e.removeRule(number));
        return Outcome.committed("");
    }

    private Outcome rename(CommandCall call) {
        String from = call.string("srcname");
        String to = call.string("dstname");
        if (from.isEmpty() || to.isEmpty()) {
            return Outcome.refused(Errno.EINVAL, "must specify both source rule name and destination rule name");
        }
        CrushMap map = crush.pending();
        if (map.ruleId(from) < 0 && map.ruleId(to) >= 0) {
            return Outcome.text("already renamed to '" + to + "'");
        }
        try {
            crush.tryChange(e -> {
                e.renameRule(from, to);
                return true;
            });
        } catch (CrushEditException e) {
            return Outcome.refused(e.errno().number(), String.valueOf(e.getMessage()));
        }
        return Outcome.committed("");
    }
}
