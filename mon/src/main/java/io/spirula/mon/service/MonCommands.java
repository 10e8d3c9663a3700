package io.spirula.mon.service;

import io.spirula.common.command.CommandCall;
import io.spirula.common.command.CommandTable;
import io.spirula.common.command.Json;
import io.spirula.common.command.Outcome;
import io.spirula.common.command.Refusal;
import io.spirula.common.maps.MgrMap;
import io.spirula.common.types.Errno;
import io.spirula.mon.Services;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The commands about managers. Source of their answers: mon/MgrMonitor.cc. */
public final class MonCommands {
    /** What a monitor says of its store, which a manager has none of. */
    private static final List<String> OF_MONITORS =
            List.of("compression_algorithms", "device_ids", "device_paths", "devices");

    private final Services services;
    private final Map<String, String> metadata;

    public MonCommands(Services services, Map<String, String> metadata) {
        this.services = services;
        this.metadata = metadata;
    }

    public void register(CommandTable table) {
        table.add("mgr stat", "dump basic info about the mgr cluster state", "mgr", "r", this::mgrStat);
        table.add(
                "mgr dump name=epoch,type=CephInt,range=0,req=false",
                "dump the latest MgrMap",
                "mgr",
                "r",
                this::mgrDump);
        table.add(
                "mgr fail name=who,type=CephString,req=false",
                "treat the named manager daemon as failed",
                "mgr",
                "rw",
                this::mgrFail);
        table.add(
                "mgr module enable name=module,type=CephString name=force,type=CephChoices,strings=--force,req=false",
                "enable mgr module",
                "mgr",
                "rw",
                this::enable);
        table.add("mgr module disable name=module,type=CephString", "disable mgr module", "mgr", "rw", this::disable);
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
                this::mgrMetadata);
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

    /** How many daemons have each value of a property. */
    static Json count(Iterable<Map<String, String>> metadata, String property) {
        Map<String, Integer> counts = new TreeMap<>();
        metadata.forEach(m -> counts.merge(m.getOrDefault(property, "unknown"), 1, Integer::sum));
        return StatusCommands.counts(counts);
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
        long epoch = call.integer("epoch", 0);
        MgrMap map = call.has("epoch") && epoch != 0
                ? services.mgrmap().mapOf(epoch)
                : services.mgrmap().map();
        return map == null
                ? Outcome.refused(Errno.ENOENT, "there is no map for epoch " + epoch)
                : Json.answer(call, MapPrinting.dumped(map::dump));
    }

    /** The manager is where the leading monitor is: told that it has failed, it begins anew there. */
    private Outcome mgrFail(CommandCall call) {
        MgrMap map = services.mgrmap().map();
        String who = call.string("who", map.activeName());
        if (!who.equals(map.activeName()) && !who.equals(Long.toString(map.activeGid()))) {
            return Outcome.text("Daemon not found '" + who + "', already failed?");
        }
        services.mgrmap().beginAnew();
        return Outcome.committed("");
    }

    private Outcome enable(CommandCall call) {
        String module = module(call);
        MgrMap map = services.mgrmap().map();
        if (MgrmapService.ALWAYS_ON.contains(module)) {
            return Outcome.text("module '" + module + "' is already enabled (always-on)");
        }
        if (map.modules().contains(module)) {
            return Outcome.text("module '" + module + "' is already enabled");
        }
        boolean force = call.string("force").equals("--force");
        if (!MgrmapService.OPTIONAL.contains(module) && !force) {
            return Outcome.refused(
                    Errno.ENOENT,
                    "all mgr daemons do not support module '" + module + "', pass --force to force enablement");
        }
        services.mgrmap().enable(module, true);
        return Outcome.committed("");
    }

    private Outcome disable(CommandCall call) {
        String module = module(call);
        if (MgrmapService.ALWAYS_ON.contains(module)) {
            return Outcome.refused(Errno.EINVAL, "module '" + module + "' cannot be disabled (always-on)");
        }
        if (!services.mgrmap().map().modules().contains(module)) {
            return Outcome.text("module '" + module + "' is already disabled");
        }
        services.mgrmap().enable(module, false);
        return Outcome.committed("");
    }

    private static String module(CommandCall call) {
        String module = call.string("module");
        if (module.isEmpty()) {
            throw new Refusal(Errno.EINVAL, "a module has a name");
        }
        return module;
    }

    private Outcome mgrModules(CommandCall call) {
        MgrMap map = services.mgrmap().map();
        return Json.answer(
                call,
                Json.object()
                        .put("always_on_modules", MgrmapService.ALWAYS_ON)
                        .put("enabled_modules", List.copyOf(map.modules()))
                        .put(
                                "disabled_modules",
                                MgrmapService.OPTIONAL.stream()
                                        .filter(m -> !map.modules().contains(m))
                                        .map(m -> Json.object()
                                                .put("name", m)
                                                .put("can_run", true)
                                                .put("error_string", "")
                                                .put("module_options", Json.object()))
                                        .toList()));
    }

    private static Json services(MgrMap map) {
        Json json = Json.object();
        map.services().forEach(json::put);
        return json;
    }

    private Outcome mgrMetadata(CommandCall call) {
        String active = services.mgrmap().map().activeName();
        String who = call.string("who");
        if (!who.isEmpty() && !who.equals(active)) {
            return Outcome.refused(Errno.ENOENT, "mgr." + who + " does not exist");
        }
        return Json.answer(call, who.isEmpty() ? List.of(mgrMetadata()) : mgrMetadata());
    }

    private Json mgrMetadata() {
        MgrMap map = services.mgrmap().map();
        Map<String, String> all = new TreeMap<>(metadata);
        all.keySet().removeAll(OF_MONITORS);
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
