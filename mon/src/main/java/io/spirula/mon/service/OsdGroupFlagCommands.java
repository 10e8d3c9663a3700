package io.spirula.mon.service;

import io.spirula.common.command.CommandSpec;
import io.spirula.common.command.CommandTable;
import io.spirula.common.command.Outcome;
import io.spirula.common.command.Refusal;
import io.spirula.common.maps.OsdMap;
import io.spirula.common.maps.OsdState;
import io.spirula.common.types.Errno;
import io.spirula.crush.CrushMap;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** The commands that set noup, nodown, noin and noout for some OSDs, for what is below a node of the CRUSH map, or for a device class. Source of their answers: mon/OSDMonitor.cc. */
final class OsdGroupFlagCommands {
    private static final Map<String, Integer> FLAGS = new LinkedHashMap<>();

    static {
        FLAGS.put("noup", OsdState.NOUP);
        FLAGS.put("nodown", OsdState.NODOWN);
        FLAGS.put("noin", OsdState.NOIN);
        FLAGS.put("noout", OsdState.NOOUT);
    }

    private final OsdmapService osdmap;

    OsdGroupFlagCommands(OsdmapService osdmap) {
        this.osdmap = osdmap;
    }

    void register(CommandTable table) {
        String group = " name=flags,type=CephString name=who,type=CephString,n=N";
        String what = " <flags> for batch osds or crush nodes, <flags> must be a comma-separated subset of"
                + " {noup,nodown,noin,noout}";
        table.add(
                "osd set-group" + group,
                "set" + what,
                "osd",
                "rw",
                c -> group(bits(c.string("flags")), c.strings("who"), true));
        table.add(
                "osd unset-group" + group,
                "unset" + what,
                "osd",
                "rw",
                c -> group(bits(c.string("flags")), c.strings("who"), false));
        FLAGS.forEach((name, bit) -> {
            table.add(
                    "osd add-" + name + " name=ids,type=CephString,n=N",
                    "mark osd(s) <id> [<id>...] as " + name + ", or use <all|any> to mark all osds as " + name,
                    "osd",
                    "rw",
                    CommandSpec.DEPRECATED,
                    c -> group(bit, c.strings("ids"), true));
            String marked = name.substring(2);
            table.add(
                    "osd rm-" + name + " name=ids,type=CephString,n=N",
                    "allow osd(s) <id> [<id>...] to be marked " + marked + " (if they are currently marked as " + name
                            + "), can use <all|any> to automatically filter out all " + name + " osds",
                    "osd",
                    "rw",
                    CommandSpec.DEPRECATED,
                    c -> group(bit, c.strings("ids"), false));
        });
    }

    private Outcome changeStates(List<Integer> osds, int bits, boolean set, StringBuilder text) {
        OsdMap map = osdmap.pendingMap();
        for (int osd : osds) {
            int had = map.osd(osd).state() & bits;
            int flipped = set ? bits & ~had : had;
            if (flipped != 0) {
                osdmap.change(inc -> inc.xorState(osd, flipped));
            }
        }
        return osds.isEmpty() ? Outcome.text(text.toString()) : Outcome.committed(text.toString());
    }

    private static int bits(String names) {
        int bits = 0;
        for (String name : names.split(",")) {
            Integer bit = FLAGS.get(name);
            if (bit == null) {
                throw new Refusal(
                        Errno.EINVAL, "unrecognized flag '" + name + "', must be one of {noup,nodown,noin,noout}");
            }
            bits |= bit;
        }
        return bits;
    }

    /** What a command names. */
    private record Targets(TreeSet<Integer> osds, TreeSet<Integer> nodes, TreeSet<Integer> classes) {
        boolean isEmpty() {
            return osds.isEmpty() && nodes.isEmpty() && classes.isEmpty();
        }
    }

    private Targets targets(List<String> words, StringBuilder text) {
        OsdMap map = osdmap.pendingMap();
        CrushMap crush = CrushEdits.decoded(map);
        Targets targets = new Targets(new TreeSet<>(), new TreeSet<>(), new TreeSet<>());
        for (String word : words) {
            Integer node = crush.itemId(word);
            String number = word.startsWith("osd.") ? word.substring(4) : word;
            if (OsdIds.isAll(word)) {
                targets.osds.addAll(OsdIds.existing(map, o -> true));
                break;
            } else if (number.matches("\\d{1,9}")) {
                targets.osds.add(Integer.parseInt(number));
            } else if (node != null) {
                targets.nodes.add(node);
            } else if (crush.classId(word) >= 0) {
                targets.classes.add(crush.classId(word));
            } else {
                text.append("unable to parse osd id or crush node or device class: \"")
                        .append(word)
                        .append("\". ");
            }
        }
        return targets;
    }

    private Outcome group(int bits, List<String> who, boolean set) {
        StringBuilder text = new StringBuilder();
        if (who.isEmpty()) {
            return Outcome.refused(Errno.EINVAL, "must specify at least one or more targets to set/unset");
        }
        Targets targets = targets(who, text);
        if (targets.isEmpty()) {
            return Outcome.refused(Errno.EINVAL, text.toString());
        }
        OsdMap map = osdmap.pendingMap();
        List<Integer> osds = new ArrayList<>();
        for (int osd : targets.osds) {
            if (map.exists(osd)) {
                osds.add(osd);
            } else {
                text.append("osd.").append(osd).append(" does not exist. ");
            }
        }
        Outcome outcome = changeStates(osds, bits, set, text);
        osdmap.change(inc -> {
            targets.nodes.forEach(node ->
                    inc.putCrushNodeFlags(node, changed(map.crushNodeFlags().getOrDefault(node, 0), bits, set)));
            targets.classes.forEach(id ->
                    inc.putDeviceClassFlags(id, changed(map.deviceClassFlags().getOrDefault(id, 0), bits, set)));
        });
        return targets.nodes.isEmpty() && targets.classes.isEmpty() ? outcome : Outcome.committed(text.toString());
    }

    private static int changed(int flags, int bits, boolean set) {
        return set ? flags | bits : flags & ~bits;
    }
}
