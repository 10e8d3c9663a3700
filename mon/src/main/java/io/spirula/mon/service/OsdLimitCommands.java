package io.spirula.mon.service;

import io.spirula.common.command.CommandCall;
import io.spirula.common.command.CommandTable;
import io.spirula.common.command.Json;
import io.spirula.common.command.Outcome;
import io.spirula.common.maps.CephRelease;
import io.spirula.common.maps.OsdMap;
import io.spirula.common.maps.OsdMapIncremental;
import io.spirula.common.maps.ReleaseFeatures;
import io.spirula.common.types.EntityType;
import io.spirula.common.types.Errno;
import io.spirula.mon.session.ConnectedFeatures;
import io.spirula.mon.session.Sessions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiFunction;

/** The commands that say how full OSDs may be, and how old OSDs and clients. Source of their answers: mon/OSDMonitor.cc. */
final class OsdLimitCommands {
    private static final String SURE = "yes_i_really_mean_it";

    /** Whose features count as a client's. */
    private static final List<EntityType> CLIENTS = List.of(EntityType.CLIENT, EntityType.MDS, EntityType.MGR);

    private final OsdmapService osdmap;
    private final Sessions sessions;

    OsdLimitCommands(OsdmapService osdmap, Sessions sessions) {
        this.osdmap = osdmap;
        this.sessions = sessions;
    }

    void register(CommandTable table) {
        ratio(table, "set-full-ratio", "full", OsdMapIncremental.Builder::newFullRatio);
        ratio(table, "set-backfillfull-ratio", "too full to backfill", OsdMapIncremental.Builder::newBackfillfullRatio);
        ratio(table, "set-nearfull-ratio", "near-full", OsdMapIncremental.Builder::newNearfullRatio);
        table.add(
                "osd require-osd-release name=release,type=CephChoices,strings=luminous|mimic|nautilus|octopus|pacific"
                        + " name=yes_i_really_mean_it,type=CephBool,req=false",
                "set the minimum allowed OSD release to participate in the cluster",
                "osd",
                "rw",
                this::requireRelease);
        table.add(
                "osd get-require-min-compat-client",
                "get the minimum client version we will maintain compatibility with",
                "osd",
                "r",
                this::minCompatClient);
        table.add(
                "osd set-require-min-compat-client name=version,type=CephString"
                        + " name=yes_i_really_mean_it,type=CephBool,req=false",
                "set the minimum client version we will maintain compatibility with",
                "osd",
                "rw",
                this::requireClient);
    }

    private void ratio(
            CommandTable table,
            String name,
            String marked,
            BiFunction<OsdMapIncremental.Builder, Float, OsdMapIncremental.Builder> setter) {
        table.add(
                "osd " + name + " name=ratio,type=CephFloat,range=0.0|1.0",
                "set usage ratio at which OSDs are marked " + marked,
                "osd",
                "rw",
                call -> {
                    double ratio = call.real("ratio", 0);
                    osdmap.change(inc -> setter.apply(inc, (float) ratio));
                    return Outcome.committed("osd " + name + " " + Json.number(ratio, 6));
                });
    }

    private Outcome requireRelease(CommandCall call) {
        CephRelease release = CephRelease.of(call.string("release"));
        CephRelease now = osdmap.pendingMap().requireOsdRelease();
        if (release == now) {
            return Outcome.text("");
        }
        if (!call.flag(SURE) && osdmap.map().numUpOsds() == 0) {
            return OsdFlagCommands.notAdvisable();
        }
        if (!release.atLeast(now)) {
            return Outcome.refused(Errno.EPERM, "require_osd_release cannot be lowered once it has been set");
        }
        osdmap.change(inc -> inc.newRequireOsdRelease(release));
        return Outcome.committed("");
    }

    private Outcome minCompatClient(CommandCall call) {
        // Whatever the format.
        return Outcome.output(osdmap.map().requireMinCompatClient() + "\n");
    }

    private Outcome requireClient(CommandCall call) {
        String name = call.string("version");
        CephRelease release = Arrays.stream(CephRelease.values())
                .filter(r ->
                        r.toString().equals(name) && r.atLeast(CephRelease.ARGONAUT) && CephRelease.PACIFIC.atLeast(r))
                .findFirst()
                .orElse(null);
        if (release == null) {
            return Outcome.refused(Errno.EINVAL, "version " + name + " is not recognized");
        }
        OsdMap map = osdmap.pendingMap();
        CephRelease needed = map.minCompatClient();
        if (!release.atLeast(needed)) {
            return Outcome.refused(
                    Errno.EPERM,
                    "osdmap current utilizes features that require " + needed
                            + "; cannot set require_min_compat_client below that to " + release);
        }
        String tooOld = call.flag(SURE) ? "" : tooOld(sessions.features(), release);
        if (!tooOld.isEmpty()) {
            return Outcome.refused(
                    Errno.EPERM,
                    "cannot set require_min_compat_client to " + release + ": " + tooOld
                            + "; add --yes-i-really-mean-it to do it anyway");
        }
        osdmap.change(inc -> inc.newRequireMinCompatClient(release));
        return Outcome.committed("set require_min_compat_client to " + release);
    }

    /** Who is connected and lacks what a release's clients have; empty where nobody does. */
    static String tooOld(ConnectedFeatures connected, CephRelease release) {
        List<String> old = new ArrayList<>();
        for (EntityType type : CLIENTS) {
            connected.of(type).forEach((bits, count) -> {
                long missing = ReleaseFeatures.of(release) & ~bits;
                if (missing != 0) {
                    old.add(count + " connected " + type + "(s) look like " + ReleaseFeatures.looksLike(bits)
                            + " (missing 0x" + Long.toHexString(missing) + ")");
                }
            });
        }
        return String.join("; ", old);
    }
}
