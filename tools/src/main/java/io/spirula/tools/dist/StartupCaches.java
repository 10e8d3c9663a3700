package io.spirula.tools.dist;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The training runs behind the JVM's AOT caches: a small cluster is started, used and stopped with every command recording what it loads and compiles. A cache only makes a start quicker, so a run that fails costs the
 * build nothing but a line.
 */
final class StartupCaches {
    private static final long STEP_SECONDS = 120;

    private final Path home;
    private final Path caches;

    StartupCaches(Path home) {
        this.home = home;
        this.caches = home.resolve("lib/aot");
    }

    void make() throws IOException, InterruptedException {
        if (Boolean.getBoolean("spirula.skipStartupCaches")) {
            return;
        }
        Files.createDirectories(caches);
        Path work = Files.createTempDirectory("spirula-training");
        String cluster = work.resolve("cluster").toString();
        try {
            run(List.of("vstart", "start", "--dir", cluster, "--osds", "2"), work, false);
            List<String> failed = new ArrayList<>();
            for (List<String> step : steps(cluster, work)) {
                if (!run(step, work, true)) {
                    failed.add(String.join(" ", step));
                }
            }
            if (!failed.isEmpty()) {
                System.out.println("start-up caches: these training runs failed, their commands start slower: " + failed
                        + "; see " + work.resolve("training.log"));
            }
        } finally {
            run(List.of("vstart", "destroy", "--dir", cluster), work, false);
        }
        // A daemon that was stopped before its cache was made leaves what it had recorded.
        try (DirectoryStream<Path> leftovers = Files.newDirectoryStream(caches, "*.config")) {
            for (Path leftover : leftovers) {
                Files.delete(leftover);
            }
        }
        for (Path file : List.of("training.log", "map.txt", "map.bin", "osdmap").stream()
                .map(work::resolve)
                .toList()) {
            Files.deleteIfExists(file);
        }
        Files.deleteIfExists(work);
    }

    private List<List<String>> steps(String cluster, Path work) throws IOException {
        Path map = Files.writeString(work.resolve("map.txt"), "# begin crush map\n# end crush map\n");
        String conf = cluster + "/ceph.conf";
        return List.of(
                List.of(
                        "crushtool",
                        "-c",
                        map.toString(),
                        "-o",
                        work.resolve("map.bin").toString()),
                List.of(
                        "osdmaptool",
                        "--createsimple",
                        "3",
                        work.resolve("osdmap").toString()),
                List.of("ceph", "-c", conf, "osd", "pool", "create", "training", "16"),
                List.of("rados", "-c", conf, "-p", "training", "put", "map", map.toString()),
                List.of("rados", "-c", conf, "-p", "training", "bench", "1", "write", "-b", "4096", "--no-cleanup"),
                // Of two OSDs one records: it is a primary and a replica, and two would write the same file. It comes
                // back to what it has missed, for then clients wait until it has taken note of that.
                List.of("vstart", "stop", "--dir", cluster, "osd.0"),
                List.of("rados", "-c", conf, "-p", "training", "bench", "4", "write", "-b", "4096", "--no-cleanup"),
                List.of("vstart", "restart", "--dir", cluster, "mon.a", "osd.0"),
                List.of("rados", "-c", conf, "-p", "training", "bench", "6", "write", "-b", "4096", "--no-cleanup"),
                List.of("rados", "-c", conf, "-p", "training", "bench", "2", "rand"),
                List.of("ceph", "-c", conf, "-s"),
                List.of("vstart", "stop", "--dir", cluster, "osd.1"),
                List.of("vstart", "stop", "--dir", cluster));
    }

    private boolean run(List<String> step, Path work, boolean recording) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(step);
        command.set(0, home.resolve("bin").resolve(step.get(0)).toString());
        ProcessBuilder builder = new ProcessBuilder(command);
        if (recording) {
            builder.environment().put("SPIRULA_AOT_OUTPUT", caches.toString());
        }
        builder.redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        work.resolve("training.log").toFile()));
        Process process = builder.start();
        process.getOutputStream().close();
        if (!process.waitFor(STEP_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            return false;
        }
        return process.exitValue() == 0;
    }
}
