package io.spirula.mon.service;

import io.spirula.common.command.CommandCall;
import io.spirula.common.command.CommandTable;
import io.spirula.common.command.Json;
import io.spirula.common.command.Outcome;
import io.spirula.common.command.Refusal;
import io.spirula.common.config.InvalidValue;
import io.spirula.common.config.Option;
import io.spirula.common.config.OptionDescription;
import io.spirula.common.config.OptionTable;
import io.spirula.common.config.OptionType;
import io.spirula.common.format.TextTable;
import io.spirula.common.maps.MonMap;
import io.spirula.common.types.EntityName;
import io.spirula.common.types.EntityType;
import io.spirula.common.types.Errno;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.function.Supplier;

/** The commands about the central configuration. Source of their answers: mon/ConfigMonitor.cc. */
public final class ConfigCommands {
    private final ConfigService config;
    private final Supplier<MonMap> monMap;

    public ConfigCommands(ConfigService config, Supplier<MonMap> monMap) {
        this.config = config;
        this.monMap = monMap;
    }

    public void register(CommandTable table) {
        table.add(
                "config set name=who,type=CephString name=name,type=CephString name=value,type=CephString"
                        + " name=force,type=CephBool,req=false",
                "Set a configuration option for one or more entities",
                "config",
                "rw",
                this::set);
        table.add(
                "config rm name=who,type=CephString name=name,type=CephString",
                "Clear a configuration option for one or more entities",
                "config",
                "rw",
                this::remove);
        table.add(
                "config get name=who,type=CephString name=key,type=CephString,req=False",
                "Show configuration option(s) for an entity",
                "config",
                "r",
                this::get);
        table.add("config dump", "Show all configuration option(s)", "mon", "r", this::dump);
        table.add("config help name=key,type=CephString", "Describe a configuration option", "config", "r", this::help);
        table.add("config ls", "List available configuration options", "config", "r", this::list);
        table.add(
                "config generate-minimal-conf", "Generate a minimal ceph.conf file", "config", "r", this::minimalConf);
    }

    private static ConfigTarget target(CommandCall call) {
        String who = call.string("who");
        ConfigTarget target = ConfigTarget.parse(who);
        if (target == null) {
            throw new Refusal(Errno.EINVAL, "unrecognized config target '" + who + "'");
        }
        return target;
    }

    private static String option(CommandCall call, String argument) {
        return call.string(argument).replace(' ', '_');
    }

    private Outcome set(CommandCall call) {
        String name = option(call, "name");
        String value = call.string("value");
        if (!call.flag("force")) {
            Option option = OptionTable.find(name);
            if (option == null) {
                return Outcome.refused(Errno.EINVAL, "unrecognized config option '" + name + "'");
            }
            try {
                value = option.normalized(value);
            } catch (InvalidValue e) {
                return Outcome.refused(e.errno(), "error parsing value: " + e.text());
            }
            if (option.isKeptByNobody()) {
                return Outcome.refused(Errno.EINVAL, name + " is special and cannot be stored by the mon");
            }
        }
        config.put(ConfigService.key(target(call), name), value);
        return Outcome.committed("");
    }

    private Outcome remove(CommandCall call) {
        config.remove(ConfigService.key(target(call), option(call, "name")));
        return Outcome.committed("");
    }

    private static EntityName entity(CommandCall call) {
        String who = call.string("who");
        try {
            return EntityName.parse(who.contains(".") ? who : who + ".");
        } catch (IllegalArgumentException e) {
            throw new Refusal(Errno.EINVAL, "unrecognized entity '" + who + "'");
        }
    }

    private Outcome get(CommandCall call) {
        EntityName name = entity(call);
        NavigableMap<String, ConfigService.Entry> set = config.effective(name, "");
        if (call.has("key")) {
            return Outcome.output(value(name, option(call, "key"), set) + "\n");
        }
        if (call.format().equals("plain")) {
            TextTable table = table();
            set.forEach((option, e) -> table.row(row("", e)));
            return Outcome.output(table.toString());
        }
        Json all = Json.object();
        set.forEach((option, e) -> all.put(
                option,
                Json.object()
                        .put("value", e.value())
                        .put("section", e.target().section())
                        .put("mask", mask(Json.object(), e.target()))
                        .put("can_update_at_runtime", isUpdatable(option))));
        return Json.answer(call, all);
    }

    private String value(EntityName name, String key, NavigableMap<String, ConfigService.Entry> set) {
        if (key.equals("fsid")) {
            return monMap.get().fsid().toString();
        }
        ConfigService.Entry entry = set.get(key);
        if (entry != null) {
            return entry.value();
        }
        Option option = OptionTable.find(key);
        if (option == null) {
            throw new Refusal(Errno.ENOENT, "unrecognized key '" + key + "'");
        }
        return option.defaultFor(name.type() != EntityType.CLIENT);
    }

    private static TextTable table() {
        return new TextTable("WHO", "MASK", "LEVEL", "OPTION", "VALUE", "RO");
    }

    private static List<String> row(String indent, ConfigService.Entry e) {
        Option option = OptionTable.find(e.option());
        return List.of(
                indent + e.target().section(),
                e.target().mask(),
                option == null ? "unknown" : option.level(),
                e.option(),
                e.value(),
                isUpdatable(e.option()) ? "" : "*");
    }

    private static boolean isUpdatable(String name) {
        Option option = OptionTable.find(name);
        return option != null && option.canUpdateAtRuntime();
    }

    private static Json mask(Json json, ConfigTarget target) {
        if (!target.locationType().isEmpty()) {
            json.put("location_type", target.locationType()).put("location_value", target.locationValue());
        }
        if (!target.deviceClass().isEmpty()) {
            json.put("device_class", target.deviceClass());
        }
        return json;
    }

    /** All that is set: global, then types with their entities, then by option. */
    private List<ConfigService.Entry> inOrder() {
        List<ConfigService.Entry> all = new ArrayList<>();
        addSection("global", all);
        for (String type : List.of("mon", "mgr", "osd", "mds", "client")) {
            addSection(type, all);
            config.entries().values().stream()
                    .map(e -> e.target().section())
                    .filter(s -> s.startsWith(type + "."))
                    .distinct()
                    .sorted()
                    .forEach(s -> addSection(s, all));
        }
        return all;
    }

    private void addSection(String section, List<ConfigService.Entry> to) {
        config.entries().values().stream()
                .filter(e -> e.target().section().equals(section))
                .sorted(java.util.Comparator.comparing(ConfigService.Entry::option))
                .forEach(to::add);
    }

    private Outcome dump(CommandCall call) {
        if (!call.format().equals("plain")) {
            return Json.answer(call, Json.list(inOrder(), ConfigCommands::dumped));
        }
        TextTable table = table();
        for (ConfigService.Entry e : inOrder()) {
            String section = e.target().section();
            table.row(row(section.equals("global") ? "" : section.contains(".") ? "    " : "  ", e));
        }
        return Outcome.output(table.toString());
    }

    private static Json dumped(ConfigService.Entry e) {
        Option option = OptionTable.find(e.option());
        return mask(
                Json.object()
                        .put("section", e.target().section())
                        .put("name", e.option())
                        .put("value", e.value())
                        .put("level", option == null ? "unknown" : option.level())
                        .put("can_update_at_runtime", isUpdatable(e.option()))
                        .put("mask", e.target().mask()),
                e.target());
    }

    private Outcome help(CommandCall call) {
        Option option = find(option(call, "key"));
        return call.format().equals("plain")
                ? Outcome.output(OptionDescription.text(option))
                : Json.answer(call, OptionDescription.json(option));
    }

    private static Option find(String name) {
        Option option = OptionTable.find(name);
        if (option == null) {
            throw new Refusal(Errno.ENOENT, "");
        }
        return option;
    }

    private Outcome list(CommandCall call) {
        List<String> names = OptionTable.all().stream()
                .filter(o -> o.type() != OptionType.LEVELS)
                .map(Option::name)
                .toList();
        return call.format().equals("plain")
                ? Outcome.output(String.join("\n", names) + "\n")
                : Json.answer(call, names);
    }

    private Outcome minimalConf(CommandCall call) {
        MonMap map = monMap.get();
        List<String> hosts = map.monitors().values().stream()
                .map(m -> "["
                        + String.join(
                                ",",
                                m.addrs().list().stream().map(Object::toString).toList())
                        + "]")
                .toList();
        return Outcome.output("# minimal ceph.conf for " + map.fsid() + "\n[global]\n\tfsid = " + map.fsid()
                + "\n\tmon_host = " + String.join(" ", hosts) + "\n");
    }
}
