package io.spirula.it.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.spirula.common.config.CephConf;
import io.spirula.common.config.Config;
import io.spirula.common.types.EntityName;
import io.spirula.librados.CommandResult;
import io.spirula.librados.Rados;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A daemon whose disk is full says so in one line and ends; what was acknowledged is there once there is room. Needs to mount a small file system, so it runs as root only. */
class FullDiskTest {
    private static final int MAX_WRITES = 2_000;

    @TempDir
    Path temp;

    @Test
    void ofAnOsd() throws Exception {
        try (VstartCluster cluster = VstartCluster.start("--auth", "none")) {
            cluster.vstart("stop", "osd.0");
            Path store = cluster.folder().resolve("osd.0");
            try (SmallDisk disk = SmallDisk.mount(temp, store, 320);
                    Rados rados = connect(cluster.conf())) {
                rados.createPool("P");
                MebibyteObjects objects = new MebibyteObjects(rados.ioCtx("P"));
                // Or else writes would wait long before the disk is full.
                assertThat(osdCommand(rados, "osd set-full-ratio", "\"ratio\": 1.0")
                                .code())
                        .isZero();
                List<Integer> acknowledged = new ArrayList<>();
                try (DaemonRun osd = DaemonRun.start(
                        "ceph-osd",
                        "-i",
                        "0",
                        "-c",
                        cluster.conf().toString(),
                        "-f",
                        "--osd-failsafe-full-ratio",
                        "1")) {
                    assertThat(osd.runsUntil(() -> osd.hasSaid("osd.0 is up in epoch")))
                            .isTrue();
                    for (int i = 0; i < MAX_WRITES && osd.runsUntil(() -> true); i++) {
                        CompletableFuture<Void> write = objects.write(i);
                        if (osd.runsUntil(write::isDone)) {
                            write.join();
                            acknowledged.add(i);
                        } else { // it has ended with this write on its way, which the others finish without it
                            osdCommand(rados, "osd down", "\"ids\": [\"0\"]");
                            write.join();
                            acknowledged.add(i);
                        }
                    }
                    osd.endsSaying("ceph-osd: ", "no room left", "start again");
                }
                objects.verify(acknowledged);
                disk.makeRoom();
                cluster.vstart("start", "osd.0");
                objects.verify(acknowledged);
                cluster.kill("osd.1", "osd.2");
                cluster.vstart("start", "osd.1", "osd.2");
                objects.verify(acknowledged);
            }
        }
    }

    @Test
    void ofAMonitor() throws Exception {
        try (VstartCluster cluster = VstartCluster.start("--auth", "none", "--osds", "1")) {
            cluster.vstart("stop", "mon.a");
            Path store = cluster.folder().resolve("mon.a");
            try (SmallDisk disk = SmallDisk.mount(temp, store, 160)) {
                List<Integer> acknowledged = new ArrayList<>();
                try (DaemonRun mon = DaemonRun.start(
                        "ceph-mon", "-i", "a", "-c", cluster.conf().toString(), "-f")) {
                    assertThat(mon.runsUntil(() -> mon.hasSaid("serves at"))).isTrue();
                    disk.fill();
                    try (Rados rados = connect(cluster.conf())) {
                        for (int i = 0; i < MAX_WRITES && mon.runsUntil(() -> true); i++) {
                            int n = i;
                            CompletableFuture<CommandResult> answer = CompletableFuture.supplyAsync(() -> osdCommand(
                                    rados,
                                    "config set",
                                    "\"who\": \"client.t" + n + "\", \"name\": \"log_file\", \"value\": \""
                                            + "x".repeat(60_000) + n + "\""));
                            if (mon.runsUntil(answer::isDone)) {
                                assertThat(answer.join().code())
                                        .as(answer.join().toString())
                                        .isZero();
                                acknowledged.add(i);
                            }
                        }
                    }
                    mon.endsSaying("ceph-mon: ", "no room left", "start again");
                }
                assertThat(acknowledged).isNotEmpty();
                disk.makeRoom();
                cluster.vstart("start", "mon.a");
                try (Rados rados = connect(cluster.conf())) {
                    String dump = osdCommand(rados, "config dump", "\"format\": \"json\"")
                            .output()
                            .utf8();
                    for (int i : acknowledged) {
                        assertThat(dump).contains("x" + i + "\"");
                    }
                }
            }
        }
    }

    private static CommandResult osdCommand(Rados rados, String prefix, String more) {
        return rados.monCommand("{\"prefix\": \"" + prefix + "\", " + more + "}");
    }

    private static Rados connect(Path conf) {
        return Rados.connect(Config.of(EntityName.client("admin"), CephConf.load(conf)));
    }
}
