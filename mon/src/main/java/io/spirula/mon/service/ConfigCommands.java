package io.spirula.mon.service;

import io.spirula.common.command.CommandCall;
import io.spirula.common.command.CommandTable;
import io.spirula.common.command.Json;
import io.spirula.common.command.Outcome;
import io.spirula.common.command.Refusal;
import io.spirula.common.types.EntityName;
import io.spirula.common.types.Errno;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The commands about the central configuration. Source of their answers: mon/ConfigMonitor.cc. */
public final class ConfigCommands {
    private final ConfigService config;

    public ConfigCommands(ConfigService config) {
        this.config = config;
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
    }

    private static ConfigService.Key key(CommandCall call) {
        String who = call.string("who");
        String option = call.string("name").replace(' ', '_').replace('-', '_');
        if (!who.matches("global|(mon|mgr|osd|mds|client)(\\.[^/]*)?")) {
            throw new Refusal(Errno.EINVAL, "unrecognized config target '" + who + "'");
        }
        if (!option.matches("[a-z0-9_/]+") || option.length() > 256) {
            throw new Refusal(Errno.EINVAL, "unrecognized config option '" + option + "'");
        }
        return new ConfigService.Key(who, option);
    }

    private Outcome set(CommandCall call) {
        ConfigService.Key key = key(call);
        if (!KnownConfigOptions.isKnown(key.option()) && !call.flag("force")) {
            return Outcome.refused(Errno.EINVAL, "unrecognized config option '" + key.option() + "'");
        }
        String value = call.string("value");
        config.put(key, KnownConfigOptions.normalized(key.option(), value));
        return Outcome.committed("");
    }

    private Outcome remove(CommandCall call) {
        config.remove(key(call));
        return Outcome.committed("");
    }

    private Outcome get(CommandCall call) {
        String who = call.string("who");
        EntityName name;
        try {
            name = EntityName.parse(who.contains(".") ? who : who + ".");
        } catch (IllegalArgumentException e) {
            return Outcome.refused(Errno.EINVAL, "unrecognized entity '" + who + "'");
        }
        Map<String, String> values = config.of(name);
        if (call.has("key")) {
            String option = call.string("key").replace('-', '_').replace(' ', '_');
            String value = values.get(option);
            if (value == null) {
                value = KnownConfigOptions.fallback(option);
            }
            return value == null
                    ? Outcome.refused(Errno.ENOENT, "unrecognized key '" + option + "'")
                    : Outcome.output(value + "\n");
        }
        if (!call.format().equals("plain")) {
            Json json = Json.object();
            config.sources(name)
                    .forEach((option, key) -> json.put(
                            option,
                            Json.object()
                                    .put("value", values.get(option))
                                    .put("section", key.section())
                                    .put("mask", Json.object())
                                    .put("can_update_at_runtime", true)));
            return Json.answer(call, json);
        }
        List<List<String>> rows = new ArrayList<>();
        config.sources(name)
                .forEach((option, key) -> rows.add(
                        List.of(key.section(), "", "advanced", option, String.valueOf(values.get(option)), "")));
        return Outcome.output(table(rows));
    }

    private static String table(List<List<String>> rows) {
        return new TextTable("WHO", "MASK", "LEVEL", "OPTION", "VALUE", "RO")
                .rows(rows)
                .toString();
    }

    private Outcome dump(CommandCall call) {
        if (!call.format().equals("plain")) {
            return Json.answer(
                    call,
                    Json.list(
                            config.options().entrySet(),
                            e -> Json.object()
                                    .put("section", e.getKey().section())
                                    .put("name", e.getKey().option())
                                    .put("value", e.getValue())
                                    .put("level", "advanced")
                                    .put("can_update_at_runtime", true)
                                    .put("mask", "")));
        }
        List<List<String>> rows = new ArrayList<>();
        config.options().forEach((key, value) -> {
            String indent = key.section().equals("global") ? "" : key.section().contains(".") ? "    " : "  ";
            rows.add(List.of(indent + key.section(), "", "advanced", key.option(), value, ""));
        });
        return Outcome.output(table(rows));
    }
}
