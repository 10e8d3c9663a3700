package io.spirula.mon.service;

import io.spirula.common.command.CommandCall;
import io.spirula.common.command.CommandTable;
import io.spirula.common.command.Json;
import io.spirula.common.command.Outcome;
import io.spirula.common.command.Refusal;
import io.spirula.common.config.ConfigException;
import io.spirula.common.config.MonHosts;
import io.spirula.common.maps.MonInfo;
import io.spirula.common.maps.MonMap;
import io.spirula.common.types.EntityAddr;
import io.spirula.common.types.EntityAddrs;
import io.spirula.common.types.Errno;
import io.spirula.mon.Services;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** The commands that show and change the monitor map, and what the monitors say of themselves. Source of their answers: mon/MonmapMonitor.cc. */
public final class MonmapCommands {
    /** Ceph: CEPH_MON_PORT_IANA. */
    private static final int MSGR2_PORT = 3300;

    private static final Pattern ADDRESSES = Pattern.compile(
            "\\[?((any:|v[12]:)?"
                    + "(\\d{1,3}(\\.\\d{1,3}){3}|\\[[0-9a-fA-F:.]+]|[0-9a-fA-F]*:[0-9a-fA-F:]+)(:\\d{1,5})?(/\\d{1,10})?,?)+]?");

    private final Services services;

    public MonmapCommands(Services services) {
        this.services = services;
    }

    public void register(CommandTable table) {
        String property = " name=property,type=CephString";
        table.add(
                "mon metadata name=id,type=CephString,req=false",
                "fetch metadata for mon <id>",
                "mon",
                "r",
                this::metadata);
        table.add(
                "mon count-metadata" + property,
                "count mons by metadata field property",
                "mon",
                "r",
                c -> Json.answer(c, MonCommands.count(allMetadata(), c.string("property"))));
        table.add(
                "mon versions",
                "check running versions of monitors",
                "mon",
                "r",
                c -> Json.answer(c, MonCommands.count(allMetadata(), "ceph_version")));
        table.add(
                "mon dump name=epoch,type=CephInt,range=0,req=false",
                "dump formatted monmap (optionally from epoch)",
                "mon",
                "r",
                this::dump);
        table.add("mon getmap name=epoch,type=CephInt,range=0,req=false", "get monmap", "mon", "r", this::getMap);
        table.add(
                "mon add name=name,type=CephString name=addr,type=CephIPAddr"
                        + " name=location,type=CephString,n=N,goodchars=[A-Za-z0-9-_.=],req=false",
                "add new monitor named <name> at <addr>, possibly with CRUSH location <location>",
                "mon",
                "rw",
                this::add);
        table.add("mon rm name=name,type=CephString", "remove monitor named <name>", "mon", "rw", this::remove);
        table.add("mon remove name=name,type=CephString", "remove monitor named <name>", "mon", "rw", 4, this::remove);
    }

    private MonMap map() {
        return services.monmap().map();
    }

    private Map<String, String> metadata(String monitor) {
        return services.monmap().metadata(monitor);
    }

    private List<Map<String, String>> allMetadata() {
        return map().ranks().stream()
                .map(this::metadata)
                .filter(m -> !m.isEmpty())
                .toList();
    }

    private Json metadataJson(String monitor) {
        MonInfo info = map().monitors().get(monitor);
        Map<String, String> all = new TreeMap<>(metadata(monitor));
        if (info != null && !all.isEmpty()) {
            String addrs = String.join(
                    ",", info.addrs().list().stream().map(Object::toString).toList());
            all.put("addrs", "[" + addrs + "]");
        }
        Json json = Json.object();
        all.forEach(json::put);
        return json;
    }

    private Json namedMetadata(String monitor) {
        return Json.object().put("name", monitor).putAll(metadataJson(monitor));
    }

    private Outcome metadata(CommandCall call) {
        if (!call.has("id")) {
            return Json.answer(call, Json.list(map().ranks(), this::namedMetadata));
        }
        String id = call.string("id").replaceFirst("^mon\\.", "");
        return map().rank(id) < 0
                ? Outcome.refused(Errno.ENOENT, "requested mon not found")
                : Json.answer(call, metadataJson(id));
    }

    /** The epoch that is asked for, of which 32 bits count. */
    static long epoch(CommandCall call, long fallback) {
        return call.integer("epoch", fallback) & 0xffff_ffffL;
    }

    private Outcome dump(CommandCall call) {
        MonMap map = map();
        long epoch = epoch(call, 0);
        if (epoch > 0) {
            MonMap older = services.monmap().mapOf(epoch);
            if (older == null) {
                return Outcome.refused(Errno.ENOENT, "there is no map for epoch " + epoch);
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
            f.array("quorum", () -> services.quorum().get().quorum().forEach(rank -> f.put("mon", rank)));
        });
        return Json.answer(call, json).withText(text);
    }

    private Outcome getMap(CommandCall call) {
        long epoch = epoch(call, 0);
        MonMap map = epoch > 0 ? services.monmap().mapOf(epoch) : map();
        return map == null
                ? Outcome.refused(Errno.ENOENT, "there is no map for epoch " + epoch)
                : Outcome.output(map.encoded()).withText("got monmap epoch " + map.epoch());
    }

    /** Addresses as they are written, an empty list where they are none. No name is looked up: that may take long, and monitors wait for nobody. */
    static List<EntityAddrs> literals(String text) {
        try {
            return ADDRESSES.matcher(text).matches() ? MonHosts.parse(text) : List.of();
        } catch (ConfigException e) {
            return List.of();
        }
    }

    private static EntityAddrs addrs(String text) {
        List<EntityAddrs> parsed = literals(text.contains("v2:") || text.contains("v1:") ? text : "v2:" + text);
        EntityAddr msgr2 = parsed.isEmpty() ? null : parsed.get(0).msgr2();
        if (msgr2 == null) {
            throw new Refusal(Errno.EINVAL, "addr " + text + " does not parse");
        }
        return EntityAddrs.of(msgr2.port() == 0 ? msgr2.withPort(MSGR2_PORT) : msgr2);
    }

    private Outcome add(CommandCall call) {
        MonMap map = services.monmap().pendingMap();
        String name = call.string("name");
        EntityAddrs addrs = addrs(call.string("addr"));
        EntityAddrs known = map.addrs(name);
        if (known != null && known.equals(addrs)) {
            return Outcome.text("mon." + name + " at " + addrs + " already exists");
        }
        int rank = map.rank(addrs);
        if (known != null || rank >= 0) {
            String who = known != null ? name : map.ranks().get(rank);
            return Outcome.refused(Errno.EEXIST, "mon." + who + " already exists at address " + map.addrs(who));
        }
        MonInfo added = MonInfo.of(name, addrs);
        if (call.has("location")) {
            added = added.withLocation(MonmapSettings.location(call, "location"));
        }
        services.monmap().change(map.with(added));
        return Outcome.committed("adding mon." + name + " at " + addrs);
    }

    private Outcome remove(CommandCall call) {
        MonMap map = services.monmap().pendingMap();
        String name = call.string("name");
        if (map.rank(name) < 0) {
            return Outcome.text("mon." + name + " does not exist or has already been removed");
        }
        if (map.size() == 1) {
            return Outcome.refused(Errno.EINVAL, "error: refusing removal of last monitor " + name);
        }
        services.monmap().change(map.without(name));
        return Outcome.committed("");
    }

    /** By host, the monitors on it: {@code node ls}. */
    static Json byHost(Services services) {
        Map<String, List<String>> hosts = new TreeMap<>();
        for (String monitor : services.monmap().map().ranks()) {
            String host = services.monmap().metadata(monitor).getOrDefault("hostname", "unknown");
            hosts.computeIfAbsent(host, h -> new ArrayList<>()).add(monitor);
        }
        Json json = Json.object();
        hosts.forEach(json::put);
        return json;
    }
}
