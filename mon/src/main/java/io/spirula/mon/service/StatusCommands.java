package io.spirula.mon.service;

import io.spirula.common.command.CommandCall;
import io.spirula.common.command.CommandTable;
import io.spirula.common.command.Json;
import io.spirula.common.command.Outcome;
import io.spirula.common.command.Refusal;
import io.spirula.common.env.Clock;
import io.spirula.common.maps.MonMap;
import io.spirula.common.maps.OsdMap;
import io.spirula.common.maps.ReleaseFeatures;
import io.spirula.common.message.LogEntry;
import io.spirula.common.types.EntityType;
import io.spirula.common.types.Errno;
import io.spirula.mon.Services;
import io.spirula.mon.quorum.QuorumStatus;
import io.spirula.mon.session.ConnectedFeatures;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The commands that tell how the cluster is. Source of their answers: mon/Monitor.cc and mon/HealthMonitor.cc. */
public final class StatusCommands {
    private final Services services;
    private final Clock clock;
    private final Map<String, String> metadata;
    private final ClusterUsage usage;
    private final ProgressCommands progress;
    private final DfCommand df;
    private final HealthCommands health;

    public StatusCommands(Services services, Clock clock, Map<String, String> metadata) {
        this.services = services;
        this.clock = clock;
        this.metadata = metadata;
        usage = new ClusterUsage(services);
        progress = new ProgressCommands(services.progress(), services.config(), clock::now);
        df = new DfCommand(services);
        health = new HealthCommands(services.health(), clock);
    }

    public void register(CommandTable table) {
        health.register(table);
        table.add(
                "log name=logtext,type=CephString,n=N", "log supplied text to the monitor log", "mon", "rw", this::log);
        table.add(
                "log last name=num,type=CephInt,range=1,req=false"
                        + " name=level,type=CephChoices,req=false,strings=debug|info|sec|warn|error"
                        + " name=channel,type=CephChoices,req=false,strings=*|cluster|audit|cephadm",
                "print last few lines of the cluster log",
                "mon",
                "r",
                this::logLast);
        table.add(
                "fsid",
                "show cluster FSID/UUID",
                "mon",
                "r",
                c -> c.format().equals("plain")
                        ? Outcome.output(services.monmap().map().fsid() + "\n")
                        : Json.answer(
                                c,
                                Json.object()
                                        .put(
                                                "fsid",
                                                services.monmap().map().fsid().toString())));
        table.add("status", "show cluster status", "mon", "r", this::status);
        table.add(
                "df name=detail,type=CephChoices,req=false,strings=detail",
                "show cluster free space stats",
                "mon",
                "r",
                df::handle);
        table.add("features", "report of connected features", "mon", "r", this::features);
        table.add("versions", "check running versions of ceph daemons", "mon", "r", this::versions);
        new ReportCommand(services, clock, health).register(table);
        table.add(
                "node ls name=type,type=CephChoices,req=false,strings=all|osd|mon|mds|mgr",
                "list all nodes in cluster [type]",
                "mon",
                "r",
                this::nodes);
    }

    private Outcome log(CommandCall call) {
        services.log().say(call.sender(), String.join(" ", call.strings("logtext")));
        return Outcome.committed("");
    }

    private Outcome logLast(CommandCall call) {
        int count = Math.clamp(call.integer("num", 20), 1, 10_000);
        int level = switch (call.string("level", "info")) {
            case "debug" -> LogEntry.Level.DEBUG.code();
            case "sec" -> LogEntry.Level.SECURITY.code();
            case "warn" -> LogEntry.Level.WARN.code();
            case "error" -> LogEntry.Level.ERROR.code();
            case "info" -> LogEntry.Level.INFO.code();
            default ->
                throw new Refusal(Errno.EINVAL, "Invalid severity '" + CommandCall.shown(call.string("level")) + "'");
        };
        List<LogEntry> entries = services.log().last(count, level, call.string("channel", "cluster"));
        if (!call.format().equals("plain")) {
            return Json.answer(
                    call,
                    Json.list(
                            entries,
                            e -> Json.object()
                                    .put("name", e.name().toString())
                                    .put("rank", e.rank().toString())
                                    .put("addrs", MapPrinting.addrs(e.addrs()))
                                    .put("stamp", Stamps.iso(e.stamp()))
                                    .put("seq", e.sequence())
                                    .put("channel", e.channel())
                                    .put("priority", "[" + e.level() + "]")
                                    .put("message", e.text())));
        }
        StringBuilder out = new StringBuilder();
        entries.forEach(e -> out.append(line(e)).append('\n'));
        return Outcome.output(out.toString());
    }

    /** A line of the cluster log as Ceph prints it. */
    static String line(LogEntry e) {
        return Stamps.iso(e.stamp()) + " " + e.name() + " (" + e.rank() + ") " + e.sequence() + " : " + e.channel()
                + " [" + e.level() + "] " + e.text();
    }

    private Outcome status(CommandCall call) {
        return call.format().equals("plain") ? Outcome.output(statusText()) : Json.answer(call, statusJson());
    }

    private Json statusJson() {
        MonMap mons = services.monmap().map();
        var mgr = services.mgrmap().map();
        QuorumStatus quorum = services.quorum().get();
        return Json.object()
                .put("fsid", mons.fsid().toString())
                .put("health", health.json(false))
                .put("election_epoch", quorum.electionEpoch())
                .put("quorum", List.copyOf(quorum.quorum()))
                .put("quorum_names", QuorumCommands.names(mons, quorum.quorum()))
                .put("quorum_age", quorum.age().toSeconds())
                .put(
                        "monmap",
                        Json.object()
                                .put("epoch", mons.epoch())
                                .put(
                                        "min_mon_release_name",
                                        mons.minMonRelease().toString())
                                .put("num_mons", mons.size()))
                .put("osdmap", OsdQueries.statJson(services.osdmap().map(), usage.remapped()))
                .put("pgmap", usage.json())
                .put(
                        "fsmap",
                        Json.object().put("epoch", 1).put("by_rank", List.of()).put("up:standby", 0))
                .put(
                        "mgrmap",
                        Json.object()
                                .put("available", mgr.available())
                                .put("num_standbys", mgr.standbys().size())
                                .put("modules", List.copyOf(mgr.modules()))
                                .put("services", Json.object()))
                .put("servicemap", ManagerCommands.serviceMap(services))
                .put("progress_events", progress.statusJson());
    }

    private String statusText() {
        OsdMap map = services.osdmap().map();
        var mgr = services.mgrmap().map();
        StringBuilder out =
                new StringBuilder("  cluster:\n    id:     ").append(map.fsid()).append('\n');
        out.append("    health: ").append(services.health().status()).append('\n');
        health.summaries().forEach(s -> out.append("            ").append(s).append('\n'));
        out.append(" \n  services:\n    mon: ")
                .append(QuorumCommands.summary(services))
                .append('\n');
        out.append("    mgr: ");
        if (mgr.available()) {
            out.append(mgr.activeName())
                    .append("(active, since ")
                    .append(Stamps.span(Duration.between(mgr.activeChange(), clock.now())))
                    .append(")\n");
        } else {
            out.append("no daemons active\n");
        }
        out.append("    osd: ").append(OsdQueries.statText(map, clock.now()));
        if (usage.remapped() > 0) {
            out.append("; ").append(usage.remapped()).append(" remapped pgs");
        }
        List<String> flags = warningFlags(map);
        if (!flags.isEmpty()) {
            out.append("\n         flags ").append(String.join(",", flags));
        }
        out.append("\n \n  data:\n")
                .append(usage.text())
                .append(progress.statusText())
                .append(" \n");
        return out.toString();
    }

    private static List<String> warningFlags(OsdMap map) {
        List<String> flags = new ArrayList<>(io.spirula.common.maps.OsdMapFlag.names(map.flags()));
        flags.removeAll(List.of("sortbitwise", "recovery_deletes", "purged_snapdirs", "pglog_hardlimit"));
        return flags;
    }

    private Map<String, Integer> versionsOf(String kind) {
        Map<String, Integer> versions = new TreeMap<>();
        switch (kind) {
            case "mon" ->
                services.monmap().map().ranks().forEach(monitor -> {
                    String v = services.monmap().metadata(monitor).get("ceph_version");
                    if (v != null) {
                        versions.merge(v, 1, Integer::sum);
                    }
                });
            case "mgr" -> versions.put(Version.LONG, 1);
            case "osd" -> {
                OsdMap map = services.osdmap().map();
                for (int osd = 0; osd < map.maxOsd(); osd++) {
                    if (map.isUp(osd)) {
                        String v = services.osdmap().metadata(osd).getOrDefault("ceph_version", "unknown");
                        versions.merge(v, 1, Integer::sum);
                    }
                }
            }
            default -> {}
        }
        return versions;
    }

    static Json counts(Map<String, Integer> counts) {
        Json json = Json.object();
        counts.forEach(json::put);
        return json;
    }

    private Outcome versions(CommandCall call) {
        Json all = Json.object();
        Map<String, Integer> overall = new TreeMap<>();
        for (String kind : List.of("mon", "mgr", "osd", "mds")) {
            Map<String, Integer> versions = versionsOf(kind);
            all.put(kind, counts(versions));
            versions.forEach((v, n) -> overall.merge(v, n, Integer::sum));
        }
        return Json.answer(call, all.put("overall", counts(overall)));
    }

    /** Of one type alone its hosts. There are no metadata servers: asked for alone they are no answer at all. */
    private Outcome nodes(CommandCall call) {
        Json mons = MonmapCommands.byHost(services);
        Json mgrs = Json.object()
                .put(
                        metadata.getOrDefault("hostname", "unknown"),
                        List.of(services.mgrmap().map().activeName()));
        return switch (call.string("type", "all")) {
            case "mon" -> Json.answer(call, mons);
            case "osd" -> Json.answer(call, osdsByHost());
            case "mgr" -> Json.answer(call, mgrs);
            case "mds" -> Outcome.text("");
            default ->
                Json.answer(
                        call,
                        Json.object().put("mon", mons).put("osd", osdsByHost()).put("mgr", mgrs));
        };
    }

    private Json osdsByHost() {
        Map<String, List<Integer>> byHost = new TreeMap<>();
        OsdMap map = services.osdmap().map();
        for (int osd = 0; osd < map.maxOsd(); osd++) {
            if (map.exists(osd)) {
                String h = services.osdmap().metadata(osd).getOrDefault("hostname", "");
                byHost.computeIfAbsent(h, k -> new ArrayList<>()).add(osd);
            }
        }
        byHost.remove("");
        Json osds = Json.object();
        byHost.forEach(osds::put);
        return osds;
    }

    private Outcome features(CommandCall call) {
        return Json.answer(call, featureMap(services));
    }

    static Json featureMap(Services services) {
        ConnectedFeatures connected = services.sessions().features();
        int monitors = Math.max(1, services.quorum().get().quorum().size());
        Json all = Json.object().put("mon", List.of(feature(0x3f01cfbdfffdffffL, monitors)));
        for (EntityType type : List.of(EntityType.OSD, EntityType.MDS, EntityType.CLIENT)) {
            Map<Long, Long> counts = connected.of(type);
            if (!counts.isEmpty()) {
                all.put(type.toString(), Json.list(counts.entrySet(), e -> feature(e.getKey(), e.getValue())));
            }
        }
        return all.put("mgr", List.of(feature(0x3f01cfbdfffdffffL, 1)));
    }

    private static Json feature(long bits, long count) {
        return Json.object()
                .put("features", "0x" + Long.toHexString(bits))
                .put("release", ReleaseFeatures.looksLike(bits).toString())
                .put("num", count);
    }
}
