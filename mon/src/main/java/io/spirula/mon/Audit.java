package io.spirula.mon;

import io.spirula.common.command.CommandCall;
import io.spirula.common.command.CommandSpec;
import io.spirula.common.message.LogEntry;
import java.util.Set;
import java.util.function.BiConsumer;

/** The cluster log's channel that says who has asked for what. Source: Monitor::handle_command, C_Command (mon/Monitor.cc), DaemonServer::log_access_denied. */
final class Audit {
    /** Their arguments may be secrets. */
    private static final Set<String> SECRET = Set.of("config set", "config-key set", "config-key put");

    private final BiConsumer<LogEntry.Level, String> monitor;
    private final BiConsumer<LogEntry.Level, String> manager;

    /** @param manager where the manager says what it was asked for */
    Audit(BiConsumer<LogEntry.Level, String> monitor, BiConsumer<LogEntry.Level, String> manager) {
        this.monitor = monitor;
        this.manager = manager;
    }

    void dispatched(CommandSpec spec, CommandCall call) {
        if (!SECRET.contains(call.prefix())) {
            say(spec, call, ": dispatch");
        }
    }

    void denied(CommandSpec spec, CommandCall call) {
        say(spec, call, ":  access denied");
    }

    private void say(CommandSpec spec, CommandCall call, String what) {
        LogEntry.Level level =
                spec.isWrite() || spec.permission().indexOf('x') >= 0 ? LogEntry.Level.INFO : LogEntry.Level.DEBUG;
        (spec.isForManager() ? manager : monitor).accept(level, call.sender() + " cmd=" + words(call) + what);
    }

    /** What it changes is committed. */
    void finished(CommandCall call) {
        String text = SECRET.contains(call.prefix()) ? " " : " cmd='" + words(call) + "': finished";
        monitor.accept(LogEntry.Level.INFO, call.sender() + text);
    }

    private static String words(CommandCall call) {
        return "[" + String.join(",", call.words()) + "]";
    }
}
