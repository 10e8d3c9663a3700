package io.spirula.tools.vstart;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;

/** One daemon of a cluster as a process, known by its pid file and by a command line that names the cluster's folder. */
final class DaemonProcess {
    private static final int REASON_LINES = 5;
    private static final int LOOKS = 20;
    private static final long LOOK_AGAIN_NANOS = 5_000_000;

    private final ClusterFolder folder;
    private final String name;
    private final Path bin;

    DaemonProcess(ClusterFolder folder, String name, Path bin) {
        this.folder = folder;
        this.name = name;
        this.bin = bin;
    }

    String name() {
        return name;
    }

    /** The running process, if the pid in the file is still this daemon's. */
    Optional<ProcessHandle> running() {
        try {
            long pid = Long.parseLong(Files.readString(folder.pidFile(name)).strip());
            String commandLine = commandLine(pid);
            boolean ours = commandLine.isEmpty()
                    ? !isZombie(pid) // it still becomes another program: nothing says that it is not ours
                    : commandLine.contains(folder.conf().toString()) && commandLine.contains(" " + id() + " ");
            return ours ? ProcessHandle.of(pid) : Optional.empty();
        } catch (IOException | NumberFormatException e) {
            return Optional.empty();
        }
    }

    /** While a process becomes another program its command line is empty for a moment, and so it stays once it has ended. */
    private static String commandLine(long pid) throws IOException {
        String line = "";
        for (int look = 0; line.isEmpty() && look < LOOKS; look++) {
            if (look > 0) {
                LockSupport.parkNanos(LOOK_AGAIN_NANOS);
            }
            byte[] words = Files.readAllBytes(Path.of("/proc", Long.toString(pid), "cmdline"));
            line = new String(words, StandardCharsets.UTF_8).replace('\0', ' ');
        }
        return line;
    }

    /** Whether it has ended, and only its parent has not noticed yet. */
    private static boolean isZombie(long pid) throws IOException {
        String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
        return stat.startsWith("Z", stat.lastIndexOf(')') + 2);
    }

    /** Starts the daemon in a session of its own, so that it outlives this command and its terminal. */
    void start() throws IOException {
        List<String> command = new ArrayList<>(List.of("setsid"));
        command.add(bin.resolve(program()).toString());
        command.addAll(List.of("-i", id(), "-c", folder.conf().toString(), "-f"));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.to(folder.output(name).toFile()))
                .redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null")));
        Process process = builder.start();
        Files.writeString(folder.pidFile(name), process.pid() + "\n");
    }

    /** Asks the daemon to stop, and makes it where it does not within {@code patience}. */
    void stop(Duration patience) throws InterruptedException {
        Optional<ProcessHandle> process = running();
        if (process.isEmpty()) {
            return;
        }
        process.get().destroy();
        try {
            process.get().onExit().get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            process.get().destroyForcibly();
            awaitEnd(process.get());
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void awaitEnd(ProcessHandle process) throws InterruptedException {
        try {
            process.onExit().get(10, TimeUnit.SECONDS);
        } catch (TimeoutException | ExecutionException e) {
            throw new VstartException("process " + process.pid() + " does not end, not even when killed");
        }
    }

    /** The last lines that the daemon printed: why it is not there. */
    String lastWords() {
        for (Path file : List.of(folder.output(name), folder.log(name))) {
            try {
                List<String> lines = Files.readAllLines(file).stream()
                        .filter(l -> !l.isBlank())
                        .toList();
                if (!lines.isEmpty()) {
                    return String.join("\n", lines.subList(Math.max(0, lines.size() - REASON_LINES), lines.size()));
                }
            } catch (IOException e) {
                // no such file: the next one may say more
            }
        }
        return "it said nothing";
    }

    String program() {
        return name.startsWith("mon.") ? "ceph-mon" : "ceph-osd";
    }

    String id() {
        return name.substring(name.indexOf('.') + 1);
    }
}
