package io.spirula.mon.service;

import io.spirula.common.command.CommandCall;
import io.spirula.common.command.CommandTable;
import io.spirula.common.command.Outcome;
import io.spirula.common.command.Refusal;
import io.spirula.common.maps.OsdMap;
import io.spirula.common.maps.PgPool;
import io.spirula.common.message.Message;
import io.spirula.common.message.OsdForceRecovery;
import io.spirula.common.message.OsdScrub2;
import io.spirula.common.pg.PgState;
import io.spirula.common.pg.PgStats;
import io.spirula.common.types.Errno;
import io.spirula.common.types.PgId;
import io.spirula.common.types.ShardPgId;
import io.spirula.mon.Services;
import io.spirula.mon.mgr.OsdLine;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The commands that have OSDs scrub, repair, or recover groups before others: the manager tells the groups' primaries. Source of their answers: mgr/DaemonServer.cc. */
final class PgOrderCommands {
    private final Services services;
    private final OsdLine osds;

    PgOrderCommands(Services services, OsdLine osds) {
        this.services = services;
        this.osds = osds;
    }

    void register(CommandTable table) {
        for (String what : new String[] {"scrub", "deep-scrub", "repair"}) {
            String spaced = what.replace('-', ' ');
            table.add(
                    "pg " + what + " name=pgid,type=CephPgid",
                    "start " + what + " on <pgid>",
                    "pg",
                    "rw",
                    8,
                    c -> scrubGroup(c, what));
            table.add(
                    "osd " + what + " name=who,type=CephString",
                    "initiate " + spaced + " on osd <who>, or use <all|any> to " + spaced + " all",
                    "osd",
                    "rw",
                    8,
                    c -> scrubOsds(c, what));
            table.add(
                    "osd pool " + what + " name=who,type=CephPoolname,n=N",
                    "initiate " + what + " on pool <who>",
                    "osd",
                    "rw",
                    8,
                    c -> scrubPools(c, what));
        }
        for (boolean cancel : new boolean[] {false, true}) {
            for (boolean backfill : new boolean[] {false, true}) {
                force(table, cancel, backfill);
            }
        }
    }

    private void force(CommandTable table, boolean cancel, boolean backfill) {
        String kind = backfill ? "backfill" : "recovery";
        String name = (cancel ? "cancel-force-" : "force-") + kind;
        int options = (backfill ? OsdForceRecovery.BACKFILL : OsdForceRecovery.RECOVERY)
                | (cancel ? OsdForceRecovery.CANCEL : 0);
        table.add(
                "pg " + name + " name=pgid,type=CephPgid,n=N",
                cancel ? "restore normal " + kind + " priority of <pgid>" : "force " + kind + " of <pgid> first",
                "pg",
                "rw",
                8,
                c -> force(c.strings("pgid").stream().map(PgId::parse).toList(), options));
        table.add(
                "osd pool " + name + " name=who,type=CephPoolname,n=N",
                cancel
                        ? "restore normal recovery priority of specified pool <who>"
                        : "force " + kind + " of specified pool <who> first",
                "osd",
                "rw",
                8,
                c -> force(groupsOfPools(c), options));
    }

    private OsdMap map() {
        return services.osdmap().map();
    }

    private List<PgId> groupsOfPools(CommandCall call) {
        List<PgId> groups = new ArrayList<>();
        if (call.strings("who").isEmpty()) {
            throw new Refusal(Errno.EINVAL, "must specify one or more pool names");
        }
        for (String name : call.strings("who")) {
            long id = map().poolId(name);
            PgPool pool = map().pool(id);
            if (pool == null) {
                throw new Refusal(Errno.ENOENT, "unrecognized pool '" + name + "'");
            }
            for (int seed = 0; seed < pool.pgNum(); seed++) {
                groups.add(new PgId(id, seed));
            }
        }
        return groups;
    }

    private Outcome scrubGroup(CommandCall call, String what) {
        PgId pg = PgId.parse(call.string("pgid"));
        if (!PgPlacementCommands.exists(map(), pg)) {
            return Outcome.refused(Errno.ENOENT, "pg " + pg + " does not exist");
        }
        int primary = map().pgToUpActing(pg).actingPrimary();
        if (primary < 0) {
            return Outcome.refused(Errno.EAGAIN, "pg " + pg + " has no primary osd");
        }
        if (!scrub(primary, List.of(pg), what)) {
            return Outcome.refused(
                    Errno.EAGAIN, "pg " + pg + " primary osd." + primary + " is not currently connected");
        }
        return Outcome.text("instructing pg " + pg + " on osd." + primary + " to " + what);
    }

    private boolean scrub(int osd, List<PgId> groups, String what) {
        List<ShardPgId> ids = groups.stream().map(ShardPgId::replica).toList();
        boolean repair = what.equals("repair");
        boolean deep = repair || what.equals("deep-scrub");
        return send(osd, new OsdScrub2(map().fsid(), map().epoch(), ids, repair, deep));
    }

    private boolean send(int osd, Message order) {
        services.proposals().throwIfClosed();
        return osds.send(osd, order);
    }

    private Map<Integer, List<PgId>> byPrimary(List<PgId> groups) {
        Map<Integer, List<PgId>> byPrimary = new TreeMap<>();
        for (PgId pg : groups) {
            int primary = map().pgToUpActing(pg).actingPrimary();
            byPrimary.computeIfAbsent(primary, p -> new ArrayList<>()).add(pg);
        }
        return byPrimary;
    }

    private Outcome scrubOsds(CommandCall call, String what) {
        String who = call.string("who");
        TreeSet<Integer> wanted = new TreeSet<>();
        if (OsdIds.isAll(who)) {
            wanted.addAll(OsdIds.existing(map(), map()::isUp));
        } else if (!OsdIds.isOne(who)) {
            return Outcome.refused(
                    Errno.EINVAL, "Expected option value to be integer, got '" + who + "'invalid osd '" + who + "'");
        } else if (!map().isUp(OsdIds.parse(who))) {
            return Outcome.refused(Errno.EAGAIN, "osd." + OsdIds.parse(who) + " is not up");
        } else {
            wanted.add(OsdIds.parse(who));
        }
        TreeSet<Integer> silent = new TreeSet<>();
        Map<Integer, List<PgId>> groups =
                byPrimary(List.copyOf(services.pgMap().pgs().keySet()));
        for (int osd : wanted) {
            if (!scrub(osd, groups.getOrDefault(osd, List.of()), what)) {
                silent.add(osd);
            }
        }
        wanted.removeAll(silent);
        if (wanted.isEmpty()) {
            return Outcome.refused(Errno.EAGAIN, "osd(s) " + joined(silent) + " are not connected");
        }
        return Outcome.text("instructed osd(s) " + joined(wanted) + " to " + what
                + (silent.isEmpty() ? "" : "; osd(s) " + joined(silent) + " were not connected"));
    }

    private static String joined(TreeSet<Integer> osds) {
        return osds.stream().map(Object::toString).collect(Collectors.joining(","));
    }

    private Outcome scrubPools(CommandCall call, String what) {
        byPrimary(groupsOfPools(call)).forEach((osd, groups) -> scrub(osd, groups, what));
        return Outcome.text("");
    }

    /** Tells primaries of those groups that have something to recover; says of the others that they have not. */
    private Outcome force(List<PgId> wanted, int options) {
        StringBuilder text = new StringBuilder();
        List<PgId> told = new ArrayList<>();
        int errno = 0;
        for (PgId pg : wanted) {
            PgStats stats = services.pgMap().pgs().get(pg);
            if (stats == null) {
                text.append("pg ").append(pg).append(" does not exist; ");
                errno = Errno.ENOENT;
                continue;
            }
            String why = needless(stats.state(), options);
            if (why.isEmpty()) {
                told.add(pg);
            } else {
                text.append("pg ").append(pg).append(' ').append(why).append("; ");
            }
        }
        byPrimary(told)
                .forEach((osd, groups) -> send(
                        osd,
                        new OsdForceRecovery(
                                map().fsid(),
                                groups.stream().map(ShardPgId::replica).toList(),
                                options)));
        text.append('\n');
        return errno == 0 || !told.isEmpty() ? Outcome.text(text.toString()) : Outcome.refused(errno, text.toString());
    }

    private static String needless(long state, int options) {
        boolean backfill = (options & OsdForceRecovery.BACKFILL) != 0;
        if ((options & OsdForceRecovery.CANCEL) != 0) {
            long forced = backfill ? PgState.FORCED_BACKFILL : PgState.FORCED_RECOVERY;
            return (state & forced) != 0 ? "" : (backfill ? "backfill" : "recovery") + " not forced";
        }
        long needing = backfill
                ? PgState.DEGRADED | PgState.BACKFILL_WAIT | PgState.BACKFILLING
                : PgState.DEGRADED | PgState.RECOVERY_WAIT | PgState.RECOVERING;
        long forced = backfill ? PgState.FORCED_BACKFILL : PgState.FORCED_RECOVERY;
        if ((state & needing) == 0) {
            return "doesn't require " + (backfill ? "backfilling" : "recovery");
        }
        return (state & forced) != 0 ? (backfill ? "backfill" : "recovery") + " already forced" : "";
    }
}
