package io.spirula.mon.service;

import io.spirula.common.command.CommandTable;
import io.spirula.common.command.Outcome;
import io.spirula.common.maps.OsdMapFlag;
import io.spirula.common.types.Errno;
import java.util.Objects;

/** The commands that set flags of the whole cluster. Source of their answers: mon/OSDMonitor.cc. */
final class OsdFlagCommands {
    private static final String KEYS =
            "full|pause|noup|nodown|noout|noin|nobackfill|norebalance|norecover|noscrub|nodeep-scrub|notieragent|nosnaptrim";

    private static final String PGLOG_HARDLIMIT = "pglog_hardlimit";

    private final OsdmapService osdmap;

    OsdFlagCommands(OsdmapService osdmap) {
        this.osdmap = osdmap;
    }

    void register(CommandTable table) {
        table.add(
                "osd set name=key,type=CephChoices,strings=" + KEYS + "|" + PGLOG_HARDLIMIT
                        + " name=yes_i_really_mean_it,type=CephBool,req=false",
                "set <key>",
                "osd",
                "rw",
                c -> c.string("key").equals(PGLOG_HARDLIMIT)
                                && !c.flag("yes_i_really_mean_it")
                                && osdmap.map().numUpOsds() == 0
                        ? notAdvisable()
                        : change(c.string("key"), true));
        table.add(
                "osd unset name=key,type=CephChoices,strings=" + KEYS,
                "unset <key>",
                "osd",
                "rw",
                c -> change(c.string("key"), false));
        table.add("osd pause", "pause osd", "osd", "rw", c -> change("pause", true));
        table.add("osd unpause", "unpause osd", "osd", "rw", c -> change("pause", false));
    }

    /** Where no OSD is up nobody can say whether they know what is asked of them. */
    static Outcome notAdvisable() {
        return Outcome.refused(
                Errno.EPERM,
                "Not advisable to continue since no OSDs are up. Pass --yes-i-really-mean-it if you really wish to"
                        + " continue.");
    }

    private Outcome change(String key, boolean set) {
        if (key.equals("full")) {
            // Described, and nevertheless for nobody to set: the monitors do.
            return Outcome.refused(Errno.EINVAL, "unrecognized flag 'full'");
        }
        boolean pause = key.equals("pause");
        int mask = pause
                ? OsdMapFlag.PAUSERD.mask() | OsdMapFlag.PAUSEWR.mask()
                : Objects.requireNonNull(OsdMapFlag.of(key), key).mask();
        int flags = osdmap.pendingMap().flags();
        osdmap.change(inc -> inc.newFlags(set ? flags | mask : flags & ~mask));
        return Outcome.committed((pause ? "pauserd,pausewr" : key) + " is " + (set ? "set" : "unset"));
    }
}
