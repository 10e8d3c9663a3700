package io.spirula.it.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Our ceph and rados use a stock Ceph cluster, cephx on. */
class OurProgramsTest {
    private static final String CEPH = VstartCluster.BIN.resolve("ceph").toString();
    private static final String RADOS = VstartCluster.BIN.resolve("rados").toString();

    @BeforeAll
    static void stock() {
        StockCeph.require();
    }

    @TempDir
    Path temp;

    @Test
    void theyAdministerStoreAndReadBackOnStockCeph() throws Exception {
        try (StockCluster cluster = StockCluster.start()) {
            Shell shell = cluster.shell();
            assertThat(shell.run(CEPH, "-s").ok().out()).contains("cluster:", "2 osds: 2 up");
            assertThat(shell.run(CEPH, "osd", "pool", "create", "P", "8").ok().err())
                    .contains("pool 'P' created");
            assertThat(shell.run(CEPH, "osd", "tree", "-f", "json").ok().out()).contains("\"osd.1\"");
            assertThat(shell.run(CEPH, "pg", "stat").ok().out()).contains("pgs");
            Path file = temp.resolve("file");
            byte[] contents = new byte[5_000_000];
            new Random(2).nextBytes(contents);
            Files.write(file, contents);
            shell.run(RADOS, "-p", "P", "put", "object", file.toString()).ok();
            Path back = temp.resolve("back");
            shell.run("rados", "-p", "P", "get", "object", back.toString()).ok();
            assertThat(back).hasSameBinaryContentAs(file);
            shell.run("rados", "-p", "P", "put", "other", file.toString()).ok();
            shell.run(RADOS, "-p", "P", "get", "other", back.toString()).ok();
            assertThat(back).hasSameBinaryContentAs(file);
            assertThat(shell.run(RADOS, "-p", "P", "ls").ok().out().lines())
                    .containsExactlyInAnyOrder("object", "other");
            assertThat(shell.run(RADOS, "df").ok().out()).contains("P");
            assertThat(shell.run(RADOS, "-p", "P", "bench", "2", "write", "-b", "4096")
                            .ok()
                            .out())
                    .containsPattern("Total writes made: +[1-9]");
            shell.run(RADOS, "-p", "P", "rm", "object").ok();
            assertThat(shell.run(CEPH, "osd", "pool", "create").code()).isEqualTo(22);
            assertThat(shell.run(CEPH, "no", "such", "command").code()).isEqualTo(22);
        }
    }
}
