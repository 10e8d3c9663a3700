package io.spirula.it.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Stock clients watch objects of ours: they are told of notifications, also while primaries die and come back, and no longer once they are silent for too long, are shut out, or the object is gone. */
@Execution(ExecutionMode.CONCURRENT) // waits for time-outs, most of its time
class WatchTest {
    @Test
    void stockClientsGoOnWatchingWhenPrimariesDieAndComeBack() throws Exception {
        StockCeph.require();
        try (VstartCluster cluster = VstartCluster.start("--osds", "3")) {
            Shell shell = cluster.shell();
            shell.run("ceph", "osd", "pool", "create", "P", "4", "4").ok();
            Path program = Path.of("src/test/resources/interop/watch.py").toAbsolutePath();
            assertThat(shell.run(
                                    "/usr/bin/python3",
                                    program.toString(),
                                    cluster.conf().toString(),
                                    "P",
                                    VstartCluster.BIN.resolve("vstart").toString(),
                                    cluster.folder().toString())
                            .ok()
                            .out())
                    .isEqualTo("answered\nprimary_dies\nsilent_clients\n");
        }
    }
}
