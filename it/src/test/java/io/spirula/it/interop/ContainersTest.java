package io.spirula.it.interop;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.spirula.it.containers.ContainerCluster;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

@Execution(ExecutionMode.CONCURRENT) // waits for time-outs, most of its time
class ContainersTest {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @BeforeAll
    static void require() {
        StockCeph.require();
        Docker.requireImage();
    }

    /** How long the leader's host is cut off: longer than every lease and election takes. */
    private static final Duration CUT = Duration.ofSeconds(Integer.getInteger("spirula.it.cutSeconds", 20));

    @Test
    void aLeaderThatIsCutOffAnswersNothingAndTheOthersGoOn() {
        try (ContainerCluster cluster = ContainerCluster.builder()
                .image(Docker.IMAGE)
                .monitors(5)
                .osds(1)
                .start()) {
            Shell shell = new Shell(Map.of("CEPH_CONF", cluster.conf().toString()));
            shell.run("ceph", "config-key", "set", "k", "old").ok();
            String leader = "mon." + quorum(shell).path("quorum_leader_name").asText();

            ContainerCluster.Result before = inside(cluster, leader, "config-key", "get", "k");
            assertThat(before.out()).as("%s", before).contains("old");

            cluster.cutOff(leader);
            long cutAt = System.nanoTime();
            shell.run("ceph", "config-key", "set", "k", "new").ok();
            assertThat(Duration.ofNanos(System.nanoTime() - cutAt)).isLessThan(Duration.ofSeconds(30));
            // The first quorum without it may be one of three, which the fourth then joins.
            assertThat(quorumOf(shell, 4).path("quorum_names")).noneMatch(n -> ("mon." + n.asText()).equals(leader));
            while (System.nanoTime() - cutAt < CUT.toNanos()) {
                assertThat(inside(cluster, leader, "config-key", "get", "k").out())
                        .doesNotContain("old");
                assertThat(inside(cluster, leader, "config-key", "set", "k", "lost")
                                .code())
                        .isNotZero();
                assertThat(shell.run("ceph", "config-key", "get", "k").ok().out())
                        .contains("new");
            }

            cluster.rejoin(leader);
            cluster.awaitHealthy(PATIENCE);
            quorumOf(shell, 5);
            for (String monitor : cluster.daemons().subList(0, 5)) {
                ContainerCluster.Result answer = inside(cluster, monitor, "config-key", "get", "k");
                assertThat(answer.out()).as("%s", answer).contains("new");
            }
        }
    }

    /** Asks one monitor from its own host. */
    private static ContainerCluster.Result inside(ContainerCluster cluster, String monitor, String... words) {
        List<String> command = new ArrayList<>(
                List.of("ceph", "--connect-timeout", "15", "-m", "v2:" + cluster.address(monitor) + ":3300"));
        command.addAll(List.of(words));
        return cluster.exec(monitor, command.toArray(String[]::new));
    }

    /** The quorum, once it has so many members. */
    private static JsonNode quorumOf(Shell shell, int members) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        JsonNode status = quorum(shell);
        while (status.path("quorum_names").size() != members) {
            assertThat(System.nanoTime())
                    .as("%d members in %s", members, status)
                    .isLessThan(deadline);
            status = quorum(shell);
        }
        return status;
    }

    private static JsonNode quorum(Shell shell) {
        try {
            return new ObjectMapper()
                    .readTree(shell.run("ceph", "quorum_status", "-f", "json")
                            .ok()
                            .out());
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }

    /** Waits until the OSD map has what {@code wanted} matches. */
    private static void await(Shell shell, String wanted) {
        Pattern pattern = Pattern.compile(wanted);
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        for (String map = "";
                !pattern.matcher(map).find();
                map = shell.run("ceph", "osd", "dump").ok().out()) {
            assertThat(System.nanoTime()).as("%s in %s", wanted, map).isLessThan(deadline);
        }
    }

    @Test
    void stockProgramsWorkWhileAnOsdIsCutOffPausedAndKilled() {
        try (ContainerCluster cluster = ContainerCluster.builder()
                .image(Docker.IMAGE)
                .monitors(1)
                .osds(3)
                .option("osd heartbeat grace", "6")
                .option("mon osd down out interval", "3")
                .option("mon osd adjust down out interval", "false")
                .start()) {
            Shell shell = new Shell(Map.of("CEPH_CONF", cluster.conf().toString()));
            shell.run("ceph", "osd", "pool", "create", "apart", "8").ok();
            shell.run("rados", "-p", "apart", "put", "before", "/etc/hostname").ok();

            cluster.cutOff("osd.1");
            shell.run("rados", "-p", "apart", "put", "while-cut-off", "/etc/hostname")
                    .ok();
            await(shell, "osd\\.1 down +out");
            cluster.rejoin("osd.1");
            await(shell, "osd\\.1 up +in");
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
