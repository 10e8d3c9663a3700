package io.spirula.osd.daemon;

import io.spirula.common.command.CommandCall;
import io.spirula.common.command.CommandTable;
import io.spirula.common.command.Json;
import io.spirula.common.command.Outcome;
import io.spirula.common.command.Refusal;
import io.spirula.common.maps.OsdMap;
import io.spirula.common.types.Errno;
import io.spirula.common.types.PgId;
import io.spirula.common.types.ShardPgId;
import io.spirula.osd.pg.PlacementGroup;
import io.spirula.osd.pg.PlacementGroups;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a placement group's primary can be asked, as {@code ceph pg PGID …} and {@code ceph tell PGID …}. Each command has two forms: {@code pg} with the command as an argument, and the command itself. Source: OSD.cc,
 * OSDSocketHook and OSD::asok_command; PrimaryLogPG::do_command.
 */
final class PgCommands {
    private static final String OLD_FORM = "pg name=pgid,type=CephPgid name=cmd,type=CephChoices,strings=";
    private static final String GROUP = " name=pgid,type=CephPgid,req=false";

    private final Supplier<OsdMap> map;
    private final PlacementGroups groups;
    private final CommandTable table;
    private final Map<String, Action> actions = new TreeMap<>();

    PgCommands(CommandTable table, Supplier<OsdMap> map, PlacementGroups groups) {
        this.table = table;
        this.map = map;
        this.groups = groups;
        command("query", "", "show details of a specific pg", "r", (pg, call, done) -> done.accept(query(pg, call)));
        command(
                "mark_unfound_lost",
                " name=mulcmd,type=CephChoices,strings=revert|delete",
                "mark all unfound objects in this pg as lost, either removing or reverting to a prior version if one is"
                        + " available",
                "rw",
                (pg, call, done) -> pg.markUnfoundLost(call.string("mulcmd").equals("revert"), done));
        command(
                "list_unfound",
                " name=offset,type=CephString,req=false",
                "list unfound objects on this pg, perhaps starting at an offset given in JSON",
                "r",
                (pg, call, done) -> done.accept(Json.answer(call, pg.listUnfound(call.find("offset")))));
    }

    /** A command; it may answer later. */
    private interface Action {
        void run(PlacementGroup pg, CommandCall call, Consumer<Outcome> done);
    }

    private void command(String name, String arguments, String help, String permission, Action action) {
        actions.put(name, action);
        table.add(name + GROUP + arguments, help, "osd", permission, this::now);
        table.add(OLD_FORM + name + arguments, "", "osd", permission, this::now);
    }

    /** Whether it is one of ours. */
    boolean knows(CommandCall call) {
        return call.prefix().equals("pg") || actions.containsKey(call.prefix());
    }

    /** For those who wait for the answer here, at the admin socket. */
    private Outcome now(CommandCall call) {
        if (group(call) == null) {
            return Outcome.refused(Errno.EAGAIN, "not primary for pgid " + call.find("pgid"));
        }
        Outcome[] outcome = {Outcome.text("under way")};
        run(call, o -> outcome[0] = o);
        return outcome[0];
    }

    /** Carries a command out. It is not answered where the group's primary is another OSD: who asks learns it by a newer map, and asks there. */
    void run(CommandCall call, Consumer<Outcome> done) {
        try {
            Action action = actions.get(call.prefix().equals("pg") ? call.string("cmd") : call.prefix());
            if (action == null) {
                throw new Refusal(Errno.EINVAL, "invalid command json");
            }
            PlacementGroup pg = group(call);
            if (pg != null) {
                action.run(pg, call, done);
            }
        } catch (Refusal r) {
            done.accept(Outcome.refused(r.errno(), r.text()));
        }
    }

    /** Null where another is its primary. */
    private @Nullable PlacementGroup group(CommandCall call) {
        String text = call.find("pgid");
        if (text == null) {
            throw new Refusal(Errno.EINVAL, "no pgid specified");
        }
        PgId id;
        try {
            id = PgId.parse(text);
        } catch (IllegalArgumentException e) {
            throw new Refusal(Errno.EINVAL, "couldn't parse pgid '" + text + "'");
        }
        PlacementGroup pg = groups.byId().get(ShardPgId.replica(id));
        if (pg == null || map.get().pool(id.pool()) == null) {
            throw new Refusal(Errno.ENOENT, "i don't have pgid " + id);
        }
        return pg.isPrimary() ? pg : null;
    }

    private static Outcome query(PlacementGroup pg, CommandCall call) {
        return Json.answer(call, pg.query());
    }
}
