package io.spirula.mon.service;

import io.spirula.common.command.CommandCall;
import io.spirula.common.command.CommandTable;
import io.spirula.common.command.Json;
import io.spirula.common.command.Outcome;
import io.spirula.common.maps.MgrMap;
import io.spirula.common.maps.MonInfo;
import io.spirula.common.maps.MonMap;
import io.spirula.common.types.Errno;
import io.spirula.mon.Services;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The commands about monitors and managers. Source of their answers: mon/MonmapMonitor.cc and mon/MgrMonitor.cc. */
public final class MonCommands {
    /** One election was held: the one in which a lone monitor elects itself. Odd numbers are elections under way. */
    static final int ELECTION_EPOCH = 2;

    private final String name;
    private final Services services;
    private final Map<String, String> metadata;

    public MonCommands(String name, Services services, Map<String, String> metadata) {
        this.name = name;
        this.services = services;
        this.metadata = metadata;
    }

    public void register(CommandTable table) {
        table.add(
                "mon metadata name=id,type=CephString,req=false",
                "fetch metadata for mon <id>",
                "mon",
                "r",
                this::metadata);
        table.add(
                "mon count-metadata name=property,type=CephString",
                "count mons by metadata field property",
                "mon",
                "r",
                c -> Json.answer(c, count(List.of(monMetadata()), c.string("property"))));
        table.add(
                "mon versions",
                "check running versions of monitors",
                "mon",
                "r",
                c -> Json.answer(c, count(List.of(monMetadata()), "ceph_version")));
        table.add(
                "mon dump name=epoch,type=CephInt,range=0,req=false",
                "dump formatted monmap (optionally from epoch)",
                "mon",
                "r",
                this::dump);
        table.add("mon stat", "summarize monitor status", "mon", "r", this::stat);
        table.add("mon getmap name=epoch,type=CephInt,range=0,req=false", "get monmap", "mon", "r", this::getMap);
        table.add(
                "mon ok-to-stop name=ids,type=CephString,n=N",
                "check whether mon(s) can be safely stopped without reducing immediate availability",
                "mon",
                "r",
                c -> refuse("not enough monitors would be available () after stopping mons "
                        + c.strings("ids").toString().replace(" ", "")));
        table.add(
                "mon ok-to-add-offline",
                "check whether adding a mon and not starting it would break quorum",
                "mon",
                "r",
                c -> refuse("adding a monitor before it is online could break quorum"));
        table.add(
                "mon ok-to-rm name=id,type=CephString",
                "check whether removing the specified mon would break quorum",
                "mon",
                "r",
                c -> refuse("removing mon." + c.string("id") + " would break quorum"));
        table.add("mgr stat", "dump basic info about the mgr cluster state", "mgr", "r", this::mgrStat);
        table.add(
                "mgr dump name=epoch,type=CephInt,range=0,req=false",
                "dump the latest MgrMap",
                "mgr",
                "r",
                this::mgrDump);
        table.add("mgr module ls", "list active mgr modules", "mgr", "r", this::mgrModules);
        table.add(
                "mgr services",
                "list service endpoints provided by mgr modules",
                "mgr",
                "r",
                c -> Json.answer(c, services(services.mgrmap().map())));
        table.add(
                "mgr metadata name=who,type=CephString,req=false",
                "dump metadata for all daemons or a specific daemon",
                "mgr",
                "r",
                c -> Json.answer(c, c.has("who") ? mgrMetadata() : List.of(mgrMetadata())));
        table.add(
                "mgr count-metadata name=property,type=CephString",
                "count ceph-mgr daemons by metadata field property",
                "mgr",
                "r",
                c -> Json.answer(c, count(List.of(metadata), c.string("property"))));
        table.add(
                "mgr versions",
                "check running versions of ceph-mgr daemons",
                "mgr",
                "r",
                c -> Json.answer(c, count(List.of(metadata), "ceph_version")));
    }

    private static Outcome refuse(String text) {
        return Outcome.refused(Errno.EBUSY, text);
    }

    private MonMap map() {
        return services.monmap().map();
    }

    private Map<String, String> monMetadata() {
        Map<String, String> stored = services.monmap().metadata(name);
        return metadata.isEmpty() ? stored : metadata;
    }

    private Json metadataJson(String monitor) {
        MonInfo info = map().monitors().get(monitor);
        Map<String, String> all = new TreeMap<>(
                monitor.equals(name) ? monMetadata() : services.monmap().metadata(monitor));
        if (info != null) {
            all.put(
                    "addrs",
                    "["
                            + String.join(
                                    ",",
                                    info.addrs().list().stream()
                                            .map(Object::toString)
                                            .toList()) + "]");
        }
        Json json = Json.object().put("name", monitor);
        all.forEach(json::put);
        return json;
    }

    private Outcome metadata(CommandCall call) {
        if (!call.has("id")) {
            return Json.answer(call, Json.list(map().ranks(), this::metadataJson));
        }
        String id = call.string("id").replaceFirst("^mon\\.", "");
        return map().rank(id) < 0 ? Outcome.refused(Errno.ENOENT, "") : Json.answer(call, metadataJson(id));
    }

    /** How many daemons have each value of a property. */
    static Json count(Iterable<Map<String, String>> metadata, String property) {
        Map<String, Integer> counts = new TreeMap<>();
        metadata.forEach(m -> counts.merge(m.getOrDefault(property, "unknown"), 1, Integer::sum));
        return StatusCommands.counts(counts);
    }

    private Outcome dump(CommandCall call) {
        MonMap map = map();
        if (call.integer("epoch", 0) > 0) {
            MonMap older = services.monmap().mapOf(call.integer("epoch", 0));
            if (older == null) {
                return Outcome.refused(Errno.ENOENT, "");
            }
            map = older;
        }
        String text = "dumped monmap epoch " + map.epoch();
        if (call.format().equals("plain")) {
            return Outcome.output(map.print()).withText(text);
        }
        MonMap shown = map;
        Object json = MapPrinting.dumped(f -> {
            shown.dump(f);
            f.array("quorum", () -> f.put("mon", 0));
        });
        return Json.answer(call, json).withText(text);
    }

    private Outcome stat(CommandCall call) {
        MonMap map = map();
        if (call.format().equals("plain")) {
            StringBuilder mons = new StringBuilder();
            map.monitors()
                    .forEach((n, info) -> mons.append(mons.isEmpty() ? "" : ",")
                            .append(n)
                            .append('=')
                            .append(info.addrs()));
            return Outcome.output(
                    "e" + map.epoch() + ": " + map.size() + " mons at {" + mons + "} removed_ranks: {}, election epoch "
                            + ELECTION_EPOCH + ", leader 0 " + name + ", quorum 0 " + name + "\n");
        }
        return Json.answer(
                call,
                Json.object()
                        .put("epoch", map.epoch())
                        .put("min_mon_release_name", map.minMonRelease().toString())
                        .put("num_mons", map.size())
                        .put("leader", name)
                        .put("quorum", List.of(Json.object().put("rank", 0).put("name", name))));
    }

    private Outcome getMap(CommandCall call) {
        long epoch = call.integer("epoch", 0);
        MonMap map = epoch > 0 ? services.monmap().mapOf(epoch) : map();
        return map == null
                ? Outcome.refused(Errno.ENOENT, "there is no map for epoch " + epoch)
                : Outcome.output(map.encoded()).withText("got monmap epoch " + map.epoch());
    }

    private Outcome mgrStat(CommandCall call) {
        MgrMap map = services.mgrmap().map();
        return Json.answer(
                call,
                Json.object()
                        .put("epoch", map.epoch())
                        .put("available", map.available())
                        .put("active_name", map.activeName())
                        .put("num_standby", map.standbys().size()));
    }

    private Outcome mgrDump(CommandCall call) {
        return Json.answer(call, MapPrinting.dumped(services.mgrmap().map()::dump));
    }

    private Outcome mgrModules(CommandCall call) {
        MgrMap map = services.mgrmap().map();
        return Json.answer(
                call,
                Json.object()
                        .put("always_on_modules", MgrmapService.ALWAYS_ON)
                        .put("enabled_modules", List.copyOf(map.modules()))
                        .put("disabled_modules", List.of()));
    }

    private static Json services(MgrMap map) {
        Json json = Json.object();
        map.services().forEach(json::put);
        return json;
    }

    private Json mgrMetadata() {
        MgrMap map = services.mgrmap().map();
        Map<String, String> all = new TreeMap<>(metadata);
        all.put("addr", map.activeAddrs().front().host());
        all.put(
                "addrs",
                map.activeAddrs().front().host() + ":0/"
                        + Integer.toUnsignedString(map.activeAddrs().front().nonce()));
        Json json = Json.object().put("name", map.activeName());
        all.forEach(json::put);
        return json;
    }
}
