package io.spirula.mon.service;

import io.spirula.common.command.CommandCall;
import io.spirula.common.command.CommandTable;
import io.spirula.common.command.Json;
import io.spirula.common.command.Outcome;
import io.spirula.mon.election.Connectivity;
import io.spirula.mon.quorum.Membership;

/** What this very monitor can be told about elections: the scores that it knows, and whether it takes part. Source: mon/Monitor.cc, do_admin_command. */
public final class ElectionAdmin {
    private final Connectivity connectivity;
    private final Membership membership;

    public ElectionAdmin(Connectivity connectivity, Membership membership) {
        this.connectivity = connectivity;
        this.membership = membership;
    }

    public void register(CommandTable table) {
        table.add(
                "connection scores dump",
                "show the scores used in connectivity-based elections",
                "mon",
                "rwx",
                this::dump);
        table.add(
                "connection scores reset",
                "reset the scores used in connectivity-based elections",
                "mon",
                "rwx",
                this::reset);
        table.add("quorum enter", "force monitor back into quorum", "mon", "rw", this::enter);
        table.add("quorum exit", "force monitor out of the quorum", "mon", "rw", this::exit);
    }

    private Outcome dump(CommandCall call) {
        return Json.answer(
                call, MapPrinting.dumped(f -> connectivity.tracker().dump(f, connectivity.persistInterval())));
    }

    private Outcome reset(CommandCall call) {
        connectivity.forget();
        return Outcome.text("");
    }

    private Outcome enter(CommandCall call) {
        membership.enterQuorum();
        return Outcome.output("started responding to quorum, initiated new election\n");
    }

    private Outcome exit(CommandCall call) {
        membership.exitQuorum();
        return Outcome.output("stopped responding to quorum, initiated new election\n");
    }
}
