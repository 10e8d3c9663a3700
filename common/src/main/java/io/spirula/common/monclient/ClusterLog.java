package io.spirula.common.monclient;

import io.spirula.common.message.LogEntry;

/** Where a daemon says what people should know: {@code ceph -w} shows it and {@code ceph log last}. Few lines, and none that a client can have written at will. Ceph: LogClient's channel {@code cluster}, clog. */
@FunctionalInterface
public interface ClusterLog {
    ClusterLog NONE = (level, text) -> {};

    void log(LogEntry.Level level, String text);

    default void debug(String text) {
        log(LogEntry.Level.DEBUG, text);
    }

    default void info(String text) {
        log(LogEntry.Level.INFO, text);
    }

    default void warn(String text) {
        log(LogEntry.Level.WARN, text);
    }

    default void error(String text) {
        log(LogEntry.Level.ERROR, text);
    }
}
