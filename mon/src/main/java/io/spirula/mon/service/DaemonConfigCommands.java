package io.spirula.mon.service;

import io.spirula.common.command.CommandCall;
import io.spirula.common.command.CommandTable;
import io.spirula.common.command.Json;
import io.spirula.common.command.Outcome;
import io.spirula.common.command.Refusal;
import io.spirula.common.config.Config;
import io.spirula.common.config.Option;
import io.spirula.common.config.OptionTable;
import io.spirula.common.format.TextTable;
import io.spirula.common.types.Errno;
import io.spirula.mon.mgr.DaemonConfigs;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/** The configuration that daemons run with, as they report it to the manager. Source: mgr/DaemonServer.cc. */
public final class DaemonConfigCommands {
    private static final int DEFAULT = 0;
    private static final List<String> SOURCES =
            List.of("default", "mon", "file", "env", "cmdline", "override", "final");

    private final DaemonConfigs daemons;
    private final List<Config> here;

    /** @param here the options of the daemons in this process, which need not report them */
    public DaemonConfigCommands(DaemonConfigs daemons, List<Config> here) {
        this.daemons = daemons;
        this.here = List.copyOf(here);
    }

    public void register(CommandTable table) {
        table.add(
                "config show name=who,type=CephString name=key,type=CephString,req=False",
                "Show running configuration",
                "mgr",
                "r",
                8,
                this::show);
        table.add(
                "config show-with-defaults name=who,type=CephString",
                "Show running configuration (including compiled-in defaults)",
                "mgr",
                "r",
                8,
                c -> table(c, withDefaults(state(c))));
    }

    private DaemonConfigs.State state(CommandCall call) {
        String who = call.string("who");
        for (Config config : here) {
            if (config.name().toString().equals(who)) {
                return withIgnored(new DaemonConfigs.State(config.levels(), new TreeMap<>(config.ignored())));
            }
        }
        if (!isDaemonName(who)) {
            throw new Refusal(Errno.EINVAL, "invalid daemon name: use <type>.<id>");
        }
        DaemonConfigs.State state = daemons.of(who);
        if (state == null) {
            throw new Refusal(Errno.ENOENT, "no config state for daemon " + who);
        }
        return withIgnored(state);
    }

    /** Whether this is a type and an id; whatever type. */
    static boolean isDaemonName(String who) {
        return who.indexOf('.') > 0;
    }

    /** What is set in vain is shown, too, beside what holds instead. */
    private static DaemonConfigs.State withIgnored(DaemonConfigs.State state) {
        TreeMap<String, NavigableMap<Integer, String>> all = new TreeMap<>(state.values());
        for (String name : state.ignored().keySet()) {
            Option option = OptionTable.find(name);
            if (option != null) {
                all.putIfAbsent(name, new TreeMap<>(Map.of(DEFAULT, option.defaultFor(true))));
            }
        }
        return new DaemonConfigs.State(all, state.ignored());
    }

    private Outcome show(CommandCall call) {
        DaemonConfigs.State state = state(call);
        if (!call.has("key")) {
            return table(call, state);
        }
        String key = call.string("key");
        Option option = OptionTable.find(key);
        NavigableMap<Integer, String> levels = state.values().get(key);
        if (levels == null && option == null) {
            return Outcome.refused(Errno.ENOENT, "");
        }
        return Outcome.output((levels == null || levels.isEmpty()
                        ? OptionTable.all().stream()
                                .filter(o -> o.name().equals(key))
                                .findFirst()
                                .map(o -> o.defaultFor(true))
                                .orElse("")
                        : levels.lastEntry().getValue())
                + "\n");
    }

    private static DaemonConfigs.State withDefaults(DaemonConfigs.State state) {
        TreeMap<String, NavigableMap<Integer, String>> all = new TreeMap<>();
        for (Option option : OptionTable.all()) {
            all.put(option.name(), new TreeMap<>(Map.of(DEFAULT, option.defaultFor(true))));
        }
        state.values().forEach((option, levels) -> {
            TreeMap<Integer, String> merged = new TreeMap<>(all.getOrDefault(option, Collections.emptyNavigableMap()));
            merged.putAll(levels);
            all.put(option, merged);
        });
        return new DaemonConfigs.State(all, state.ignored());
    }

    private static String source(int level) {
        return level >= 0 && level < SOURCES.size() ? SOURCES.get(level) : Integer.toString(level);
    }

    private static Outcome table(CommandCall call, DaemonConfigs.State state) {
        boolean plain = call.format().equals("plain");
        TextTable table = new TextTable("NAME", "VALUE", "SOURCE", "OVERRIDES", "IGNORES");
        List<Object> rows = new ArrayList<>();
        state.values().forEach((option, levels) -> {
            if (levels.isEmpty()) {
                return;
            }
            Map.Entry<Integer, String> value = levels.lastEntry();
            NavigableMap<Integer, String> weaker = levels.headMap(value.getKey(), false);
            String ignored = state.ignored().get(option);
            if (plain) {
                List<String> overrides = new ArrayList<>();
                weaker.descendingMap().forEach((level, text) -> {
                    if (level != DEFAULT) {
                        overrides.add(source(level) + "[" + text + "]");
                    }
                });
                table.row(
                        option,
                        value.getValue(),
                        source(value.getKey()),
                        String.join(",", overrides),
                        ignored == null ? "" : "mon[" + ignored + "]");
                return;
            }
            Json row = Json.object()
                    .put("name", option)
                    .put("value", value.getValue())
                    .put("source", source(value.getKey()));
            List<Object> overrides = new ArrayList<>();
            weaker.descendingMap().forEach((level, text) -> {
                if (level != DEFAULT) {
                    overrides.add(Json.object().put("source", source(level)).put("value", text));
                }
            });
            if (!overrides.isEmpty()) {
                row.put("overrides", overrides);
            }
            if (ignored != null) {
                row.put("ignores", List.of(Json.object().put("source", "mon").put("value", ignored)));
            }
            rows.add(row);
        });
        return plain ? Outcome.output(table.toString()) : Json.answer(call, rows);
    }
}
