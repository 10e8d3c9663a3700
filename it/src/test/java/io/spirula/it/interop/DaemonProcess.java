package io.spirula.it.interop;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A daemon of a cluster whose daemons leave their pids in {@code run/}. */
record DaemonProcess(ProcessHandle handle) {
    static DaemonProcess of(Path cluster, String daemon) throws IOException {
        long pid = Long.parseLong(
                Files.readString(cluster.resolve("run/" + daemon + ".pid")).strip());
        return new DaemonProcess(ProcessHandle.of(pid).orElseThrow(() -> new AssertionError(daemon + " does not run")));
    }

    long pid() {
        return handle.pid();
    }

    /** As a power cut would. */
    void kill() {
        handle.destroyForcibly();
        handle.onExit().join();
    }

    /** In order. */
    void stop() {
        handle.destroy();
        handle.onExit().join();
    }
}
