package io.spirula.it.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.spirula.common.config.CephConf;
import io.spirula.common.config.Config;
import io.spirula.common.types.EntityName;
import io.spirula.librados.Rados;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An OSD whose disk begins to answer with EIO while it serves says so in one line and ends; what it cannot read others have. Needs to mount a small file system, so it runs as root only. */
class FailingDiskTest {
    private static final int OBJECTS = 12;
    private static final int MAX_WRITES = 200;

    @TempDir
    Path temp;

    @Test
    void endsItsOsdAndLosesNothing() throws Exception {
        try (VstartCluster cluster = VstartCluster.start("--auth", "none")) {
            cluster.vstart("stop", "osd.0");
            try (SmallDisk disk = SmallDisk.mount(temp, cluster.folder().resolve("osd.0"), 320);
                    Rados rados = Rados.connect(Config.of(EntityName.client("admin"), CephConf.load(cluster.conf())));
                    DaemonRun osd = DaemonRun.start(
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
                rados.createPool("P");
                // A small disk in place of a large one looks full.
                assertThat(rados.monCommand("{\"prefix\": \"osd set-full-ratio\", \"ratio\": 1.0}")
                                .code())
                        .isZero();
                MebibyteObjects objects = new MebibyteObjects(rados.ioCtx("P"));
                List<Integer> acknowledged = new ArrayList<>();
                for (int i = 0; i < OBJECTS; i++) {
                    objects.write(i).join();
                    acknowledged.add(i);
                }
                disk.fail(24);
                for (int i = 0; i < MAX_WRITES && osd.runsUntil(() -> true); i++) {
                    CompletableFuture<byte[]> read = objects.read(i);
                    CompletableFuture<Void> write = objects.write(i + OBJECTS);
                    if (!osd.runsUntil(() -> read.isDone() && write.isDone())) {
                        // the others go on without it
                        rados.monCommand("{\"prefix\": \"osd down\", \"ids\": [\"0\"]}");
                    }
                    assertThat(read.join()).isEqualTo(MebibyteObjects.contents(i));
                    write.join();
                    acknowledged.add(i + OBJECTS);
                }
                osd.endsSaying("ceph-osd: ", "the disk of the store in", "fails");
                Await.that(
                        "the reason in the cluster's log",
                        () -> cluster.shell()
                                .run("ceph", "log", "last", "100", "debug", "cluster")
                                .ok()
                                .out(),
                        s -> s.contains("stopping: the disk of the store in"));
                objects.verify(acknowledged);
            }
        }
    }
}
