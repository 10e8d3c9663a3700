package io.spirula.mon.service;

import io.spirula.common.command.CommandCall;
import io.spirula.common.command.CommandTable;
import io.spirula.common.command.Json;
import io.spirula.common.command.Outcome;
import io.spirula.common.config.CephConf;
import io.spirula.common.config.ConfigException;
import io.spirula.common.config.InvalidValue;
import io.spirula.common.config.Option;
import io.spirula.common.config.OptionTable;
import io.spirula.common.types.Errno;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What the central configuration was before, going back to that, and taking over a file. Source of their answers: mon/ConfigMonitor.cc. */
public final class ConfigHistoryCommands {
    private static final int SHOWN = 10;
    private static final String NO_VERSION = "must specify a valid historical version to revert to; see 'ceph config"
            + " log' for a list of avialable configuration historical versions";

    private final ConfigService config;

    public ConfigHistoryCommands(ConfigService config) {
        this.config = config;
    }

    public void register(CommandTable table) {
        table.add(
                "config log name=num,type=CephInt,req=False",
                "Show recent history of config changes",
                "config",
                "r",
                this::log);
        table.add(
                "config reset name=num,type=CephInt,range=0",
                "Revert configuration to a historical version specified by <num>",
                "config",
                "rw",
                this::reset);
        table.add(
                "config assimilate-conf",
                "Assimilate options from a conf, and return a new, minimal conf file",
                "config",
                "rw",
                this::assimilate);
    }

    private Outcome log(CommandCall call) {
        List<ConfigService.Revision> shown = new ArrayList<>();
        long count = call.integer("num", SHOWN);
        for (long v = config.version(); v > 0 && shown.size() < count; v--) {
            ConfigService.Revision revision = config.revision(v);
            if (revision != null) {
                shown.add(revision);
            }
        }
        if (!call.format().equals("plain")) {
            return Json.answer(call, Json.list(shown, ConfigHistoryCommands::json));
        }
        StringBuilder out = new StringBuilder();
        for (ConfigService.Revision r : shown) {
            out.append("--- ").append(r.version()).append(" --- ").append(Stamps.iso(r.stamp()));
            out.append(" ---").append(r.description().isEmpty() ? "" : " " + r.description() + " ---");
            out.append('\n');
            for (ConfigService.Change c : r.changes()) {
                line(out, "- ", c.key(), c.before());
                line(out, "+ ", c.key(), c.after());
            }
        }
        return Outcome.output(out.toString());
    }

    private static void line(StringBuilder out, String sign, String key, @Nullable String value) {
        if (value != null) {
            out.append(sign).append(key).append(" = ").append(value).append('\n');
        }
    }

    private static Json json(ConfigService.Revision r) {
        return Json.object()
                .put("version", r.version())
                .put("timestamp", Stamps.iso(r.stamp()))
                .put("name", r.description())
                .put("changes", Json.list(r.changes(), c -> {
                    Json json = Json.object().put("name", c.key());
                    if (c.before() != null) {
                        json.put("previous_value", c.before());
                    }
                    if (c.after() != null) {
                        json.put("new_value", c.after());
                    }
                    return json;
                }));
    }

    private Outcome reset(CommandCall call) {
        long to = call.integer("num", -1);
        if (to < 0 || to > config.version()) {
            return Outcome.refused(Errno.EINVAL, NO_VERSION);
        }
        Map<String, Optional<String>> undone = new TreeMap<>();
        for (long v = config.version(); v > to; v--) {
            ConfigService.Revision revision = config.revision(v);
            if (revision != null) {
                revision.changes().forEach(c -> undone.put(c.key(), Optional.ofNullable(c.before())));
            }
        }
        if (undone.isEmpty()) {
            return Outcome.text("");
        }
        config.describe("reset to " + to);
        undone.forEach((key, value) -> value.ifPresentOrElse(v -> config.put(key, v), () -> config.remove(key)));
        return Outcome.committed("");
    }

    private Outcome assimilate(CommandCall call) {
        CephConf file;
        try {
            file = CephConf.parse(call.input().utf8(), "input");
        } catch (ConfigException e) {
            return Outcome.refused(Errno.EINVAL, "can't parse the configuration: " + e.getMessage());
        }
        StringBuilder left = new StringBuilder();
        boolean changed = false;
        for (String section : file.sectionNames().stream().sorted().toList()) {
            ConfigTarget target = ConfigTarget.parse(section);
            boolean named = false;
            for (Map.Entry<String, String> e : new TreeMap<>(file.section(section)).entrySet()) {
                String value = target == null ? null : worthy(e.getKey(), e.getValue());
                String key = target == null ? "" : ConfigService.key(target, e.getKey());
                ConfigService.Entry before = config.entries().get(key);
                if (value == null || before != null && !before.value().equals(value)) {
                    left.append(named ? "" : "\n[" + section + "]\n");
                    left.append('\t')
                            .append(e.getKey())
                            .append(" = ")
                            .append(e.getValue())
                            .append('\n');
                    named = true;
                } else if (before == null) {
                    config.put(key, value);
                    changed = true;
                }
            }
        }
        return changed
                ? Outcome.committed("", io.spirula.common.encoding.Bytes.of(left.toString()))
                : Outcome.output(left.toString());
    }

    /** The value as the central configuration keeps it, or null where the option stays in the file. */
    private static @Nullable String worthy(String name, String value) {
        Option option = OptionTable.find(name);
        if (option == null || option.isKeptByNobody() || option.flags().contains("cluster_create")) {
            return null;
        }
        try {
            return option.normalized(value);
        } catch (InvalidValue e) {
            return null;
        }
    }
}
