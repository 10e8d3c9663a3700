package io.spirula.it.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.spirula.it.containers.ContainerCluster;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ContainersTest {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @BeforeAll
    static void require() {
        StockCeph.require();
        Docker.requireImage();
    }

    @Test
    void stockProgramsWorkWhileAnOsdIsCutOffPausedAndKilled() {
        try (ContainerCluster cluster = ContainerCluster.builder()
                .image(Docker.IMAGE)
                .monitors(1)
                .osds(3)
                .option("osd heartbeat grace", "6")
                .start()) {
            Shell shell = new Shell(Map.of("CEPH_CONF", cluster.conf().toString()));
            shell.run("ceph", "osd", "pool", "create", "apart", "8").ok();
            shell.run("rados", "-p", "apart", "put", "before", "/etc/hostname").ok();

            cluster.cutOff("osd.1");
            shell.run("rados", "-p", "apart", "put", "while-cut-off", "/etc/hostname")
                    .ok();
            assertThat(shell.run("ceph", "health").ok().out()).contains("1 osds down");
            cluster.rejoin("osd.1");
            cluster.awaitHealthy(PATIENCE);

            cluster.pause("osd.2");
            shell.run("rados", "-p", "apart", "put", "while-paused", "/etc/hostname")
                    .ok();
            cluster.unpause("osd.2");
            cluster.awaitHealthy(PATIENCE);

            cluster.kill("osd.0");
            shell.run("rados", "-p", "apart", "put", "while-killed", "/etc/hostname")
                    .ok();
            cluster.restart("osd.0");
            cluster.awaitHealthy(PATIENCE);

            assertThat(shell.run("rados", "-p", "apart", "ls").ok().out().lines())
                    .containsExactlyInAnyOrder("before", "while-cut-off", "while-paused", "while-killed");
        }
    }
}
