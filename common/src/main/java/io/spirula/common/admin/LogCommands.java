package io.spirula.common.admin;

import io.spirula.common.command.CommandTable;
import io.spirula.common.command.Json;
import io.spirula.common.config.Config;
import io.spirula.common.config.Option;
import io.spirula.common.config.OptionTable;
import io.spirula.common.config.OptionType;
import java.util.Set;

/** The commands about a daemon's log, and the options that say how much of it there is: {@code debug_osd} and its kin. */
public final class LogCommands {
    private final DaemonLog log;

    public LogCommands(DaemonLog log) {
        this.log = log;
    }

    public void register(CommandTable table) {
        // Every line is written at once, and none is kept back.
        table.add("log flush", "flush log entries to log file", "", "rw", c -> Json.answer(c, Json.object()));
        table.add("log dump", "dump recent log entries to log file", "", "rw", c -> Json.answer(c, Json.object()));
        table.add("log reopen", "reopen log file", "", "rw", c -> {
            log.reopen();
            return Json.answer(c, Json.object());
        });
    }

    /** Keeps the log's levels to what the options say, now and whenever they change. */
    public void follow(Config config) {
        for (Option option : OptionTable.all()) {
            if (option.type() == OptionType.LEVELS) {
                Runnable apply = () -> log.level(option.name(), level(config, option));
                config.observe(Set.of(option.name()), apply);
                if (config.sources(option).size() > 1) {
                    apply.run();
                }
            }
        }
    }

    private static int level(Config config, Option option) {
        String levels = config.value(option);
        int slash = levels.indexOf('/');
        return Integer.parseInt(slash < 0 ? levels : levels.substring(0, slash));
    }
}
