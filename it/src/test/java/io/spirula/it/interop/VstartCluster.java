package io.spirula.it.interop;

import io.spirula.it.cluster.FreePorts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A cluster of ours in processes of their own, made by the distribution's vstart, gone with the test. */
final class VstartCluster implements AutoCloseable {
    static final Path BIN =
            Path.of("../tools/target/spirula/bin").toAbsolutePath().normalize();

    private static final int MOST_MONITORS = 5;

    private final Path folder;
    private final Shell shell;

    private VstartCluster(Path folder) {
        this.folder = folder;
        this.shell = new Shell(Map.of("CEPH_CONF", folder.resolve("ceph.conf").toString()));
    }

    static VstartCluster start(String... options) throws IOException {
        if (!Files.isExecutable(BIN.resolve("vstart"))) {
            throw new AssertionError("no distribution at " + BIN + ": build it with mvn -DskipTests package");
        }
        VstartCluster cluster =
                new VstartCluster(Files.createTempDirectory("spirula-it").resolve("cluster"));
        try {
            List<String> words = new ArrayList<>(List.of("start"));
            words.addAll(List.of(options));
            if (!words.contains("--port")) {
                words.addAll(List.of("--port", Integer.toString(FreePorts.row(MOST_MONITORS))));
            }
            cluster.vstart(words.toArray(String[]::new));
            return cluster;
        } catch (AssertionError e) {
            cluster.close();
            throw e;
        }
    }

    /** Runs {@code vstart WORDS --dir D} and expects success. */
    Shell.Result vstart(String... words) {
        List<String> command = new ArrayList<>(List.of(BIN.resolve("vstart").toString()));
        command.addAll(List.of(words));
        command.addAll(List.of("--dir", folder.toString()));
        return shell.run(command).ok();
    }

    Path folder() {
        return folder;
    }

    Path conf() {
        return folder.resolve("ceph.conf");
    }

    /** Programs that find this cluster through CEPH_CONF. */
    Shell shell() {
        return shell;
    }

    /** Kills daemons as a power cut would. */
    void kill(String... daemons) throws IOException {
        for (String daemon : daemons) {
            DaemonProcess.of(folder, daemon).kill();
        }
    }

    /** Sends a daemon a signal: STOP, CONT. */
    void signal(String daemon, String signal) throws IOException {
        shell.run("kill", "-" + signal, pid(daemon)).ok();
    }

    String pid(String daemon) throws IOException {
        return Long.toString(DaemonProcess.of(folder, daemon).pid());
    }

    @Override
    public void close() {
        if (Files.exists(folder.resolve("ceph.conf"))) {
            new Shell(Map.of()).run(BIN.resolve("vstart").toString(), "destroy", "--dir", folder.toString());
        }
        try {
            if (!Files.exists(folder)) {
                Files.delete(folder.getParent());
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
