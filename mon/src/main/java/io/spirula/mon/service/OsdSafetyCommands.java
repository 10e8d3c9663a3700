package io.spirula.mon.service;

import io.spirula.common.command.CommandCall;
import io.spirula.common.command.CommandTable;
import io.spirula.common.command.Json;
import io.spirula.common.command.Outcome;
import io.spirula.common.command.Refusal;
import io.spirula.common.encoding.Bytes;
import io.spirula.common.maps.OsdMap;
import io.spirula.common.types.Errno;
import io.spirula.mon.Services;
import io.spirula.mon.mgr.Offline;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The commands that ask whether OSDs can be spared, and those that take them away when they can. Source of their answers: mgr/DaemonServer.cc. */
final class OsdSafetyCommands {
    private final Services services;
    private final OsdLifeCommands life;

    OsdSafetyCommands(Services services, OsdLifeCommands life) {
        this.services = services;
        this.life = life;
    }

    void register(CommandTable table) {
        String sure = " name=id,type=CephOsdName name=force,type=CephBool,req=false"
                + " name=yes_i_really_mean_it,type=CephBool,req=false";
        table.add(
                "osd destroy" + sure,
                "mark osd as being destroyed. Keeps the ID intact (allowing reuse), but removes cephx keys, config-key"
                        + " data and lockbox keys, rendering data permanently unreadable.",
                "osd",
                "rw",
                8,
                c -> takeAway(c, false));
        table.add(
                "osd purge" + sure,
                "purge all osd data from the monitors including the OSD id and CRUSH position",
                "osd",
                "rw",
                8,
                c -> takeAway(c, true));
        table.add(
                "osd safe-to-destroy name=ids,type=CephString,n=N",
                "check whether osd(s) can be safely destroyed without reducing data durability",
                "osd",
                "r",
                8,
                this::safeToDestroy);
        table.add(
                "osd ok-to-stop name=ids,type=CephString,n=N name=max,type=CephInt,req=false",
                "check whether osd(s) can be safely stopped without reducing immediate data availability",
                "osd",
                "r",
                8,
                this::okToStop);
    }

    private TreeSet<Integer> osds(CommandCall call) {
        if (call.strings("ids").isEmpty()) {
            throw new Refusal(Errno.EINVAL, "must specify one or more OSDs");
        }
        for (String id : call.strings("ids")) {
            if (!OsdIds.isAll(id) && !OsdIds.isOne(id)) {
                throw new Refusal(
                        Errno.EINVAL,
                        "Expected option value to be integer, got '" + id + "'invalid osd id '" + id + "'");
            }
        }
        return new TreeSet<>(OsdIds.all(call.strings("ids"), services.osdmap().map()));
    }

    private Outcome okToStop(CommandCall call) {
        TreeSet<Integer> osds = osds(call);
        int most = (int) call.integer("max", osds.size());
        OsdMap map = services.osdmap().map();
        Offline offline = Offline.without(osds, map, services.pgMap());
        if (offline.isOk()) {
            offline = offline.grown(most, map, services.pgMap());
        }
        Json json = offline.json();
        String format = call.format().equals("plain") ? "json" : call.format();
        Bytes output = Bytes.concat(List.of(Json.render(json, format), Bytes.of("\n")));
        if (offline.isOk()) {
            return Outcome.output(output);
        }
        String text = offline.unknown().isEmpty()
                ? "unsafe to stop osd(s) at this time (" + offline.notOk().size() + " PGs are or would become offline)"
                : offline.unknown().size() + " pgs have unknown state; cannot draw any conclusions";
        int errno = offline.unknown().isEmpty() ? Errno.EBUSY : Errno.EAGAIN;
        return new Outcome(-errno, text, output, false);
    }

    /** OSDs by what the manager can say of each. */
    private record Sorted(
            List<Integer> safe, List<Integer> active, List<Integer> missing, List<Integer> stored, int groups) {
        private static String ids(List<Integer> osds) {
            return osds.stream().map(Object::toString).collect(Collectors.joining(","));
        }

        /** Why not all of them are safe; empty if they are. */
        String trouble() {
            StringBuilder text = new StringBuilder();
            if (!active.isEmpty()) {
                text.append("OSD(s) ").append(ids(active)).append(" have ").append(groups);
                text.append(" pgs currently mapped to them. ");
            }
            if (!missing.isEmpty()) {
                text.append("OSD(s) ").append(ids(missing));
                text.append(
                        " have no reported stats, and not all PGs are active+clean; we cannot draw any conclusions. ");
            }
            if (!stored.isEmpty()) {
                text.append("OSD(s) ").append(ids(stored));
                text.append(" last reported they still store some PG data, and not all PGs are active+clean; we cannot"
                        + " be sure they aren't still needed.");
            }
            return text.toString();
        }

        int errno() {
            return !active.isEmpty() || missing.isEmpty() ? Errno.EBUSY : Errno.EAGAIN;
        }
    }

    private Sorted sorted(TreeSet<Integer> osds) {
        OsdMap map = services.osdmap().map();
        Sorted sorted = new Sorted(new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), 0);
        int groups = 0;
        boolean allClean = services.pgMap().states().keySet().stream().allMatch("active+clean"::equals);
        for (int osd : osds) {
            int mapped = Offline.mapped(osd, services.pgMap());
            var stat = services.pgMap().osds().get(osd);
            if (!map.exists(osd)) {
                sorted.safe.add(osd);
            } else if (mapped > 0) {
                groups += mapped;
                sorted.active.add(osd);
            } else if (!allClean && (stat == null || !map.isUp(osd))) {
                sorted.missing.add(osd);
            } else if (!allClean && stat != null && stat.pgs() > 0) {
                sorted.stored.add(osd);
            } else {
                sorted.safe.add(osd);
            }
        }
        return new Sorted(sorted.safe, sorted.active, sorted.missing, sorted.stored, groups);
    }

    /** Why OSDs are not safe to destroy, or null if they are. */
    private @Nullable Outcome unsafe(TreeSet<Integer> osds) {
        long unknown = services.pgMap().pgs().values().stream()
                .filter(s -> s.state() == 0)
                .count();
        if (unknown > 0) {
            return Outcome.refused(Errno.EAGAIN, unknown + " pgs have unknown state; cannot draw any conclusions");
        }
        Sorted sorted = sorted(osds);
        String trouble = sorted.trouble();
        return trouble.isEmpty() ? null : Outcome.refused(sorted.errno(), trouble);
    }

    private Outcome safeToDestroy(CommandCall call) {
        TreeSet<Integer> osds = osds(call);
        Sorted sorted = sorted(osds);
        if (!call.format().equals("plain")) {
            return Json.answer(
                    call,
                    Json.object()
                            .put("safe_to_destroy", sorted.safe)
                            .put("active", sorted.active)
                            .put("missing_stats", sorted.missing)
                            .put("stored_pgs", sorted.stored));
        }
        Outcome refusal = unsafe(osds);
        return refusal == null
                ? Outcome.text(
                        "OSD(s) " + Sorted.ids(sorted.safe) + " are safe to destroy without reducing data durability.")
                : refusal;
    }

    private Outcome takeAway(CommandCall call, boolean purge) {
        call.require("id");
        int osd = OsdIds.of(call);
        OsdMap map = services.osdmap().pendingMap();
        if (!map.exists(osd)) {
            return Outcome.text("osd." + osd + " does not exist");
        }
        if (!call.flag("force") && !call.flag("yes_i_really_mean_it")) {
            Outcome refusal = unsafe(new TreeSet<>(List.of(osd)));
            if (refusal != null) {
                return refusal.withText(
                        refusal.text() + "\nYou can proceed by passing --force, but be warned that this will likely"
                                + " mean real, permanent data loss.");
            }
        }
        if (map.isUp(osd)) {
            return Outcome.refused(Errno.EBUSY, "osd." + osd + " is not `down`.");
        }
        return purge ? life.purged(osd) : life.destroyed(osd);
    }
}
