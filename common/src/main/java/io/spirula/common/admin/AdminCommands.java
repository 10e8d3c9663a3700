package io.spirula.common.admin;

import io.spirula.common.command.CommandCall;
import io.spirula.common.command.CommandTable;
import io.spirula.common.command.Json;
import io.spirula.common.command.Outcome;
import io.spirula.common.command.Refusal;
import io.spirula.common.config.Config;
import io.spirula.common.config.InvalidValue;
import io.spirula.common.config.Option;
import io.spirula.common.config.OptionDescription;
import io.spirula.common.config.OptionTable;
import io.spirula.common.metrics.PerfRegistry;
import io.spirula.common.types.Errno;
import java.util.ArrayList;
import java.util.List;

/** The commands that every daemon has: about its options, its counters and itself. Source of their answers: common/ceph_context.cc and common/admin_socket.cc. */
public final class AdminCommands {
    private final Config config;
    private final PerfRegistry counters;
    private final ConfigView view;

    public AdminCommands(Config config, PerfRegistry counters) {
        this.config = config;
        this.counters = counters;
        view = new ConfigView(config);
    }

    public void register(CommandTable table) {
        about(table);
        options(table);
        String names = " name=logger,type=CephString,req=false name=counter,type=CephString,req=false";
        table.add("perf dump" + names, "dump perfcounters value", "", "r", this::perfDump);
        table.add("perf schema", "dump perfcounters schema", "", "r", c -> answer(c, counters.schema()));
        table.add(
                "perf reset name=var,type=CephString",
                "perf reset <name>: perf reset all or one perfcounter name",
                "",
                "rw",
                this::perfReset);
    }

    private static void about(CommandTable table) {
        table.add("0", "", "", "r", c -> Outcome.output("2")); // the version of the protocol
        table.add("version", "get ceph version", "", "r", c -> answer(c, version()));
        table.add(
                "git_version",
                "get git sha1",
                "",
                "r",
                c -> answer(c, Json.object().put("git_version", CephRelease.COMMIT)));
        table.add("help", "list available commands", "", "r", c -> {
            Json all = Json.object();
            table.all().stream()
                    .filter(command -> !command.spec().help().isEmpty())
                    .sorted(java.util.Comparator.comparing(
                            command -> command.spec().prefix()))
                    .forEach(command ->
                            all.put(command.spec().prefix(), command.spec().help()));
            return answer(c, all);
        });
    }

    public static Json version() {
        return Json.object()
                .put("version", CephRelease.VERSION)
                .put("release", CephRelease.NAME)
                .put("release_type", "stable");
    }

    private void options(CommandTable table) {
        String option = " name=var,type=CephString";
        table.add("config show", "dump current config settings", "", "r", c -> answer(c, view.show()));
        table.add(
                "config help name=var,type=CephString,req=false",
                "get config setting schema and descriptions",
                "",
                "r",
                this::help);
        table.add(
                "config set" + option + " name=val,type=CephString,n=N",
                "config set <field> <val> [<val> ...]: set a config variable",
                "",
                "rw",
                this::set);
        table.add("config unset" + option, "config unset <field>: unset a config variable", "", "rw", this::unset);
        table.add("config get" + option, "config get <field>: get the config value", "", "r", this::get);
        table.add(
                "config diff",
                "dump diff of current config and default config",
                "",
                "r",
                c -> answer(c, view.diff("")));
        table.add(
                "config diff get" + option,
                "dump diff get <field>: dump diff of current and default config setting <field>",
                "",
                "r",
                c -> answer(c, view.diff(known(c).name())));
        table.add(
                "injectargs name=injected_args,type=CephString,n=N",
                "inject configuration arguments into running daemon",
                "",
                "rw",
                this::inject);
    }

    /** These commands answer in JSON for people too. */
    static Outcome answer(CommandCall call, Object value) {
        return Json.answer(call, value);
    }

    private static Option known(CommandCall call) {
        return known(call, Errno.ENOENT, "error getting '" + call.string("var") + "'");
    }

    private static Option known(CommandCall call, int errno, String complaint) {
        Option option = OptionTable.find(call.string("var").replace('-', '_').replace(' ', '_'));
        if (option == null) {
            throw new Refusal(errno, because(complaint, errno));
        }
        return option;
    }

    private static String because(String complaint, int errno) {
        return complaint + ": (" + errno + ") " + Errno.textOf(errno);
    }

    private Outcome get(CommandCall call) {
        int errno = call.string("var").isEmpty() ? Errno.EINVAL : Errno.ENOENT;
        Option option = known(call, errno, "error getting '" + call.string("var") + "'");
        return answer(call, Json.object().put(option.name(), config.value(option)));
    }

    private Outcome help(CommandCall call) {
        if (!call.has("var")) {
            return answer(call, Json.object().put("options", Json.list(OptionTable.all(), OptionDescription::json)));
        }
        return answer(call, Json.object().put("option", OptionDescription.json(known(call))));
    }

    private Outcome set(CommandCall call) {
        String value = String.join(" ", call.strings("val"));
        String what = "error setting '" + call.string("var") + "' to '" + value + "'";
        Option option = known(call, Errno.ENOENT, what);
        try {
            String text = apply(option, value);
            return answer(call, Json.object().put("success", text));
        } catch (InvalidValue e) {
            return Outcome.refused(e.errno(), because(what, e.errno()));
        }
    }

    /** What is said of an option that was set. */
    private String apply(Option option, String value) {
        String normalized = config.settable(option, value);
        config.set(option.name(), normalized);
        return option.name() + " = '" + normalized + "' ";
    }

    private Outcome unset(CommandCall call) {
        String what = "error unsetting '" + call.string("var") + "'";
        Option option = known(call, Errno.EINVAL, what);
        boolean was = config.sources(option).containsKey(Config.Source.OVERRIDE);
        config.set(option.name(), null);
        Outcome done = answer(call, Json.object());
        return was ? done.withText(option.name() + " = '" + config.value(option) + "' ") : done;
    }

    /** Options as on a command line, in one word or several. All or none are set. */
    private Outcome inject(CommandCall call) {
        List<String> words = new ArrayList<>();
        call.strings("injected_args")
                .forEach(a -> words.addAll(List.of(a.strip().split("\\s+"))));
        List<Runnable> changes = new ArrayList<>();
        StringBuilder said = new StringBuilder();
        List<String> unknown = new ArrayList<>();
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            int equals = word.indexOf('=');
            String name = (equals < 0 ? word : word.substring(0, equals))
                    .replaceFirst("^--?", "")
                    .replace('-', '_');
            Option option = word.startsWith("-") ? OptionTable.find(name) : null;
            if (option == null || equals < 0 && i + 1 == words.size()) {
                unknown.add(word);
                continue;
            }
            String value = equals < 0 ? words.get(++i) : word.substring(equals + 1);
            try {
                config.settable(option, value);
            } catch (InvalidValue e) {
                return Outcome.refused(
                        e.errno(),
                        "Parse error setting " + option.name() + " to '" + value + "' using injectargs (" + e.text()
                                + ").\n");
            }
            changes.add(() -> said.append(apply(option, value)));
        }
        if (!unknown.isEmpty()) {
            return Outcome.refused(Errno.EINVAL, " failed to parse arguments: " + String.join(",", unknown) + "\n");
        }
        changes.forEach(Runnable::run);
        return answer(call, Json.object()).withText(said.toString());
    }

    private Outcome perfDump(CommandCall call) {
        return answer(call, counters.dump(call.string("logger", ""), call.string("counter", "")));
    }

    private Outcome perfReset(CommandCall call) {
        String name = call.string("var");
        return answer(
                call,
                counters.reset(name)
                        ? Json.object().put("success", "perf reset " + name)
                        : Json.object().put("error", "Not find: " + name));
    }
}
