package io.spirula.mon.service;

import io.spirula.common.command.CommandCall;
import io.spirula.common.command.CommandTable;
import io.spirula.common.command.Json;
import io.spirula.common.command.Outcome;
import io.spirula.common.command.Refusal;
import io.spirula.common.encoding.Bytes;
import io.spirula.common.format.TextTable;
import io.spirula.common.maps.Osd;
import io.spirula.common.maps.OsdMap;
import io.spirula.common.maps.PgPool;
import io.spirula.common.maps.UpActing;
import io.spirula.common.types.Errno;
import io.spirula.common.types.PgId;
import io.spirula.crush.CrushContent;
import io.spirula.crush.CrushMap;
import io.spirula.mon.Services;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The commands that show the OSD map. Source of their answers: mon/OSDMonitor.cc. */
public final class OsdQueries {
    private final Services services;

    public OsdQueries(Services services) {
        this.services = services;
    }

    public void register(CommandTable table) {
        table.add("osd stat", "print summary of OSD map", "osd", "r", this::stat);
        table.add(
                "osd dump name=epoch,type=CephInt,range=0,req=false",
                "print summary of OSD map",
                "osd",
                "r",
                this::dump);
        table.add(
                "osd tree name=epoch,type=CephInt,range=0,req=false"
                        + " name=states,type=CephChoices,n=N,req=false,strings=up|down|in|out|destroyed",
                "print OSD tree",
                "osd",
                "r",
                this::tree);
        table.add("osd ls name=epoch,type=CephInt,range=0,req=false", "show all OSD ids", "osd", "r", this::list);
        table.add("osd getmap name=epoch,type=CephInt,range=0,req=false", "get OSD map", "osd", "r", this::getMap);
        table.add(
                "osd getcrushmap name=epoch,type=CephInt,range=0,req=false",
                "get CRUSH map",
                "osd",
                "r",
                this::getCrushMap);
        table.add("osd getmaxosd", "show largest OSD id", "osd", "r", this::getMaxOsd);
        table.add(
                "osd find name=id,type=CephOsdName",
                "find osd <id> in the CRUSH map and show its location",
                "osd",
                "r",
                this::find);
        table.add(
                "osd metadata name=id,type=CephOsdName,req=false",
                "fetch metadata for osd {id} (default all)",
                "osd",
                "r",
                this::metadata);
        table.add(
                "osd count-metadata name=property,type=CephString",
                "count OSDs by metadata field property",
                "osd",
                "r",
                c -> Json.answer(c, MonCommands.count(allMetadata(), c.string("property"))));
        table.add(
                "osd versions",
                "check running versions of OSDs",
                "osd",
                "r",
                c -> Json.answer(c, MonCommands.count(allMetadata(), "ceph_version")));
        table.add("osd numa-status", "show NUMA status of OSDs", "osd", "r", this::numa);
        table.add(
                "osd map name=pool,type=CephPoolname name=object,type=CephObjectname"
                        + " name=nspace,type=CephString,req=false",
                "find pg for <object> in <pool> with [namespace]",
                "osd",
                "r",
                this::mapObject);
        table.add("pg map name=pgid,type=CephPgid", "show mapping of pg to osds", "pg", "r", this::mapPg);
        table.add(
                "osd info name=id,type=CephOsdName,req=false",
                "print osd's {id} information (instead of all osds from map)",
                "osd",
                "r",
                this::info);
        table.add(
                "osd tree-from name=epoch,type=CephInt,range=0,req=false name=bucket,type=CephString"
                        + " name=states,type=CephChoices,n=N,req=false,strings=up|down|in|out|destroyed",
                "print OSD tree in bucket",
                "osd",
                "r",
                this::tree);
        table.add(
                "osd ls-tree name=epoch,type=CephInt,range=0,req=false name=name,type=CephString,req=true",
                "show OSD ids under bucket <name> in the CRUSH map",
                "osd",
                "r",
                this::listTree);
        table.add(
                "osd last-stat-seq name=id,type=CephOsdName",
                "get the last pg stats sequence number reported for this osd",
                "osd",
                "r",
                this::lastStatistics);
    }

    private static final List<String> STATES = List.of("up", "down", "in", "out", "destroyed");

    private OsdMap map() {
        return services.osdmap().map();
    }

    /** The map of the epoch that the command asks for, or the newest. */
    private OsdMap map(CommandCall call) {
        long epoch = MonmapCommands.epoch(call, map().epoch());
        OsdMap older = services.osdmap().mapOf(epoch);
        if (older == null) {
            throw new Refusal(Errno.ENOENT, "there is no map for epoch " + epoch);
        }
        return older;
    }

    static Json statJson(OsdMap map, int remapped) {
        return Json.object()
                .put("epoch", map.epoch())
                .put("num_osds", map.numOsds())
                .put("num_up_osds", map.numUpOsds())
                .put("osd_up_since", map.lastUpChange().getEpochSecond())
                .put("num_in_osds", map.numInOsds())
                .put("osd_in_since", map.lastInChange().getEpochSecond())
                .put("num_remapped_pgs", remapped);
    }

    /** {@code 3 osds: 3 up (since 26s), 3 in (since 33s)}. */
    static String statText(OsdMap map, Instant now) {
        return map.numOsds() + " osds: " + map.numUpOsds() + " up" + since(map.lastUpChange(), now) + ", "
                + map.numInOsds() + " in" + since(map.lastInChange(), now);
    }

    private static String since(Instant then, Instant now) {
        return then.getEpochSecond() <= 0 ? "" : " (since " + Stamps.span(Duration.between(then, now)) + ")";
    }

    private Outcome stat(CommandCall call) {
        OsdMap map = map();
        int remapped = new ClusterUsage(services).remapped();
        if (!call.format().equals("plain")) {
            return Json.answer(call, statJson(map, remapped));
        }
        String flags = String.join(
                ",",
                io.spirula.common.maps.OsdMapFlag.names(map.flags()).stream()
                        .filter(f -> !List.of("sortbitwise", "recovery_deletes", "purged_snapdirs", "pglog_hardlimit")
                                .contains(f))
                        .toList());
        return Outcome.output(statText(map, services.health().now()) + "; epoch: e" + map.epoch()
                + (remapped > 0 ? "; " + remapped + " remapped pgs" : "") + (flags.isEmpty() ? "" : "\nflags " + flags)
                + "\n");
    }

    private Outcome dump(CommandCall call) {
        OsdMap map = map(call);
        return call.format().equals("plain")
                ? Outcome.output(map.print().replaceAll("\n+", "\n"))
                : Json.answer(call, MapPrinting.osdMap(map));
    }

    private Outcome tree(CommandCall call) {
        OsdMap map = map(call);
        boolean below = call.prefix().equals("osd tree-from");
        if (below && CrushEdits.decoded(map).itemId(call.string("bucket")) == null) {
            return Outcome.refused(Errno.ENOENT, "bucket '" + call.string("bucket") + "' does not exist");
        }
        List<String> states = call.strings("states");
        long life = states.stream()
                .filter(st -> List.of("up", "down", "destroyed").contains(st))
                .count();
        for (String state : states) {
            if (!STATES.contains(state)) {
                return Outcome.refused(Errno.EINVAL, "unrecognized state '" + CommandCall.shown(state) + "'");
            }
        }
        if (states.contains("in") && states.contains("out")) {
            return Outcome.refused(Errno.EINVAL, "cannot specify both 'in' and 'out'");
        }
        if (life > 1) {
            return Outcome.refused(Errno.EINVAL, "can specify only one of 'up', 'down' and 'destroyed'");
        }
        OsdTree tree = new OsdTree(map, states, call.string("bucket", ""));
        return call.format().equals("plain") ? Outcome.output(tree.text()) : Json.answer(call, tree.json());
    }

    private Outcome listTree(CommandCall call) {
        OsdMap map = map(call);
        CrushMap crush = CrushEdits.decoded(map);
        String name = call.string("name");
        Integer id = crush.itemId(name);
        if (id == null) {
            return Outcome.refused(Errno.ENOENT, '"' + name + "\" does not exist");
        }
        List<Integer> osds = crush.leaves(id).stream()
                .filter(map::exists)
                .sorted()
                .distinct()
                .toList();
        return OsdIds.listed(call, osds);
    }

    private Outcome lastStatistics(CommandCall call) {
        int osd = OsdIds.of(call);
        if (osd < 0) {
            return Outcome.refused(Errno.ENOENT, "osd." + osd + " does not exist");
        }
        var stat = services.pgMap().osds().get(osd);
        long sequence = stat == null ? 0 : stat.sequence();
        return call.format().equals("plain") ? Outcome.output(sequence + "\n") : Outcome.output("");
    }

    private static Object osdJson(OsdMap map, int osd) {
        return MapPrinting.written(f -> map.dumpOsd(osd, f));
    }

    private Outcome info(CommandCall call) {
        OsdMap map = map();
        if (call.has("id") && !map.exists(OsdIds.of(call))) {
            return Outcome.refused(Errno.EINVAL, "osd." + OsdIds.of(call) + " does not exist");
        }
        if (!call.format().equals("plain")) {
            return call.has("id")
                    ? Json.answer(call, osdJson(map, OsdIds.of(call)))
                    : Json.answer(call, Json.list(OsdIds.existing(map, o -> true), osd -> osdJson(map, osd)));
        }
        StringBuilder out = new StringBuilder();
        for (int osd : call.has("id") ? List.of(OsdIds.of(call)) : OsdIds.existing(map, o -> true)) {
            out.append(map.printOsd(osd)).append('\n');
        }
        return Outcome.output(out.toString());
    }

    private Outcome list(CommandCall call) {
        map(call); // an older epoch must be there, and yet pacific lists what is there today
        return OsdIds.listed(call, OsdIds.existing(map(), o -> true));
    }

    private Outcome getMap(CommandCall call) {
        OsdMap map = map(call);
        return Outcome.output(map.encoded()).withText("got osdmap epoch " + map.epoch());
    }

    private Outcome getCrushMap(CommandCall call) {
        OsdMap map = map(call);
        return Outcome.output(map.crush()).withText(Integer.toString(map.crushVersion()));
    }

    private Outcome getMaxOsd(CommandCall call) {
        OsdMap map = map();
        return call.format().equals("plain")
                ? Outcome.output("max_osd = " + map.maxOsd() + " in epoch " + map.epoch() + "\n")
                : Json.answer(call, Json.object().put("epoch", map.epoch()).put("max_osd", map.maxOsd()));
    }

    private int existing(CommandCall call) {
        int osd = OsdIds.of(call);
        if (!map().exists(osd)) {
            throw new Refusal(Errno.ENOENT, "osd." + osd + " does not exist");
        }
        return osd;
    }

    private Outcome find(CommandCall call) {
        call.require("id");
        int osd = existing(call);
        Osd row = map().osd(osd);
        Map<String, String> metadata = services.osdmap().metadata(osd);
        Json json = Json.object()
                .put("osd", osd)
                .put("addrs", MapPrinting.addrs(row.client()))
                .put("osd_fsid", row.uuid().toString());
        for (String[] pair : new String[][] {
            {"hostname", "host"},
            {"pod_name", "pod_name"},
            {"pod_namespace", "pod_namespace"},
            {"container_name", "container_name"}
        }) {
            if (metadata.containsKey(pair[0])) {
                json.put(pair[1], metadata.get(pair[0]));
            }
        }
        Json location = Json.object();
        TreeMap<String, String> sorted = new TreeMap<>();
        for (CrushContent.Location l : CrushMap.decode(map().crush().toArray()).fullLocation(osd)) {
            sorted.put(l.type(), l.name());
        }
        sorted.forEach(location::put);
        return Json.answer(call, json.put("crush_location", location));
    }

    private Json metadataJson(int osd) {
        Json json = Json.object().put("id", osd);
        services.osdmap().metadata(osd).forEach(json::put);
        return json;
    }

    private List<Map<String, String>> allMetadata() {
        List<Map<String, String>> all = new ArrayList<>();
        for (int osd = 0; osd < map().maxOsd(); osd++) {
            if (map().exists(osd)) {
                all.add(services.osdmap().metadata(osd));
            }
        }
        return all;
    }

    private Outcome metadata(CommandCall call) {
        if (OsdIds.of(call) != -1) {
            return Json.answer(call, metadataJson(existing(call)));
        }
        List<Object> all = new ArrayList<>();
        for (int osd = 0; osd < map().maxOsd(); osd++) {
            if (map().exists(osd)) {
                all.add(metadataJson(osd));
            }
        }
        return Json.answer(call, all);
    }

    private Outcome numa(CommandCall call) {
        List<Object> all = new ArrayList<>();
        TextTable table = new TextTable("OSD", "HOST", "NETWORK", "STORAGE", "AFFINITY", "CPUS").right(0, 2, 3, 4);
        for (int osd = 0; osd < map().maxOsd(); osd++) {
            if (map().exists(osd)) {
                String host = services.osdmap().metadata(osd).getOrDefault("hostname", "");
                all.add(Json.object().put("osd", osd).put("host", host));
                table.row(Integer.toString(osd), host, "-", "-", "-", "-");
            }
        }
        return call.format().equals("plain") ? Outcome.output(table.toString()) : Json.answer(call, all);
    }

    static String list(List<Integer> osds) {
        return osds.toString().replace(" ", "").replace("2147483647", "NONE");
    }

    private Outcome mapObject(CommandCall call) {
        OsdMap map = map();
        String name = call.string("pool");
        String object = call.string("object");
        String namespace = call.string("nspace");
        long id = map.poolId(name);
        PgPool pool = map.pool(id);
        if (pool == null) {
            return Outcome.refused(Errno.ENOENT, "pool " + name + " does not exist");
        }
        int hash = pool.hashKey(Bytes.of(object), Bytes.of(namespace));
        PgId raw = new PgId(id, hash);
        PgId pg = new PgId(id, pool.pgOf(hash));
        UpActing where = map.pgToUpActing(pg);
        if (call.format().equals("plain")) {
            String shown = namespace.isEmpty() ? object : namespace + "/" + object;
            return Outcome.output("osdmap e" + map.epoch() + " pool '" + name + "' (" + id + ") object '" + shown
                    + "' -> pg " + raw + " (" + pg + ") -> up (" + list(where.up()) + ", p" + where.upPrimary()
                    + ") acting (" + list(where.acting()) + ", p" + where.actingPrimary() + ")\n");
        }
        return Json.answer(
                call,
                Json.object()
                        .put("epoch", map.epoch())
                        .put("pool", name)
                        .put("pool_id", id)
                        .put("objname", namespace.isEmpty() ? object : namespace + "/" + object)
                        .put("raw_pgid", raw.toString())
                        .put("pgid", pg.toString())
                        .put("up", where.up())
                        .put("up_primary", where.upPrimary())
                        .put("acting", where.acting())
                        .put("acting_primary", where.actingPrimary()));
    }

    private Outcome mapPg(CommandCall call) {
        OsdMap map = map();
        PgId raw = PgId.parse(call.string("pgid"));
        PgPool pool = map.pool(raw.pool());
        if (pool == null) {
            return Outcome.refused(Errno.ENOENT, "pg '" + raw + "' does not exist");
        }
        PgId pg = map.rawPgToPg(raw);
        UpActing where = map.pgToUpActing(pg);
        if (call.format().equals("plain")) {
            return Outcome.output("osdmap e" + map.epoch() + " pg " + raw + " (" + pg + ") -> up " + list(where.up())
                    + " acting " + list(where.acting()) + "\n");
        }
        return Json.answer(
                call,
                Json.object()
                        .put("epoch", map.epoch())
                        .put("raw_pgid", raw.toString())
                        .put("pgid", pg.toString())
                        .put("up", where.up())
                        .put("acting", where.acting()));
    }
}
