package io.spirula.osd.daemon;

import io.spirula.common.command.CommandCall;
import io.spirula.common.command.CommandTable;
import io.spirula.common.command.Json;
import io.spirula.common.command.Outcome;
import io.spirula.common.maps.OsdMap;
import io.spirula.common.pg.OsdStat;
import io.spirula.common.pg.PingDump;
import io.spirula.common.types.EntityAddr;
import io.spirula.common.types.ShardPgId;
import io.spirula.osd.pg.PgHost;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** What of an OSD's surroundings an administrator may look at and push: its peers' answers, the blocklist, its reports. Source of the answers: osd/OSD.cc, OSD::asok_command. */
final class OsdInspection {
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'+0000'").withZone(ZoneOffset.UTC);

    /** What the daemon does when it is asked to. */
    interface Daemon {
        Map<Integer, OsdStat.PingTimes> pingTimes();

        /** Reports to the manager; the report's number. */
        long reportNow();

        void beaconNow();

        void askForNewestMap();
    }

    private final PgHost host;
    private final Daemon osd;
    private final Collection<ShardPgId> groups;

    /** @param microseconds the slowest of the last minutes */
    private record Ping(int peer, String network, long microseconds, int lastUpdate, OsdStat.Network times) {}

    /** @param groups those that are here, at any time */
    OsdInspection(PgHost host, Daemon osd, Collection<ShardPgId> groups) {
        this.host = host;
        this.osd = osd;
        this.groups = groups;
    }

    void register(CommandTable table) {
        table.add(
                "dump_osd_network name=value,type=CephInt,req=false",
                "Dump osd heartbeat network ping times",
                "osd",
                "r",
                this::network);
        table.add("dump_blocklist", "dump blocklisted clients and times", "osd", "r", this::blocklist);
        table.add("get_mapped_pools", "dump pools whose PG(s) are mapped to this OSD.", "osd", "r", this::pools);
        table.add("flush_pg_stats", "flush pg stats", "osd", "r", c -> Outcome.output(osd.reportNow() + "\n"));
        table.add("send_beacon", "send OSD beacon to mon immediately", "osd", "r", c -> done(osd::beaconNow));
        table.add(
                "get_latest_osdmap",
                "force osd to update the latest map from the mon",
                "osd",
                "r",
                c -> done(osd::askForNewestMap));
        // What is acknowledged is durable: there is no journal that it could wait in.
        table.add("flush_journal", "flush the journal to permanent store", "osd", "rw", c -> done(() -> {}));
        table.add(
                "cluster_log name=level,type=CephChoices,strings=error name=message,type=CephString,n=N",
                "log a message to the cluster log",
                "osd",
                "rw",
                c -> done(() -> host.clusterLog().error(String.join(" ", c.strings("message")))));
    }

    private static Outcome done(Runnable task) {
        task.run();
        return Outcome.text("");
    }

    /** Only what is at least so slow: by default what the monitors would warn of. */
    private Outcome network(CommandCall call) {
        Duration grace = host.config().span("osd_heartbeat_grace", Duration.ofSeconds(20));
        long threshold;
        if (call.has("value")) {
            threshold = Math.max(0, call.integer("value", 0));
        } else {
            double warn = host.config().real("mon_warn_on_slow_ping_time", 0);
            threshold = (long)
                    (warn != 0 ? warn : grace.toMillis() * host.config().real("mon_warn_on_slow_ping_ratio", 0.05));
        }
        List<Ping> pings = new ArrayList<>();
        osd.pingTimes().forEach((peer, times) -> {
            add(peer, "back", times.lastUpdate(), times.back(), threshold, pings);
            add(peer, "front", times.lastUpdate(), times.front(), threshold, pings);
        });
        pings.sort(Comparator.comparingLong(Ping::microseconds).reversed());
        long now = host.clock().now().getEpochSecond();
        return Json.answer(
                call,
                Json.object()
                        .put("threshold", threshold)
                        .put("entries", Json.list(pings, p -> entry(p, now - p.lastUpdate > grace.toSeconds() * 60))));
    }

    private static void add(
            int peer, String network, int lastUpdate, OsdStat.Network times, long threshold, List<Ping> pings) {
        long slowest = times.average().stream().mapToInt(i -> i).max().orElse(0);
        if (times.last() != 0 && slowest >= threshold * 1000) {
            pings.add(new Ping(peer, network, slowest, lastUpdate, times));
        }
    }

    private Json entry(Ping p, boolean stale) {
        return Json.object()
                .put("last update", PingDump.day(p.lastUpdate))
                .put("stale", stale)
                .put("from osd", host.whoami())
                .put("to osd", p.peer)
                .put("interface", p.network)
                .putAll(PingDump.network(p.times));
    }

    private Outcome blocklist(CommandCall call) {
        OsdMap map = host.map();
        List<Object> entries = new ArrayList<>();
        map.blocklist().forEach((addr, until) -> entries.add(blocked(addr, until)));
        map.rangeBlocklist().forEach((addr, until) -> entries.add(blocked(addr, until)));
        return Json.answer(call, entries);
    }

    private static Json blocked(EntityAddr addr, Instant until) {
        return Json.object().put("entity_addr_t", Json.address(addr)).put("expire_time", STAMP.format(until));
    }

    private Outcome pools(CommandCall call) {
        TreeSet<Long> pools = new TreeSet<>();
        groups.forEach(id -> pools.add(id.pg().pool()));
        return Json.answer(call, pools);
    }
}
