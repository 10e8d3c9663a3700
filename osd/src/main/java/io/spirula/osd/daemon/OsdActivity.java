package io.spirula.osd.daemon;

import io.spirula.common.command.CommandCall;
import io.spirula.common.command.CommandTable;
import io.spirula.common.command.Json;
import io.spirula.common.command.Outcome;
import io.spirula.common.format.Times;
import io.spirula.common.types.EntityId;
import io.spirula.common.types.ShardPgId;
import io.spirula.osd.op.ObjectContext;
import io.spirula.osd.peering.PgPeering;
import io.spirula.osd.pg.PgHost;
import io.spirula.osd.pg.PlacementGroup;
import io.spirula.osd.pg.PlacementGroups;
import io.spirula.osd.pg.ScrubScheduler;
import io.spirula.osd.recovery.RecoveryResources;
import io.spirula.osd.recovery.Reserver;
import io.spirula.osd.scrub.OsdScrubs;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** What an OSD's groups do and wait for, as an administrator may look at it: places for recovery and scrubs, who watches, how groups came to where they are. Source of the answers: osd/OSD.cc, OSD::asok_command; common/AsyncReserver.h. */
final class OsdActivity {
    private final PgHost host;
    private final PlacementGroups groups;
    private final ScrubScheduler scrubs;
    private final StoreBench bench;

    OsdActivity(PgHost host, PlacementGroups groups, ScrubScheduler scrubs, StoreBench bench) {
        this.bench = bench;
        this.host = host;
        this.groups = groups;
        this.scrubs = scrubs;
    }

    void register(CommandTable table) {
        table.addLater(
                "bench name=count,type=CephInt,req=false name=size,type=CephInt,req=false"
                        + " name=object_size,type=CephInt,req=false name=object_num,type=CephInt,req=false",
                "OSD benchmark: write <count> <size>-byte objects(with <obj_size> <obj_num>), (default count=1G"
                        + " default size=4MB). Results in log.",
                "osd",
                "rw",
                bench::run);
        table.add("dump_recovery_reservations", "show recovery reservations", "osd", "r", this::recovery);
        table.add("dump_scrub_reservations", "show scrub reservations", "osd", "r", this::scrubPlaces);
        table.add("dump_scrubs", "print scheduled scrubs", "osd", "r", this::scheduled);
        table.add(
                "dump_watchers",
                "show clients which have active watches, and on which objects",
                "osd",
                "r",
                this::watchers);
        table.add("dump_pgstate_history", "show recent state history", "osd", "r", this::states);
    }

    private Outcome recovery(CommandCall call) {
        RecoveryResources places = host.recovery();
        return Json.answer(
                call,
                Json.object()
                        .put("local_reservations", places(places.local()))
                        .put("remote_reservations", places(places.remote())));
    }

    private static Json places(Reserver<ShardPgId> reserver) {
        TreeMap<Integer, List<Reserver.Place<ShardPgId>>> queues = new TreeMap<>();
        reserver.waiting()
                .forEach(p -> queues.computeIfAbsent(p.priority(), k -> new ArrayList<>())
                        .add(p));
        return Json.object()
                .put("max_allowed", reserver.most())
                .put("min_priority", reserver.leastPriority())
                .put(
                        "queues",
                        Json.list(
                                queues.entrySet(),
                                e -> Json.object()
                                        .put("priority", e.getKey())
                                        .put("items", Json.list(e.getValue(), OsdActivity::place))))
                .put("in_progress", Json.list(reserver.held(), OsdActivity::place));
    }

    private static Json place(Reserver.Place<ShardPgId> p) {
        return Json.object()
                .put("item", p.item().toString())
                .put("prio", p.priority())
                .put("can_preempt", p.preemptible());
    }

    private Outcome scrubPlaces(CommandCall call) {
        OsdScrubs places = host.scrubs();
        return Json.answer(
                call,
                Json.object()
                        .put("scrubs_local", places.taken(OsdScrubs.Role.PRIMARY))
                        .put("scrubs_remote", places.taken(OsdScrubs.Role.REPLICA))
                        .put("osd_max_scrubs", places.settings().maxScrubs()));
    }

    private Outcome scheduled(CommandCall call) {
        return Json.answer(
                call,
                Json.list(
                        scrubs.scheduled(),
                        s -> Json.object()
                                .put("pgid", s.pg().toString())
                                .put("sched_time", Times.local(s.due()))
                                .put("deadline", Times.local(s.deadline()))
                                .put("forced", s.forced())));
    }

    private Outcome watchers(CommandCall call) {
        List<Object> all = new ArrayList<>();
        for (PlacementGroup pg : groups.byId().values()) {
            pg.watched().forEach(w -> all.add(watcher(w)));
        }
        return Json.answer(call, all);
    }

    private static Json watcher(PlacementGroup.Watched watched) {
        ObjectContext.Watch w = watched.by();
        return Json.object()
                .put("namespace", watched.object().namespace().utf8())
                .put("object", watched.object().name().utf8())
                .put("entity_name", entity(w.client()))
                .put("cookie", w.cookie())
                .put("timeout", w.timeoutSeconds())
                .put("entity_addr_t", Json.address(w.address()));
    }

    private static Json entity(EntityId client) {
        return Json.object().put("type", client.type().toString()).put("num", client.number());
    }

    private Outcome states(CommandCall call) {
        return Json.answer(
                call, Json.object().put("pgs", Json.list(groups.byId().values(), OsdActivity::states)));
    }

    private static Json states(PlacementGroup pg) {
        List<Object> history = new ArrayList<>();
        PgPeering.Transition before = null;
        for (PgPeering.Transition t : pg.transitions()) {
            if (before != null) {
                Json stay = Json.object()
                        .put("state", before.to())
                        .put("enter", Times.local(before.at()))
                        .put("exit", Times.local(t.at()));
                history.add(Json.object()
                        .put("epoch", Integer.toUnsignedString(before.epoch()))
                        .put("states", List.of(stay)));
            }
            before = t;
        }
        return Json.object()
                .put("pg", pg.id().toString())
                .put("currently", pg.state().cephName())
                .put("history", history);
    }
}
