package io.spirula.osd.daemon;

import io.spirula.common.command.CommandCall;
import io.spirula.common.command.CommandTable;
import io.spirula.common.command.Json;
import io.spirula.common.command.Outcome;
import io.spirula.common.command.Refusal;
import io.spirula.common.maps.OsdMap;
import io.spirula.common.message.Command;
import io.spirula.common.message.CommandReply;
import io.spirula.common.message.OsdSuperblock;
import io.spirula.common.optracker.OpHistory;
import io.spirula.common.types.Errno;
import io.spirula.osd.pg.PlacementGroups;
import io.spirula.osd.queue.OpQueue;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** What an OSD can be asked itself, by {@code ceph tell osd.N} and at its admin socket. Source of the answers: osd/OSD.cc, OSD::asok_command. */
final class OsdCommands {
    private final CommandTable table;
    private final Supplier<Status> status;
    private final PlacementGroups groups;
    private final OpHistory history;
    private final OpQueue queue;
    private final PgCommands pgs;

    /** What the status command shows. */
    record Status(OsdSuperblock superblock, String state, int groups) {}

    /** @param table with the commands that all daemons have */
    OsdCommands(
            CommandTable table,
            Supplier<Status> status,
            Supplier<OsdMap> map,
            PlacementGroups groups,
            OpHistory history,
            OpQueue queue) {
        this.table = table;
        this.status = status;
        this.groups = groups;
        this.history = history;
        this.queue = queue;
        pgs = new PgCommands(table, map, groups);
        register();
    }

    private void register() {
        table.add("status", "high-level status of OSD", "osd", "r", this::status);
        table.add(
                "dump_op_pq_state",
                "dump op priority queue state",
                "osd",
                "r",
                c -> Json.answer(c, Json.object().put("OSD:ShardedOpWQ:0", queue.dump())));
        table.add(
                "clear_shards_repaired name=count,type=CephInt,req=false",
                "clear num_shards_repaired to clear health warning",
                "osd",
                "rw",
                this::forgetRepairs);
        operations("dump_ops_in_flight", "show the ops currently in flight", f -> history.inFlight(live(), f));
        operations("ops", "show the ops currently in flight", f -> history.inFlight(live(), f));
        operations("dump_blocked_ops", "show the blocked ops currently in flight", f -> history.blocked(live(), f));
        operations("dump_historic_ops", "show recent ops", history::recent);
        operations("dump_historic_ops_by_duration", "show slowest recent ops, sorted by duration", history::byDuration);
        operations("dump_historic_slow_ops", "show slowest recent ops", history::slow);
        table.add(
                "heap name=heapcmd,type=CephChoices,strings=dump|start_profiler|stop_profiler|release|get_release_rate|set_release_rate|stats"
                        + " name=value,type=CephString,req=false",
                "show heap usage info (available only if compiled with tcmalloc)",
                "osd",
                "rw",
                c -> Outcome.refused(Errno.EOPNOTSUPP, "could not issue heap profiler command -- not using tcmalloc!"));
    }

    private interface View {
        Json of(List<String> filter);
    }

    private void operations(String name, String help, View view) {
        table.add(
                name + " name=filterstr,type=CephString,n=N,req=false",
                help,
                "osd",
                "r",
                c -> Json.answer(c, view.of(c.strings("filterstr"))));
    }

    private List<ListedOp> live() {
        List<ListedOp> all = new ArrayList<>();
        groups.visit(op -> all.add(new ListedOp(op)));
        return all;
    }

    private Outcome forgetRepairs(CommandCall call) {
        groups.forgetRepairs(call.integer("count", 0));
        return Outcome.text("");
    }

    private Outcome status(CommandCall call) {
        Status s = status.get();
        OsdSuperblock b = s.superblock();
        return Json.answer(
                call,
                Json.object()
                        .put("cluster_fsid", b.clusterFsid().toString())
                        .put("osd_fsid", b.osdFsid().toString())
                        .put("whoami", b.whoami())
                        .put("state", s.state())
                        .put("oldest_map", b.oldestMap())
                        .put("cluster_osdmap_trim_lower_bound", b.clusterOsdmapTrimLowerBound())
                        .put("newest_map", b.newestMap())
                        .put("num_pgs", s.groups()));
    }

    CommandTable table() {
        return table;
    }

    /** Answers a command that came over the network, now or later. */
    void answer(Command command, CommandCall.Caller caller, Consumer<CommandReply> answer) {
        Consumer<Outcome> done = outcome ->
                answer.accept(new CommandReply(command.tid(), outcome.result(), outcome.text(), outcome.output()));
        try {
            CommandCall call = CommandCall.parse(command.command(), command.input(), caller);
            if (pgs.knows(call) && table.find(call) != null) {
                pgs.run(call, done);
            } else {
                table.run(call, done);
            }
        } catch (Refusal r) {
            done.accept(Outcome.refused(r.errno(), r.text()));
        }
    }
}
