package io.spirula.osd.daemon;

import io.spirula.common.admin.AdminCommands;
import io.spirula.common.command.CommandTable;
import io.spirula.common.config.Config;
import io.spirula.common.message.OsdOpReply;
import io.spirula.common.metrics.PerfRegistry;
import io.spirula.common.msgr.Traffic;
import io.spirula.common.optracker.OpHistory;
import io.spirula.osd.pg.ClientOp;
import io.spirula.osd.pg.PlacementGroups;
import io.spirula.osd.pg.ScrubScheduler;
import io.spirula.osd.queue.OpQueue;
import java.util.List;

/** What can be learned of an OSD: what it counts of its work, which operations it remembers, and the commands that show all that. */
final class Insight {
    /** What the daemon knows, and does when it is asked to. */
    interface Daemon extends OsdInspection.Daemon {
        /** The OSDs that are sent heartbeats. */
        List<Integer> watched();

        OsdCommands.Status status();
    }

    private final OsdMetrics metrics;
    private final OpHistory history;
    private final OsdCommands commands;

    Insight(
            OsdDaemon.Env env,
            OsdNetwork network,
            GroupHost host,
            PlacementGroups groups,
            ScrubScheduler scrubs,
            OpQueue queue,
            Daemon osd) {
        Config config = env.settings().config();
        metrics = new OsdMetrics(groups, env.store(), () -> osd.watched().size());
        history = new OpHistory(config, "osd", env.reactor().clock());
        PerfRegistry counters = new PerfRegistry();
        counters.add(metrics.group());
        Traffic traffic = new Traffic();
        network.countIn(traffic);
        counters.add(traffic.group());
        CommandTable table = new CommandTable();
        new AdminCommands(config, counters).register(table);
        new OsdInspection(host, osd, groups.byId().keySet()).register(table);
        new OsdActivity(host, groups, scrubs, new StoreBench(host, env.random())).register(table);
        commands = new OsdCommands(table, osd::status, host::map, groups, history, queue);
    }

    OsdMetrics metrics() {
        return metrics;
    }

    OsdCommands commands() {
        return commands;
    }

    /** A client's request is answered, so long after it came. */
    void answered(ClientOp op, OsdOpReply reply, long nanos) {
        metrics.answered(op, reply, nanos);
        history.finished(new ListedOp(op), nanos);
    }
}
