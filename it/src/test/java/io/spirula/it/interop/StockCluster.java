package io.spirula.it.interop;

import io.spirula.it.cluster.FreePorts;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Map;
import java.util.UUID;

/** A real Ceph cluster on loopback, cephx on: one monitor, one manager, bluestore OSDs on files. Gone with the test. */
final class StockCluster implements AutoCloseable {
    /** Each takes a good part of a second. */
    private static final int ATTEMPTS = 100;

    private final Path folder;
    private final int osds;
    private final Shell shell;

    private StockCluster(Path folder, int osds) {
        this.folder = folder;
        this.osds = osds;
        this.shell = new Shell(Map.of("CEPH_CONF", folder.resolve("ceph.conf").toString()));
    }

    static StockCluster start() throws IOException {
        return start(2, "");
    }

    /** @param options more lines for all daemons' configuration */
    static StockCluster start(int osds, String options) throws IOException {
        StockCluster cluster = new StockCluster(Files.createTempDirectory("stock-ceph"), osds);
        try {
            cluster.create(options);
            return cluster;
        } catch (AssertionError | IOException e) {
            cluster.close();
            throw e;
        }
    }

    Path folder() {
        return folder;
    }

    Path conf() {
        return folder.resolve("ceph.conf");
    }

    Shell shell() {
        return shell;
    }

    /** Kills a daemon as a power cut would. */
    void kill(String daemon) throws IOException {
        DaemonProcess.of(folder, daemon).kill();
    }

    /** Stops an OSD in order; {@link #startOsd} starts it again. */
    void stopOsd(int osd) throws IOException {
        DaemonProcess.of(folder, "osd." + osd).stop();
    }

    void startOsd(int osd) {
        run("ceph-osd", "-i", Integer.toString(osd));
    }

    private void create(String options) throws IOException {
        int port = FreePorts.row(2);
        String fsid = UUID.randomUUID().toString();
        String addresses = "[v2:127.0.0.1:" + port + ",v1:127.0.0.1:" + (port + 1) + "]";
        Files.createDirectories(folder.resolve("run"));
        Files.createDirectories(folder.resolve("log"));
        Files.writeString(conf(), """
            [global]
            fsid = %2$s
            mon host = %3$s
            mon initial members = a
            public network = 127.0.0.0/8
            osd pool default size = 2
            osd pool default min size = 1
            osd crush chooseleaf type = 0
            osd pool default pg autoscale mode = off
            run dir = %1$s/run
            admin socket = %1$s/run/$name.asok
            log file = %1$s/log/$name.log
            pid file = %1$s/run/$name.pid
            keyring = %1$s/keyring
            mon data = %1$s/$name
            mgr data = %1$s/$name
            osd data = %1$s/$name
            mon allow pool delete = true
            mon data avail warn = 1
            mon data avail crit = 1
            mon warn on insecure global id reclaim = false
            mon warn on insecure global id reclaim allowed = false
            %4$s
            [osd]
            bluestore block size = 4294967296
            osd memory target = 1073741824
            """.formatted(folder, fsid, addresses, options));
        String keyring = folder.resolve("keyring").toString();
        String monmap = folder.resolve("monmap").toString();
        tool("ceph-authtool --create-keyring " + keyring + " --gen-key -n mon. --cap mon", "allow *");
        run(
                "ceph-authtool",
                keyring,
                "--gen-key",
                "-n",
                "client.admin",
                "--cap",
                "mon",
                "allow *",
                "--cap",
                "osd",
                "allow *",
                "--cap",
                "mgr",
                "allow *");
        run(
                "ceph-authtool",
                keyring,
                "--gen-key",
                "-n",
                "mgr.x",
                "--cap",
                "mon",
                "allow profile mgr",
                "--cap",
                "osd",
                "allow *");
        for (int i = 0; i < osds; i++) {
            run(
                    "ceph-authtool",
                    keyring,
                    "--gen-key",
                    "-n",
                    "osd." + i,
                    "--cap",
                    "mon",
                    "allow profile osd",
                    "--cap",
                    "osd",
                    "allow *",
                    "--cap",
                    "mgr",
                    "allow profile osd");
        }
        run("monmaptool", "--create", "--fsid", fsid, "--addv", "a", addresses, monmap);
        Files.createDirectories(folder.resolve("mon.a"));
        run("ceph-mon", "--mkfs", "-i", "a", "--monmap", monmap, "--keyring", keyring);
        run("ceph-mon", "-i", "a");
        run("ceph", "auth", "import", "-i", keyring);
        Files.createDirectories(folder.resolve("mgr.x"));
        run("ceph-mgr", "-i", "x");
        for (int i = 0; i < osds; i++) {
            String uuid = UUID.randomUUID().toString();
            String id = Integer.toString(i);
            Files.createDirectories(folder.resolve("osd." + i));
            run("ceph", "osd", "new", uuid, id);
            run("ceph-osd", "-i", id, "--mkfs", "--osd-uuid", uuid);
            run("ceph-osd", "-i", id);
        }
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            if (shell.run("ceph", "osd", "stat", "-f", "json").ok().out().contains("\"num_up_osds\":" + osds)) {
                return;
            }
        }
        throw new AssertionError("the stock OSDs do not come up");
    }

    /** Starts the monitor and the manager again where they have ended. */
    void revive() {
        for (String daemon : new String[] {"mon a", "mgr x"}) {
            String[] words = daemon.split(" ");
            boolean runs = ProcessHandle.allProcesses()
                    .map(p -> p.info().commandLine().orElse(""))
                    .anyMatch(line -> line.contains("ceph-" + words[0]) && line.contains("-c " + conf()));
            if (!runs) {
                run("ceph-" + words[0], "-i", words[1]);
            }
        }
    }

    private void tool(String words, String last) {
        String[] split = (words + " x").split(" ");
        split[split.length - 1] = last;
        run(split);
    }

    private void run(String... command) {
        String[] withConf = java.util.Arrays.copyOf(command, command.length + 2);
        withConf[command.length] = "-c";
        withConf[command.length + 1] = conf().toString();
        shell.run(command[0].contains("tool") ? command : withConf).ok();
    }

    @Override
    public void close() {
        ProcessHandle.allProcesses()
                .filter(p -> p.info().commandLine().orElse("").contains("-c " + conf()))
                .forEach(p -> {
                    p.destroyForcibly();
                    p.onExit().join();
                });
        try {
            Files.walkFileTree(folder, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    Files.delete(file);
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path dir, java.io.IOException failure) throws IOException {
                    Files.delete(dir);
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
