package io.spirula.mon.service;

import io.spirula.common.admin.AdminCommands;
import io.spirula.common.command.CommandCall;
import io.spirula.common.command.CommandTable;
import io.spirula.common.command.Json;
import io.spirula.common.command.Outcome;
import io.spirula.common.config.Config;
import io.spirula.common.metrics.PerfCounters;
import io.spirula.common.metrics.PerfRegistry;

/** What the manager can be asked itself, by {@code ceph tell mgr}: what every daemon can, and how it is. Source: mgr/ClusterState.cc and mgr/MgrStandby.cc. */
public final class ManagerAdmin {
    private final MgrmapService mgrmap;
    private final AdminCommands admin;

    public ManagerAdmin(MgrmapService mgrmap, Config config, PerfCounters traffic) {
        this.mgrmap = mgrmap;
        PerfRegistry counters = new PerfRegistry();
        counters.add(traffic);
        admin = new AdminCommands(config, counters);
    }

    public void register(CommandTable table) {
        admin.register(table);
        table.add("mgr_status", "Dump mgr status", "mgr", "r", this::status);
    }

    private Outcome status(CommandCall call) {
        return Json.answer(
                call, Json.object().put("mgrmap_epoch", mgrmap.map().epoch()).put("initialized", true));
    }
}
