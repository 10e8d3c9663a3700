package io.spirula.mon.service;

import io.spirula.common.admin.AdminCommands;
import io.spirula.common.command.CommandCall;
import io.spirula.common.command.CommandTable;
import io.spirula.common.command.Json;
import io.spirula.common.command.Outcome;
import io.spirula.common.config.Config;
import io.spirula.common.maps.OsdMap;
import io.spirula.common.maps.ReleaseFeatures;
import io.spirula.common.metrics.Counter;
import io.spirula.common.metrics.PerfCounters;
import io.spirula.common.metrics.PerfCounters.Description;
import io.spirula.common.metrics.PerfRegistry;
import io.spirula.common.pg.ObjectStats;
import io.spirula.common.pg.PgState;
import io.spirula.common.types.Errno;
import io.spirula.mon.Services;
import io.spirula.mon.session.MonOps;
import io.spirula.mon.session.Session;
import java.util.List;
import java.util.function.LongSupplier;

/** What this very monitor can be asked, at its admin socket and by {@code ceph tell mon.X}: whatever its state is. Source: mon/Monitor.cc, AdminHook. */
public final class MonitorAdmin {
    private final Services services;
    private final CommandTable cluster;
    private final PerfRegistry counters = new PerfRegistry();
    private final AdminCommands admin;
    private final Elections elections;
    private final MonOps ops;

    /**
     * @param cluster the monitors' own commands, of which some are this one's too
     * @param more counters of parts that this package knows nothing of
     */
    public MonitorAdmin(Services services, CommandTable cluster, MonOps ops, Config config, List<PerfCounters> more) {
        this.services = services;
        this.cluster = cluster;
        this.ops = ops;
        PerfCounters monitor = monitor();
        elections = new Elections(
                monitor.counter("num_elections", Description.shown("Elections participated in", "ecnt", 5)),
                monitor.counter("election_call", Description.shown("Elections started", "estt", 8)),
                monitor.counter("election_win", Description.shown("Elections won", "ewon", 8)),
                monitor.counter("election_lose", Description.shown("Elections lost", "elst", 8)));
        counters.add(monitor);
        counters.add(cluster());
        more.forEach(counters::add);
        admin = new AdminCommands(config, counters);
    }

    public void register(CommandTable table) {
        admin.register(table);
        table.add("sessions", "list existing sessions", "mon", "r", this::sessions);
        borrow(table, "mon_status", "report status of monitors");
        borrow(table, "quorum_status", "report status of monitor quorum");
        table.add("ops", "show the ops currently in flight", "mon", "r", c -> Json.answer(c, ops.inFlight()));
        table.add("dump_historic_ops", "show recent ops", "mon", "r", c -> Json.answer(c, ops.recent()));
        table.add("dump_historic_slow_ops", "show recent slow ops", "mon", "r", c -> Json.answer(c, ops.slow()));
        table.add(
                "heap name=heapcmd,type=CephChoices,strings=dump|start_profiler|stop_profiler|release|stats"
                        + " name=value,type=CephString,req=false",
                "show heap usage info (available only if compiled with tcmalloc)",
                "mon",
                "rw",
                c -> Outcome.refused(Errno.EOPNOTSUPP, "could not issue heap profiler command -- not using tcmalloc!"));
    }

    private void borrow(CommandTable table, String name, String help) {
        table.add(name, help, "mon", "r", c -> {
            CommandTable.Command command = cluster.find(c);
            return command == null
                    ? Outcome.refused(Errno.EINVAL, "command not known")
                    : command.handler().handle(c);
        });
    }

    private Outcome sessions(CommandCall call) {
        return Json.answer(call, Json.list(services.sessions().all(), MonitorAdmin::session));
    }

    private static Json session(Session s) {
        long features = s.connection().peerFeatures();
        return Json.object()
                .put("name", s.connection().peerId().toString())
                .put("entity_name", s.name().toString())
                .put("addrs", MapPrinting.addrs(s.addrs()))
                .put("socket_addr", Json.address(s.connection().socketAddr()))
                .put("con_type", s.connection().peerId().type().toString())
                .put("con_features", features)
                .put("con_features_hex", Long.toHexString(features))
                .put("con_features_release", ReleaseFeatures.looksLike(features).toString())
                .put("open", !s.connection().isClosed())
                .put("caps", Json.object().put("text", s.caps().text()))
                .put("authenticated", true)
                .put("global_id", s.peer().globalId())
                .put("global_id_status", s.peer().claim().toString())
                .put("osd_epoch", s.osdEpoch())
                .put("remote_host", s.hostname());
    }

    /** How elections went. */
    public record Elections(Counter all, Counter called, Counter won, Counter lost) {}

    public Elections elections() {
        return elections;
    }

    private PerfCounters monitor() {
        PerfCounters group = new PerfCounters("mon");
        group.gauge(
                "num_sessions",
                Description.shown("Open sessions", "sess", PerfCounters.SHOWN),
                () -> services.sessions().all().size());
        group.gauge(
                "session_add",
                Description.shown("Created sessions", "sadd", 8),
                () -> services.sessions().added());
        group.gauge(
                "session_rm",
                Description.shown("Removed sessions", "srm", 8),
                () -> services.sessions().added() - services.sessions().all().size());
        return group;
    }

    private OsdMap map() {
        return services.osdmap().map();
    }

    private PerfCounters cluster() {
        PerfCounters group = new PerfCounters("cluster");
        gauge(group, "num_mon", "Monitors", () -> services.monmap().map().size());
        gauge(group, "num_osd", "OSDs", () -> map().numOsds());
        gauge(group, "num_osd_up", "OSDs that are up", () -> count(map()::isUp));
        gauge(group, "num_osd_in", "OSD in state \"in\" (they are in cluster)", () -> count(map()::isIn));
        gauge(group, "osd_epoch", "Current epoch of OSD map", () -> map().epoch());
        bytes(
                group,
                "osd_bytes",
                "Total capacity of cluster",
                () -> services.pgMap().space(map()).total());
        bytes(
                group,
                "osd_bytes_avail",
                "Available space",
                () -> services.pgMap().space(map()).available());
        gauge(group, "num_pool", "Pools", () -> map().pools().size());
        gauge(group, "num_pg", "Placement groups", () -> services.pgMap().pgs().size());
        gauge(
                group,
                "num_pg_active_clean",
                "Placement groups in active+clean state",
                () -> groups(PgState.ACTIVE | PgState.CLEAN));
        gauge(group, "num_pg_active", "Placement groups in active state", () -> groups(PgState.ACTIVE));
        gauge(group, "num_pg_peering", "Placement groups in peering state", () -> groups(PgState.PEERING));
        gauge(group, "num_object", "Objects", () -> total(ObjectStats.Counter.OBJECTS));
        gauge(
                group,
                "num_object_degraded",
                "Degraded (missing replicas) objects",
                () -> total(ObjectStats.Counter.OBJECTS_DEGRADED));
        bytes(group, "num_bytes", "Size of all objects", () -> total(ObjectStats.Counter.BYTES));
        return group;
    }

    private static void gauge(PerfCounters group, String name, String text, LongSupplier now) {
        group.gauge(name, Description.of(text), now);
    }

    private static void bytes(PerfCounters group, String name, String text, LongSupplier now) {
        group.gauge(name, Description.bytes(text), now);
    }

    private long count(java.util.function.IntPredicate osds) {
        return java.util.stream.IntStream.range(0, map().maxOsd()).filter(osds).count();
    }

    private long groups(long states) {
        return services.pgMap().pgs().values().stream()
                .filter(s -> (s.state() & states) == states)
                .count();
    }

    private long total(ObjectStats.Counter counter) {
        return services.pgMap().total().get(counter);
    }
}
