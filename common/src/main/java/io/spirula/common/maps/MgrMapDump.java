package io.spirula.common.maps;

import io.spirula.common.format.Formatter;
import io.spirula.common.format.Times;
import java.util.Collection;
import java.util.List;

/** A manager map as structure, {@code ceph mgr dump}. Source: MgrMap::dump (mon/MgrMap.h). */
final class MgrMapDump {
    /** By number. Ceph: Option::type_t. */
    private static final List<String> TYPES =
            List.of("uint", "int", "str", "float", "bool", "addr", "addrvec", "uuid", "size", "secs", "millisecs");

    private static final List<String> LEVELS = List.of("basic", "advanced", "dev", "unknown");

    private MgrMapDump() {}

    static void dump(MgrMap map, Formatter f) {
        f.putUnsigned("epoch", map.epoch()).put("active_gid", map.activeGid());
        f.put("active_name", map.activeName());
        MapText.dump(f, "active_addrs", map.activeAddrs());
        f.put("active_addr", MapText.legacy(map.activeAddrs()));
        f.put("active_change", Times.local(map.activeChange()));
        f.putUnsigned("active_mgr_features", map.activeFeatures());
        f.put("available", map.available());
        f.array(
                "standbys",
                () -> map.standbys()
                        .values()
                        .forEach(s -> f.object("standby", () -> {
                            f.put("gid", s.gid()).put("name", s.name()).putUnsigned("mgr_features", s.features());
                            f.array("available_modules", () -> s.modules().forEach(m -> module(m, f)));
                        })));
        names(f, "modules", map.modules());
        f.array("available_modules", () -> map.availableModules().forEach(m -> module(m, f)));
        f.object("services", () -> map.services().forEach(f::put));
        f.object(
                "always_on_modules",
                () -> map.alwaysOnModules()
                        .forEach((release, modules) ->
                                names(f, CephRelease.of(release).toString(), modules)));
        f.putUnsigned("last_failure_osd_epoch", map.lastFailureOsdEpoch());
        f.array(
                "active_clients",
                () -> map.clients()
                        .forEach(c -> f.object("client", () -> {
                            f.put("name", c.name());
                            MapText.addrVector(f, c.addrs());
                        })));
    }

    private static void names(Formatter f, String name, Collection<String> values) {
        f.array(name, () -> values.forEach(v -> f.put("name", v)));
    }

    private static void module(MgrModule module, Formatter f) {
        f.object("module", () -> {
            f.put("name", module.name()).put("can_run", module.canRun()).put("error_string", module.error());
            f.object(
                    "module_options",
                    () -> module.options().forEach((name, option) -> f.object(name, () -> option(option, f))));
        });
    }

    private static void option(MgrModuleOption o, Formatter f) {
        f.put("name", o.name()).put("type", name(TYPES, o.type())).put("level", name(LEVELS, o.level()));
        f.putUnsigned("flags", o.flags()).put("default_value", o.defaultValue());
        f.put("min", o.min()).put("max", o.max());
        names(f, "enum_allowed", o.enumAllowed());
        f.put("desc", o.description()).put("long_desc", o.longDescription());
        names(f, "tags", o.tags());
        names(f, "see_also", o.seeAlso());
    }

    private static String name(List<String> names, int number) {
        return number < names.size() ? names.get(number) : "unknown";
    }
}
