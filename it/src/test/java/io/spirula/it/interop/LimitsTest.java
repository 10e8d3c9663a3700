package io.spirula.it.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Stock clients that are shut out, or want to write where there is no room, are told so, and may remove things all the same. */
@Execution(ExecutionMode.CONCURRENT) // waits for time-outs, most of its time
class LimitsTest {
    @BeforeAll
    static void stock() {
        StockCeph.require();
    }

    @Test
    void stockClientsAreToldOfBlocklistsQuotasAndFullDisks() throws Exception {
        try (VstartCluster cluster = VstartCluster.start("--osds", "3")) {
            Path program = Path.of("src/test/resources/interop/limits.py").toAbsolutePath();
            assertThat(cluster.shell()
                            .run(
                                    "/usr/bin/python3",
                                    program.toString(),
                                    cluster.conf().toString())
                            .ok()
                            .out())
                    .isEqualTo("blocklist\nquota\nfull\n");
        }
    }
}
