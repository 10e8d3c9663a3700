package io.spirula.it.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An OSD's store that comes from a backup lacks what was acknowledged since: it must not be taken for the sole survivor's. */
class RestoredStoreTest {
    @TempDir
    Path temp;

    @Test
    void aStoreFromAnOldBackupIsRefusedWithOneLineAndTheNewestOneIsNot() throws Exception {
        try (VstartCluster cluster = VstartCluster.start("--auth", "none")) {
            Shell shell = cluster.shell();
            String ceph = VstartCluster.BIN.resolve("ceph").toString();
            shell.run(ceph, "osd", "pool", "create", "P", "8").ok();
            cluster.vstart("stop", "osd.0");
            Path store = cluster.folder().resolve("osd.0");
            copy(store, temp.resolve("old"));
            cluster.vstart("start", "osd.0");
            cluster.vstart("restart", "osd.1"); // osd.0 leads some group in a new interval
            cluster.vstart("stop", "osd.0");
            copy(store, temp.resolve("new"));

            copy(temp.resolve("old"), store);
            try (DaemonRun run =
                    DaemonRun.start("ceph-osd", "-i", "0", "-c", cluster.conf().toString(), "-f")) {
                assertThat(run.runsUntil(() -> run.hasSaid("osd.0 is up in epoch")))
                        .as(run.toString())
                        .isFalse();
                assertThat(run.exitCode()).as(run.toString()).isEqualTo(1);
                assertThat(run.lines()).as(run.toString()).hasSize(1);
                assertThat(run.lines().getFirst())
                        .startsWith("ceph-osd: the store is as of epoch ")
                        .contains("restored from an old backup");
            }
            copy(temp.resolve("new"), store);
            cluster.vstart("start", "osd.0");
        }
    }

    private static void copy(Path from, Path to) {
        Shell shell = new Shell(Map.of());
        shell.run("rm", "-rf", to.toString()).ok();
        shell.run("cp", "-r", "--sparse=always", from.toString(), to.toString()).ok();
    }
}
