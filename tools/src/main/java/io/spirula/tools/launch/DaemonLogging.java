package io.spirula.tools.launch;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.FileAppender;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.spi.ContextAwareBase;
import io.spirula.common.admin.DaemonLog;
import io.spirula.common.config.CommonOptions;
import io.spirula.common.config.Config;
import io.spirula.common.config.ConfigException;
import io.spirula.common.daemon.DaemonProgram;
import io.spirula.common.types.EntityType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * A daemon's log, as its configuration has it: {@code log_file}, else standard error; more of it with {@code debug_ms} and its kin above 1. Until the configuration has been read nothing is logged, which also spares every start logback's own
 * search for a configuration.
 */
public final class DaemonLogging extends ContextAwareBase implements Configurator {
    private static final String PATTERN = "%d{yyyy-MM-dd'T'HH:mm:ss.SSSXX} %-5level %logger{0}: %msg%n%ex{20}";
    private static final int CHATTY = 5;

    @Override
    public ExecutionStatus configure(LoggerContext context) {
        if (System.getProperty("spirula.home") == null) {
            return ExecutionStatus.INVOKE_NEXT_IF_ANY; // inside somebody else's program, which logs as it likes
        }
        context.getLogger(Logger.ROOT_LOGGER_NAME).setLevel(Level.OFF);
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }

    /** Sets the log up for a daemon started with {@code args}. What is wrong with them is left for the daemon to say. */
    static DaemonLog start(String[] args, EntityType type) {
        Config config;
        try {
            config = CommonOptions.parse(List.of(args), type, CommonOptions.Kind.DAEMON, System.getenv())
                    .config();
        } catch (ConfigException e) {
            return DaemonLog.NONE; // what is wrong is left for the daemon to say
        }
        boolean mkfs = List.of(args).contains("--mkfs");
        String file = mkfs || config.bool("log_to_stderr", false) ? null : config.find("log_file");
        Logger root = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
        root.addAppender(appender(root.getLoggerContext(), file));
        root.setLevel(mkfs ? Level.ERROR : Level.INFO);
        if (file == null) { // it prints why it ends by itself, and once is enough
            root.getLoggerContext().getLogger(DaemonProgram.class).setLevel(Level.OFF);
        }
        return new LogbackLog(root.getLoggerContext(), mkfs ? null : file);
    }

    /** The log of this process, in logback's terms. */
    private record LogbackLog(
            LoggerContext context, @Nullable String file) implements DaemonLog {
        private static final Map<String, String> PACKAGES = Map.of(
                "debug_ms", "io.spirula.common.msgr",
                "debug_auth", "io.spirula.common.auth",
                "debug_monc", "io.spirula.common.monclient",
                "debug_mon", "io.spirula.mon",
                "debug_paxos", "io.spirula.mon.paxos",
                "debug_mgr", "io.spirula.mon.mgr",
                "debug_osd", "io.spirula.osd",
                "debug_filestore", "io.spirula.osd.store",
                "debug_bluestore", "io.spirula.osd.store",
                "debug_objclass", "io.spirula.osd.cls");

        @Override
        public void reopen() {
            if (file != null) {
                Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
                root.detachAndStopAllAppenders();
                root.addAppender(appender(context, file));
            }
        }

        @Override
        public void level(String option, int level) {
            String name = PACKAGES.get(option);
            if (name != null) {
                context.getLogger(name)
                        .setLevel(level >= 4 * CHATTY ? Level.TRACE : level >= CHATTY ? Level.DEBUG : null);
            }
        }
    }

    private static OutputStreamAppender<ILoggingEvent> appender(LoggerContext context, @Nullable String file) {
        PatternLayoutEncoder encoder = new PatternLayoutEncoder();
        encoder.setContext(context);
        encoder.setPattern(PATTERN);
        encoder.start();
        OutputStreamAppender<ILoggingEvent> appender;
        if (file != null && Files.isDirectory(Path.of(file).toAbsolutePath().resolveSibling("."))) {
            FileAppender<ILoggingEvent> toFile = new FileAppender<>();
            toFile.setFile(file);
            appender = toFile;
        } else {
            ConsoleAppender<ILoggingEvent> toConsole = new ConsoleAppender<>();
            toConsole.setTarget("System.err");
            appender = toConsole;
        }
        appender.setContext(context);
        appender.setEncoder(encoder);
        appender.start();
        return appender;
    }
}
