package io.spirula.mon.service;

import io.spirula.common.command.CommandCall;
import io.spirula.common.command.CommandTable;
import io.spirula.common.command.Json;
import io.spirula.common.command.Outcome;
import io.spirula.common.encoding.Bytes;
import io.spirula.common.env.Clock;
import io.spirula.common.maps.MonMap;
import io.spirula.common.maps.OsdMap;
import io.spirula.common.pg.PgStats;
import io.spirula.crush.CrushDump;
import io.spirula.crush.CrushMap;
import io.spirula.mon.Services;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** {@code ceph report}: all that the monitors know, with a checksum. Source of the answer: Monitor.cc and what each of its services adds. */
public final class ReportCommand {
    /** What a map of file systems says where there has never been one. */
    private static final String FILE_SYSTEMS =
            "{\"epoch\":1,\"default_fscid\":-1,\"compat\":{\"compat\":{},\"ro_compat\":{},"
                    + "\"incompat\":{\"feature_1\":\"base v0.20\",\"feature_2\":\"client writeable ranges\","
                    + "\"feature_3\":\"default file layouts on dirs\",\"feature_4\":\"dir inode in separate object\","
                    + "\"feature_5\":\"mds uses versioned encoding\",\"feature_6\":\"dirfrag is stored in omap\","
                    + "\"feature_8\":\"no anchor table\",\"feature_9\":\"file layout v2\",\"feature_10\":\"snaprealm v2\"}},"
                    + "\"feature_flags\":{\"enable_multiple\":true,\"ever_enabled_multiple\":true},"
                    + "\"standbys\":[],\"filesystems\":[]}";

    private final Services services;
    private final Clock clock;
    private final HealthCommands health;

    ReportCommand(Services services, Clock clock, HealthCommands health) {
        this.services = services;
        this.clock = clock;
        this.health = health;
    }

    void register(CommandTable table) {
        table.add(
                "report name=tags,type=CephString,n=N,req=false",
                "report full status of cluster, optional title tag strings",
                "mon",
                "r",
                this::report);
    }

    private Outcome report(CommandCall call) {
        MonMap mons = services.monmap().map();
        OsdMap osds = services.osdmap().map();
        CrushMap crush = osds.crushMap();
        Json json = Json.object()
                .put("cluster_fingerprint", mons.fsid().toString())
                .put("version", Version.SHORT)
                .put("commit", Version.COMMIT)
                .put("timestamp", Stamps.iso(clock.now()))
                .put("tag", call.strings("tags").stream().findFirst().orElse(""))
                .put("health", health.json(true))
                .put("monmap_first_committed", services.monmap().firstCommitted())
                .put("monmap_last_committed", services.monmap().version())
                .put("monmap", MapPrinting.monMap(mons))
                .put("quorum", List.copyOf(services.quorum().get().quorum()))
                .put("osdmap", MapPrinting.osdMap(osds))
                .put("osd_metadata", osdMetadata(osds))
                .put("osdmap_clean_epochs", cleanEpochs())
                .put("osdmap_first_committed", services.osdmap().firstCommitted())
                .put("osdmap_last_committed", services.osdmap().version())
                .put("crushmap", MapPrinting.dumped(f -> new CrushDump(crush, new MapPrinting.Sink(f)).all()))
                .put("fsmap", Json.raw(FILE_SYSTEMS))
                .put("mdsmap_first_committed", 1)
                .put("mdsmap_last_committed", 1)
                .put("auth", auth())
                .putAll(PgJson.digest(services.pgMap(), osds, crush))
                .put(
                        "purged_snaps",
                        Json.list(
                                osds.pools().keySet(),
                                id -> Json.object().put("pool", id).put("purged_snaps", Json.object())))
                .put("servicemap", ManagerCommands.serviceMap(services))
                .put(
                        "paxos",
                        Json.object()
                                .put("first_committed", services.paxos().firstCommitted())
                                .put("last_committed", services.paxos().lastCommitted())
                                .put("last_pn", 0) // proposals are numbered by elections, and no number is kept
                                .put("accepted_pn", 0));
        Bytes bytes = Json.render(json, call.format());
        return Outcome.output(bytes).withText("report " + Integer.toUnsignedString(bytes.crc32c(-1)));
    }

    private List<Object> osdMetadata(OsdMap map) {
        List<Object> all = new ArrayList<>();
        for (int osd = 0; osd < map.maxOsd(); osd++) {
            if (map.exists(osd)) {
                Json json = Json.object().put("id", osd);
                services.osdmap().metadata(osd).forEach(json::put);
                all.add(json);
            }
        }
        return all;
    }

    /** How far maps may be trimmed: by what groups and OSDs report. */
    private Json cleanEpochs() {
        Map<Long, Long> floors = new TreeMap<>();
        services.pgMap().pgs().forEach((pg, stats) -> floors.merge(pg.pool(), lastEpochClean(stats), Math::min));
        return Json.object()
                .put("min_last_epoch_clean", services.pgMap().minLastEpochClean())
                .put(
                        "last_epoch_clean",
                        Json.object()
                                .put(
                                        "per_pool",
                                        Json.list(
                                                floors.entrySet(),
                                                e -> Json.object()
                                                        .put("poolid", e.getKey())
                                                        .put("floor", e.getValue()))))
                .put(
                        "osd_epochs",
                        Json.list(
                                services.pgMap().epochs().entrySet(),
                                e -> Json.object().put("id", e.getKey()).put("epoch", e.getValue())));
    }

    private static long lastEpochClean(PgStats stats) {
        return Integer.toUnsignedLong(stats.knownCleanIn());
    }

    private Json auth() {
        return Json.object()
                .put("first_committed", services.auth().firstCommitted())
                .put("last_committed", services.auth().version())
                .put("num_secrets", services.auth().entities().size());
    }
}
