package io.spirula.mon.service;

import io.spirula.common.command.CommandCall;
import io.spirula.common.command.CommandTable;
import io.spirula.common.command.Json;
import io.spirula.common.command.Outcome;
import io.spirula.common.command.Refusal;
import io.spirula.common.maps.Osd;
import io.spirula.common.maps.OsdMap;
import io.spirula.common.maps.OsdMapIncremental;
import io.spirula.common.maps.OsdState;
import io.spirula.common.monclient.ClusterLog;
import io.spirula.common.types.Errno;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The commands that mark OSDs down, out, in and lost, and weigh them. Source of their answers: mon/OSDMonitor.cc. */
final class OsdStateCommands {
    private static final Pattern WEIGHT = Pattern.compile("\\s*\"(-?\\d+)\"\\s*:\\s*\"(-?\\d+)\"\\s*");

    private final OsdmapService osdmap;
    private final ClusterLog log;

    OsdStateCommands(OsdmapService osdmap, ClusterLog log) {
        this.osdmap = osdmap;
        this.log = log;
    }

    void register(CommandTable table) {
        table.add(
                "osd down name=ids,type=CephString,n=N name=definitely_dead,type=CephBool,req=false",
                "set osd(s) <id> [<id>...] down, or use <any|all> to set all osds down",
                "osd",
                "rw",
                c -> down(c, false));
        table.add(
                "osd stop name=ids,type=CephString,n=N",
                "stop the corresponding osd daemons and mark them as down",
                "osd",
                "rw",
                c -> down(c, true));
        table.add(
                "osd out name=ids,type=CephString,n=N",
                "set osd(s) <id> [<id>...] out, or use <any|all> to set all osds out",
                "osd",
                "rw",
                this::out);
        table.add(
                "osd in name=ids,type=CephString,n=N",
                "set osd(s) <id> [<id>...] in, can use <any|all> to automatically set all previously out osds in",
                "osd",
                "rw",
                this::in);
        table.add(
                "osd reweight name=id,type=CephOsdName name=weight,type=CephFloat,range=0.0|1.0",
                "reweight osd to 0.0 < <weight> < 1.0",
                "osd",
                "rw",
                this::reweight);
        table.add(
                "osd reweightn name=weights,type=CephString",
                "reweight osds with {<id>: <weight>,...}",
                "osd",
                "rw",
                this::reweightSeveral);
        table.add(
                "osd primary-affinity name=id,type=CephOsdName name=weight,type=CephFloat,range=0.0|1.0",
                "adjust osd primary-affinity from 0.0 <= <weight> <= 1.0",
                "osd",
                "rw",
                this::primaryAffinity);
        table.add(
                "osd lost name=id,type=CephOsdName name=yes_i_really_mean_it,type=CephBool,req=false",
                "mark osd as permanently lost. THIS DESTROYS DATA IF NO MORE REPLICAS EXIST, BE CAREFUL",
                "osd",
                "rw",
                this::lost);
    }

    /** @param stop whether the daemons are to end: the map tells them */
    private Outcome down(CommandCall call, boolean stop) {
        OsdMap map = osdmap.pendingMap();
        StringBuilder text = new StringBuilder();
        boolean changed = false;
        for (int osd : OsdIds.all(call.strings("ids"), map, map::isUp)) {
            if (!map.exists(osd)) {
                text.append("osd.").append(osd).append(" does not exist. ");
            } else if (map.isDown(osd)) {
                text.append("osd.").append(osd).append(" is already down. ");
            } else {
                osdmap.change(inc -> inc.xorState(osd, OsdState.UP | (stop ? OsdState.STOP : 0)));
                text.append(stop ? "stop down osd." : "marked down osd.")
                        .append(osd)
                        .append(". ");
                changed = true;
            }
        }
        return done(changed, text);
    }

    private static Outcome done(boolean changed, StringBuilder text) {
        return changed ? Outcome.committed(text.toString()) : Outcome.text(text.toString());
    }

    private Outcome out(CommandCall call) {
        OsdMap map = osdmap.pendingMap();
        StringBuilder text = new StringBuilder();
        boolean changed = false;
        for (int osd : OsdIds.all(call.strings("ids"), map, map::isIn)) {
            if (!map.exists(osd)) {
                text.append("osd.").append(osd).append(" does not exist. ");
            } else if (!map.isIn(osd)) {
                text.append("osd.").append(osd).append(" is already out. ");
            } else {
                Osd before = map.osd(osd);
                osdmap.change(inc -> {
                    inc.putWeight(osd, Osd.OUT);
                    inc.putXinfo(osd, before.xinfo().withOldWeight(before.weight()));
                });
                if (map.isUp(osd)) {
                    log.info("Client " + call.sender().entity() + " marked osd." + osd
                            + " out, while it was still marked up");
                }
                text.append("marked out osd.").append(osd).append(". ");
                changed = true;
            }
        }
        return done(changed, text);
    }

    private Outcome in(CommandCall call) {
        OsdMap map = osdmap.pendingMap();
        StringBuilder text = new StringBuilder();
        boolean changed = false;
        for (int osd : OsdIds.all(call.strings("ids"), map, o -> !map.isIn(o))) {
            if (!map.exists(osd)) {
                text.append("osd.").append(osd).append(" does not exist. ");
            } else if (map.isIn(osd)) {
                text.append("osd.").append(osd).append(" is already in. ");
            } else {
                osdmap.change(inc -> markIn(inc, osd, map.osd(osd)));
                text.append("marked in osd.").append(osd).append(". ");
                changed = true;
            }
        }
        return done(changed, text);
    }

    /** Back in, with the weight that it had. A weight clears the bits NEW and AUTOOUT by itself. */
    static void markIn(OsdMapIncremental.Builder inc, int osd, Osd row) {
        int old = row.xinfo().oldWeight();
        inc.putWeight(osd, old > 0 ? old : Osd.IN);
        if (old > 0) {
            inc.putXinfo(osd, row.xinfo().withOldWeight(0));
        }
    }

    private int existing(CommandCall call) {
        call.require("id");
        int osd = OsdIds.of(call);
        if (!osdmap.pendingMap().exists(osd)) {
            throw new Refusal(Errno.ENOENT, "osd." + osd + " does not exist");
        }
        return osd;
    }

    private static double weight(CommandCall call) {
        double weight = call.real("weight", 1);
        if (weight < 0) {
            throw new Refusal(Errno.EINVAL, "weight must be >= 0");
        }
        return weight;
    }

    private Outcome reweight(CommandCall call) {
        double weight = weight(call);
        int osd = existing(call);
        int fixed = (int) (Osd.IN * weight);
        osdmap.change(inc -> inc.putWeight(osd, fixed));
        return Outcome.committed(
                "reweighted osd." + osd + " to " + Json.number(weight, 6) + " (" + Integer.toHexString(fixed) + ")");
    }

    /** Weights by OSD, 16.16 fixed-point. */
    private Outcome reweightSeveral(CommandCall call) {
        String text = call.string("weights").strip();
        Map<Integer, Integer> weights = new TreeMap<>();
        boolean valid = text.startsWith("{") && text.endsWith("}");
        for (String pair : valid ? List.of(text.substring(1, text.length() - 1).split(",")) : List.<String>of()) {
            Matcher m = WEIGHT.matcher(pair);
            valid &= m.matches() && m.group(1).length() < 10 && m.group(2).length() < 10;
            if (valid) {
                weights.put(Integer.parseInt(m.group(1)), Integer.parseInt(m.group(2)));
            }
        }
        if (!valid) {
            return Outcome.refused(Errno.EINVAL, "unable to parse 'weights' value '" + text + "'");
        }
        for (int osd : weights.keySet()) {
            if (!osdmap.pendingMap().exists(osd)) {
                // What is wrong with it pacific tells by the errno alone.
                return Outcome.refused(Errno.ENOENT, "unable to parse 'weights' value '" + text + "'");
            }
        }
        osdmap.change(inc -> weights.forEach(inc::putWeight));
        return Outcome.committed("");
    }

    private Outcome primaryAffinity(CommandCall call) {
        double weight = weight(call);
        int osd = existing(call);
        int fixed = (int) (Osd.DEFAULT_AFFINITY * weight);
        // The number stands between the values of two C++ stream flags that pacific prints instead of setting.
        osdmap.change(inc -> inc.putPrimaryAffinity(osd, fixed));
        return Outcome.committed(
                "set osd." + osd + " primary-affinity to " + Json.number(weight, 6) + " (8" + fixed + "2)");
    }

    private Outcome lost(CommandCall call) {
        call.require("id");
        OsdIds.of(call); // refused where it is no number, before anybody is asked whether they are sure
        if (!call.flag("yes_i_really_mean_it")) {
            return Outcome.refused(
                    Errno.EPERM,
                    "are you SURE?  this might mean real, permanent data loss.  pass --yes-i-really-mean-it if you"
                            + " really do.");
        }
        int osd = existing(call);
        OsdMap map = osdmap.pendingMap();
        if (!map.isDown(osd)) {
            return Outcome.refused(Errno.EBUSY, "osd." + osd + " is not down");
        }
        int downAt = map.osd(osd).info().downAt();
        osdmap.change(inc -> inc.putLost(osd, downAt));
        return Outcome.committed("marked osd lost in epoch " + Integer.toUnsignedString(downAt));
    }
}
