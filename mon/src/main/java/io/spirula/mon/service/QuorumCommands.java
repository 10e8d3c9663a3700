package io.spirula.mon.service;

import io.spirula.common.command.CommandCall;
import io.spirula.common.command.CommandTable;
import io.spirula.common.command.Json;
import io.spirula.common.command.Outcome;
import io.spirula.common.maps.MonMap;
import io.spirula.common.types.Errno;
import io.spirula.mon.Services;
import io.spirula.mon.quorum.QuorumStatus;
import io.spirula.mon.quorum.TimeCheck;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/** The commands that tell how the quorum is, and whether it could do without somebody. Source of their answers: mon/Monitor.cc and mon/MonmapMonitor.cc. */
public final class QuorumCommands {
    private static final String FEATURES = "4540138314316775423";
    private static final String REQUIRED = "2449958747317026820";

    private final String name;
    private final Services services;

    public QuorumCommands(String name, Services services) {
        this.name = name;
        this.services = services;
    }

    public void register(CommandTable table) {
        table.add("time-sync-status", "show time sync status", "mon", "r", this::timeSync);
        table.add("quorum_status", "report status of monitor quorum", "mon", "r", this::quorumStatus);
        table.add("mon_status", "report status of monitors", "mon", "r", 33, c -> Json.answer(c, monStatus()));
        table.add("mon stat", "summarize monitor status", "mon", "r", this::stat);
        table.add(
                "mon ok-to-stop name=ids,type=CephString,n=N",
                "check whether mon(s) can be safely stopped without reducing immediate availability",
                "mon",
                "r",
                this::okToStop);
        table.add(
                "mon ok-to-add-offline",
                "check whether adding a mon and not starting it would break quorum",
                "mon",
                "r",
                c -> isQuorum(quorum().size(), map().size() + 1)
                        ? Outcome.text("adding another mon that is not yet online will not break quorum")
                        : Outcome.refused(
                                Errno.EBUSY, "adding a monitor may break quorum (until that monitor starts)"));
        table.add(
                "mon ok-to-rm name=id,type=CephString",
                "check whether removing the specified mon would break quorum",
                "mon",
                "r",
                this::okToRemove);
    }

    private MonMap map() {
        return services.monmap().map();
    }

    private SortedSet<Integer> quorum() {
        return services.quorum().get().quorum();
    }

    private static boolean isQuorum(int members, int of) {
        return members >= of / 2 + 1;
    }

    static List<String> names(MonMap map, Iterable<Integer> ranks) {
        List<String> names = new ArrayList<>();
        for (int rank : ranks) {
            if (rank < map.size()) {
                names.add(map.ranks().get(rank));
            }
        }
        return names;
    }

    private static String leader(MonMap map, QuorumStatus status) {
        return status.leader() < 0 || status.leader() >= map.size()
                ? ""
                : map.ranks().get(status.leader());
    }

    /** {@code 3 daemons, quorum a,b (age 5m), out of quorum: c}. */
    static String summary(Services services) {
        MonMap map = services.monmap().map();
        QuorumStatus status = services.quorum().get();
        List<String> out = new ArrayList<>(map.ranks());
        out.removeAll(names(map, status.quorum()));
        return map.size() + " daemons, quorum " + String.join(",", names(map, status.quorum())) + " (age "
                + Stamps.span(status.age()) + ")" + (out.isEmpty() ? "" : ", out of quorum: " + String.join(", ", out));
    }

    private Outcome timeSync(CommandCall call) {
        TimeCheck.Status status = services.clocks().get();
        Json all = Json.object();
        Json clocks = Json.object();
        status.skews().forEach((rank, skew) -> {
            boolean isSkewed = Math.abs(skew) > status.allowedSeconds();
            Json one = Json.object()
                    .put("skew", skew)
                    .put("latency", status.latencies().getOrDefault(rank, 0.0))
                    .put("health", isSkewed ? "HEALTH_WARN" : "HEALTH_OK");
            if (isSkewed) {
                one.put(
                        "details",
                        "clock skew " + TimeCheck.text(skew) + "s > max " + TimeCheck.text(status.allowedSeconds())
                                + "s");
            }
            clocks.put(names(map(), List.of(rank)).stream().findFirst().orElse("?"), one);
        });
        if (!status.skews().isEmpty() && map().size() > 1) {
            all.put("time_skew_status", clocks);
        }
        all.put(
                "timechecks",
                Json.object()
                        .put("epoch", services.quorum().get().electionEpoch())
                        .put("round", status.round())
                        .put("round_status", status.round() % 2 == 1 ? "on-going" : "finished"));
        return Json.answer(call, all);
    }

    private Outcome quorumStatus(CommandCall call) {
        QuorumStatus status = services.quorum().get();
        MonMap map = map();
        Json json = Json.object()
                .put("election_epoch", status.electionEpoch())
                .put("quorum", List.copyOf(status.quorum()))
                .put("quorum_names", names(map, status.quorum()))
                .put("quorum_leader_name", leader(map, status))
                .put("quorum_age", status.age().toSeconds())
                .put("features", Json.object().put("quorum_con", FEATURES).put("quorum_mon", MonMap.FEATURE_NAMES))
                .put("monmap", MapPrinting.monMap(map));
        return call.format().equals("plain")
                ? Outcome.output(Json.render(json, "json").utf8() + "\n")
                : Json.answer(call, json);
    }

    private Json monStatus() {
        QuorumStatus status = services.quorum().get();
        return Json.object()
                .put("name", name)
                .put("rank", status.rank())
                .put("state", status.state().toString())
                .put("election_epoch", status.electionEpoch())
                .put("quorum", List.copyOf(status.quorum()))
                .put("quorum_age", status.age().toSeconds())
                .put(
                        "features",
                        Json.object()
                                .put("required_con", REQUIRED)
                                .put("required_mon", MonMap.FEATURE_NAMES)
                                .put("quorum_con", FEATURES)
                                .put("quorum_mon", MonMap.FEATURE_NAMES))
                .put("outside_quorum", status.state().isInQuorum() ? List.of() : List.copyOf(status.outside()))
                .put("extra_probe_peers", List.of())
                .put("sync_provider", List.of())
                .put("monmap", MapPrinting.monMap(map()))
                .put("feature_map", StatusCommands.featureMap(services))
                .put("stretch_mode", map().stretchMode());
    }

    private Outcome stat(CommandCall call) {
        MonMap map = map();
        QuorumStatus status = services.quorum().get();
        if (call.format().equals("plain")) {
            StringBuilder mons = new StringBuilder();
            map.monitors()
                    .forEach((n, info) -> mons.append(mons.isEmpty() ? "" : ",")
                            .append(n)
                            .append('=')
                            .append(info.addrs()));
            return Outcome.output("e" + map.epoch() + ": " + map.size() + " mons at {" + mons
                    + "} removed_ranks: {}, election epoch " + status.electionEpoch() + ", leader " + status.leader()
                    + " " + leader(map, status) + ", quorum " + joined(status.quorum()) + " "
                    + String.join(",", names(map, status.quorum())) + "\n");
        }
        return Json.answer(
                call,
                Json.object()
                        .put("epoch", map.epoch())
                        .put("min_mon_release_name", map.minMonRelease().toString())
                        .put("num_mons", map.size())
                        .put("leader", leader(map, status))
                        .put(
                                "quorum",
                                Json.list(
                                        status.quorum(),
                                        rank -> Json.object()
                                                .put("rank", rank)
                                                .put("name", map.ranks().get(rank)))));
    }

    private static String joined(Iterable<Integer> ranks) {
        List<String> texts = new ArrayList<>();
        ranks.forEach(r -> texts.add(Integer.toString(r)));
        return String.join(",", texts);
    }

    private Outcome okToStop(CommandCall call) {
        call.require("ids");
        List<String> ids = call.strings("ids");
        List<String> left = names(map(), quorum());
        left.removeAll(ids);
        String of = "[" + String.join(",", new TreeSet<>(ids)) + "]";
        return isQuorum(left.size(), map().size())
                ? Outcome.text("quorum should be preserved (" + String.join(",", left) + ") after stopping " + of)
                : Outcome.refused(
                        Errno.EBUSY,
                        "not enough monitors would be available (" + String.join(",", left) + ") after stopping mons "
                                + of);
    }

    private Outcome okToRemove(CommandCall call) {
        call.require("id");
        String id = call.string("id");
        if (map().rank(id) < 0) {
            return Outcome.text("mon." + id + " does not exist");
        }
        List<String> left = names(map(), quorum());
        left.remove(id);
        int total = map().size() - 1;
        return isQuorum(left.size(), total)
                ? Outcome.text("safe to remove mon." + id)
                : Outcome.refused(Errno.EBUSY, "removing mon." + id + " would break quorum");
    }
}
