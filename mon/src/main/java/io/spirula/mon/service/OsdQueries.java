package io.spirula.mon.service;

import io.spirula.common.command.CommandCall;
import io.spirula.common.command.CommandTable;
import io.spirula.common.command.Json;
import io.spirula.common.command.Outcome;
import io.spirula.common.command.Refusal;
import io.spirula.common.encoding.Bytes;
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
import java.util.NavigableMap;
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
                "osd get-require-min-compat-client",
                "get the minimum client version we will maintain compatibility with",
                "osd",
                "r",
                c -> Outcome.output(services.osdmap().map().requireMinCompatClient() + "\n"));
        table.add("osd erasure-code-profile ls", "list all erasure code profiles", "osd", "r", this::profiles);
        table.add(
                "osd erasure-code-profile set name=name,type=CephString,goodchars=[A-Za-z0-9-_.]"
                        + " name=profile,type=CephString,n=N,req=false name=force,type=CephBool,req=false",
                "create erasure code profile <name> with [<key[=value]> ...] pairs. Add a --force at the end to"
                        + " override an existing profile (VERY DANGEROUS)",
                "osd",
                "rw",
                this::setProfile);
        table.add(
                "osd erasure-code-profile rm name=name,type=CephString,goodchars=[A-Za-z0-9-_.]",
                "remove erasure code profile <name>",
                "osd",
                "rw",
                this::removeProfile);
        table.add(
                "osd erasure-code-profile get name=name,type=CephString,goodchars=[A-Za-z0-9-_.]",
                "get erasure code profile <name>",
                "osd",
                "r",
                this::profile);
    }

    private OsdMap map() {
        return services.osdmap().map();
    }

    /** The map of the epoch that the command asks for, or the newest. */
    private OsdMap map(CommandCall call) {
        long epoch = call.integer("epoch", 0);
        if (epoch <= 0) {
            return map();
        }
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
        return call.format().equals("plain") ? Outcome.output(map.print()) : Json.answer(call, MapPrinting.osdMap(map));
    }

    private Outcome tree(CommandCall call) {
        OsdMap map = map(call);
        return call.format().equals("plain")
                ? Outcome.output(new OsdTree(map, call.strings("states")).text())
                : Json.answer(call, new OsdTree(map, call.strings("states")).json());
    }

    private Outcome list(CommandCall call) {
        OsdMap map = map(call);
        List<Integer> ids = new ArrayList<>();
        for (int osd = 0; osd < map.maxOsd(); osd++) {
            if (map.exists(osd)) {
                ids.add(osd);
            }
        }
        if (!call.format().equals("plain")) {
            return Json.answer(call, ids);
        }
        StringBuilder out = new StringBuilder();
        ids.forEach(id -> out.append(id).append('\n'));
        return Outcome.output(out.toString());
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
        int osd = OsdCommands.id(call.string("id"));
        if (!map().exists(osd)) {
            throw new Refusal(Errno.ENOENT, "osd." + osd + " does not exist");
        }
        return osd;
    }

    private Outcome find(CommandCall call) {
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
        if (call.has("id")) {
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
        long id = map.poolId(name);
        PgPool pool = map.pool(id);
        if (pool == null) {
            return Outcome.refused(Errno.ENOENT, "pool " + name + " does not exist");
        }
        String object = call.string("object");
        String namespace = call.string("nspace", "");
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
                        .put("objname", object)
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
        if (pool == null || Integer.compareUnsigned(raw.seed(), pool.pgNum()) >= 0) {
            return Outcome.refused(Errno.ENOENT, "pg '" + raw + "' does not exist");
        }
        UpActing where = map.pgToUpActing(raw);
        if (call.format().equals("plain")) {
            return Outcome.output("osdmap e" + map.epoch() + " pg " + raw + " (" + raw + ") -> up " + list(where.up())
                    + " acting " + list(where.acting()) + "\n");
        }
        return Json.answer(
                call,
                Json.object()
                        .put("epoch", map.epoch())
                        .put("raw_pgid", raw.toString())
                        .put("pgid", raw.toString())
                        .put("up", where.up())
                        .put("acting", where.acting()));
    }

    private Outcome profiles(CommandCall call) {
        var names = map().erasureCodeProfiles().keySet();
        return call.format().equals("plain")
                ? Outcome.output(String.join("\n", names) + "\n")
                : Json.answer(call, List.copyOf(names));
    }

    private Outcome profile(CommandCall call) {
        String name = call.string("name");
        NavigableMap<String, String> profile = map().erasureCodeProfiles().get(name);
        if (profile == null) {
            return Outcome.refused(Errno.ENOENT, "unknown erasure code profile '" + name + "'");
        }
        Json json = Json.object();
        StringBuilder text = new StringBuilder();
        profile.forEach((k, v) -> {
            json.put(k, v);
            text.append(k).append('=').append(v).append('\n');
        });
        return call.format().equals("plain") ? Outcome.output(text.toString()) : Json.answer(call, json);
    }

    /** What jerasure's plugin fills in where nothing is said. */
    private static final Map<String, String> JERASURE = Map.of(
            "k", "2",
            "m", "2",
            "w", "8",
            "technique", "reed_sol_van",
            "crush-root", "default",
            "crush-failure-domain", "host",
            "crush-device-class", "",
            "jerasure-per-chunk-alignment", "false");

    private Outcome setProfile(CommandCall call) {
        String name = call.string("name");
        TreeMap<String, String> wanted = new TreeMap<>();
        boolean force = call.flag("force");
        for (String word : call.strings("profile")) {
            int equals = word.indexOf('=');
            if (word.equals("--force")) {
                force = true;
            } else if (equals > 0) {
                wanted.put(word.substring(0, equals), word.substring(equals + 1));
            } else {
                return Outcome.refused(Errno.EINVAL, "profile '" + word + "' is not of the form KEY=VALUE");
            }
        }
        wanted.putIfAbsent("plugin", "jerasure");
        if (wanted.containsValue("jerasure")) {
            JERASURE.forEach(wanted::putIfAbsent);
        }
        NavigableMap<String, String> known =
                services.osdmap().pendingMap().erasureCodeProfiles().get(name);
        if (wanted.equals(known)) {
            return Outcome.text("");
        }
        if (known != null && !force) {
            return Outcome.refused(
                    Errno.EPERM,
                    "will not override erasure code profile " + name + " because the existing profile "
                            + known.toString().replace(", ", ",") + " is different from the proposed profile "
                            + wanted.toString().replace(", ", ","));
        }
        services.osdmap().change(inc -> inc.putErasureCodeProfile(name, wanted));
        return Outcome.committed("");
    }

    private Outcome removeProfile(CommandCall call) {
        String name = call.string("name");
        OsdMap map = services.osdmap().pendingMap();
        if (!map.erasureCodeProfiles().containsKey(name)) {
            return Outcome.text("erasure-code-profile " + name + " does not exist");
        }
        for (Map.Entry<Long, PgPool> e : map.pools().entrySet()) {
            if (e.getValue().erasureCodeProfile().equals(name)) {
                return Outcome.refused(
                        Errno.EBUSY,
                        map.poolName(e.getKey()) + " pool(s) are using the erasure code profile '" + name + "'");
            }
        }
        services.osdmap().change(inc -> inc.removeErasureCodeProfile(name));
        return Outcome.committed("");
    }
}
