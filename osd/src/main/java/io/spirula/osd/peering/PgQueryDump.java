package io.spirula.osd.peering;

import io.spirula.common.command.Json;
import io.spirula.common.format.Times;
import io.spirula.common.pg.PgDump;
import io.spirula.common.pg.PgShard;
import io.spirula.common.pg.PgState;
import io.spirula.common.pg.PgStats;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The answer to {@code pg query}, as far as peering knows it. Source: PeeringState::dump_peering_state and the states' reactions to QueryState. */
final class PgQueryDump {
    private final PgCore core;
    private final PeeringState state;
    private final PeeringTimes times;

    PgQueryDump(PgCore core, PeeringState state, PeeringTimes times) {
        this.core = core;
        this.state = state;
        this.times = times;
    }

    /**
     * @param stats as they are reported now
     * @param recovery the member {@code recovery_progress}
     */
    Json of(PgStats stats, Json recovery) {
        Json json = Json.object()
                .put("snap_trimq", "[]")
                .put("snap_trimq_len", 0)
                .put("state", PgState.names(stats.state()))
                .put("epoch", Integer.toUnsignedLong(core.map.epoch()))
                .put("up", core.map.up())
                .put("acting", core.map.acting());
        if (!core.backfillTargets.isEmpty()) {
            json.put("backfill_targets", PgDump.shards(core.backfillTargets));
        }
        if (!core.asyncRecoveryTargets.isEmpty()) {
            json.put("async_recovery_targets", PgDump.shards(core.asyncRecoveryTargets));
        }
        if (!core.participants.isEmpty()) {
            json.put("acting_recovery_backfill", PgDump.shards(core.participants));
        }
        json.put("info", PgDump.info(PgInfos.withStats(core.info, stats)));
        json.put(
                "peer_info",
                Json.list(
                        core.peerInfo.entrySet(),
                        e -> Json.object().put("peer", e.getKey().toString()).putAll(PgDump.info(e.getValue()))));
        return json.put("recovery_state", states(recovery));
    }

    /** The states that have something to say, the innermost first. */
    private List<Object> states(Json recovery) {
        List<Object> states = new ArrayList<>();
        switch (state) {
            case PeeringState.Initial s -> {}
            case PeeringState.Reset s -> states.add(named("Reset"));
            case PeeringState.WaitActingChange s ->
                states.add(leaf().put("comment", "waiting for pg acting set to change"));
            case PeeringState.Peering s -> {
                states.add(peeringLeaf(s));
                states.add(peering(s.prior()));
            }
            case PeeringState.Active s ->
                states.add(named("Started/Primary/Active")
                        .put("might_have_unfound", mightHaveUnfound(core.unfound.candidates()))
                        .put("recovery_progress", recovery));
            case PeeringState.Stray s -> {}
            case PeeringState.ReplicaActive s -> states.add(named("Started/ReplicaActive"));
        }
        if (state.cephName().startsWith("Started")) {
            states.add(named("Started"));
        }
        return states;
    }

    private Json peeringLeaf(PeeringState.Peering peering) {
        return switch (peering) {
            case PeeringState.GetInfo s -> leaf().put("requested_info_from", requested(s.awaited()));
            case PeeringState.GetLog s ->
                leaf().put("auth_log_shard", s.authority().toString());
            case PeeringState.GetMissing s -> leaf().put("peer_missing_requested", requested(s.awaited()));
            case PeeringState.WaitUpThru s ->
                leaf().put("comment", "waiting for osdmap to reflect a new up_thru for this osd");
            case PeeringState.Down s -> leaf().put("comment", "not enough up instances of this PG to go active");
            case PeeringState.Incomplete s -> leaf().put("comment", "not enough complete instances of this PG");
            case PeeringState.WaitActingChange s -> leaf();
        };
    }

    private static List<Object> requested(Iterable<PgShard> awaited) {
        return Json.list(awaited, shard -> Json.object().put("osd", shard.toString()));
    }

    private Json peering(PriorSet prior) {
        Json json = named("Started/Primary/Peering")
                .put("past_intervals", PgDump.intervals(core.past))
                .put("probing_osds", PgDump.shards(prior.probe()));
        if (prior.pgDown()) {
            json.put("blocked", "peering is blocked due to down osds");
        }
        json.put("down_osds_we_would_probe", List.copyOf(prior.down()))
                .put("peering_blocked_by", Json.list(prior.blockedBy().entrySet(), PgQueryDump::blocking));
        if (core.historyBinds) {
            Json detail = Json.object().put("detail", "peering_blocked_by_history_les_bound");
            json.put("peering_blocked_by_detail", List.of(detail));
        }
        return json;
    }

    private static Json blocking(Map.Entry<Integer, Integer> osd) {
        return Json.object()
                .put("osd", osd.getKey())
                .put("current_lost_at", Integer.toUnsignedLong(osd.getValue()))
                .put("comment", "starting or marking this osd lost may let us proceed");
    }

    private List<Object> mightHaveUnfound(Iterable<PgShard> shards) {
        return Json.list(
                shards, shard -> Json.object().put("osd", shard.toString()).put("status", core.unfound.status(shard)));
    }

    /** Source: the states' reactions to QueryUnfound; PeeringState::query_unfound. */
    Json unfound() {
        String leaf = state.cephName().substring(state.cephName().lastIndexOf('/') + 1);
        if (!(state instanceof PeeringState.Active)) {
            return Json.object().put("state", leaf).put("available_might_have_unfound", false);
        }
        boolean paused = state instanceof RecoveryState.NotRecovering || state instanceof RecoveryState.NotBackfilling;
        List<PgShard> others = core.unfound.candidates().stream()
                .filter(shard -> !core.peerMissing.containsKey(shard))
                .toList();
        return Json.object()
                .put("state", paused ? leaf : "Active")
                .put("available_might_have_unfound", true)
                .put("might_have_unfound", mightHaveUnfound(others));
    }

    private Json leaf() {
        return named(state.cephName());
    }

    private Json named(String name) {
        return Json.object().put("name", name).put("enter_time", Times.local(times.of(name)));
    }
}
