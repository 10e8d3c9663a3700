package io.spirula.tools.vstart;

import io.spirula.common.config.CephConf;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;

/** The folder that a cluster lives in: {@code ceph.conf}, {@code keyring}, {@code run/NAME.pid}, {@code log/NAME.log}, and each daemon's data under its name. */
record ClusterFolder(Path root) {
    private static final String DAEMONS = "vstart daemons";

    Path conf() {
        return root.resolve("ceph.conf");
    }

    Path keyring() {
        return root.resolve("keyring");
    }

    Path monmap() {
        return root.resolve("monmap");
    }

    Path pidFile(String daemon) {
        return root.resolve("run").resolve(daemon + ".pid");
    }

    Path log(String daemon) {
        return root.resolve("log").resolve(daemon + ".log");
    }

    /** What a daemon prints before and beside its log. */
    Path output(String daemon) {
        return root.resolve("log").resolve(daemon + ".out");
    }

    Path data(String daemon) {
        return root.resolve(daemon);
    }

    boolean exists() {
        return Files.isRegularFile(conf());
    }

    /** Names a, b, … for monitors and numbers for OSDs, as the configuration lists them, monitors first. */
    List<String> daemons() {
        String listed = CephConf.load(conf()).raw("global", DAEMONS);
        if (listed == null) {
            throw new VstartException(conf() + " was not written by vstart: it lists no '" + DAEMONS + "'");
        }
        return List.of(listed.split(" "));
    }

    /** Writes the configuration that our daemons and stock clients share. */
    void writeConf(ClusterPlan plan, String fsid) throws IOException {
        List<String> hosts = new ArrayList<>();
        List<String> names = new ArrayList<>();
        for (int i = 0; i < plan.monitors(); i++) {
            hosts.add("[v2:127.0.0.1:" + (plan.port() + i) + "]");
            names.add(ClusterPlan.monitorName(i).substring("mon.".length()));
        }
        String replicas = Integer.toString(Math.min(3, plan.osds()));
        Files.writeString(conf(), """
            # A cluster made by vstart. Stock clients use it as it is: ceph -c %1$s/ceph.conf -s
            [global]
            fsid = %2$s
            %3$s = %4$s
            mon host = %5$s
            mon initial members = %6$s
            auth cluster required = %7$s
            auth service required = %7$s
            auth client required = %7$s
            keyring = %1$s/keyring
            run dir = %1$s/run
            mon data = %1$s/$name
            osd data = %1$s/$name
            osd objectstore = %8$s
            bluestore block size = %11$s
            osd pool default size = %9$s
            osd pool default min size = %10$s
            osd pool default pg num = 32
            osd pool default pg autoscale mode = off
            osd crush chooseleaf type = 0
            mon osd reporter subtree level = osd
            mon allow pool delete = true
            mon allow pool size one = true
            mon warn on insecure global id reclaim = false
            mon warn on insecure global id reclaim allowed = false
            [mon]
            admin socket = %1$s/run/$name.asok
            log file = %1$s/log/$name.log
            pid file = %1$s/run/$name.pid
            [osd]
            admin socket = %1$s/run/$name.asok
            log file = %1$s/log/$name.log
            pid file = %1$s/run/$name.pid
            """.formatted(
                        root,
                        fsid,
                        DAEMONS,
                        String.join(" ", plan.daemons()),
                        String.join(",", hosts),
                        String.join(",", names),
                        plan.auth(),
                        plan.objectStore(),
                        replicas,
                        plan.osds() > 1 ? (plan.osds() > 2 ? "2" : "1") : "1",
                        shareOfDisk(plan.osds())));
    }

    /** An equal share of what the file system has free, in whole GiB: so that the OSDs do not each count all of it. */
    private String shareOfDisk(int osds) throws IOException {
        return Math.max(1, Files.getFileStore(root).getUsableSpace() / Math.max(1, osds) >> 30) + "G";
    }

    void createFolders(ClusterPlan plan) throws IOException {
        Files.createDirectories(root.resolve("run"));
        Files.createDirectories(root.resolve("log"));
        for (String daemon : plan.daemons()) {
            Files.createDirectories(data(daemon));
        }
    }

    /** Removes the folder with all it holds. Only a folder that holds a cluster of ours is ever removed. */
    void delete() throws IOException {
        daemons();
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path folder, java.io.IOException failure) throws IOException {
                Files.delete(folder);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
