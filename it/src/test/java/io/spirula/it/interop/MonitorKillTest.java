package io.spirula.it.interop;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/**
 * Five monitors in processes of their own, two of them killed with SIGKILL at a time and brought back, over and over, while stock's {@code ceph} changes things: every acknowledged change is on every monitor afterwards. Two rounds,
 * or as many as {@code -Dmonitor.kills=N} says; prints how long the changes had to wait.
 */
class MonitorKillTest {
    private static final int MONITORS = 5;
    private static final String[] NAMES = {"mon.a", "mon.b", "mon.c", "mon.d", "mon.e"};

    @Test
    void whatWasAcknowledgedIsOnEveryMonitorHoweverManyTwoWereKilled() throws Exception {
        StockCeph.require();
        int rounds = Integer.getInteger("monitor.kills", 2);
        Random random = new Random(1);
        List<String> acknowledged = new ArrayList<>();
        long longest = 0;
        try (VstartCluster cluster = VstartCluster.start("--mons", Integer.toString(MONITORS), "--osds", "1")) {
            for (int round = 0; round < rounds; round++) {
                String leader = "mon." + leader(cluster);
                String other = leader;
                while (other.equals(leader)) {
                    other = NAMES[random.nextInt(MONITORS)];
                }
                set(cluster, "k" + round + ".before", acknowledged);
                AtomicBoolean stop = new AtomicBoolean();
                List<String> meanwhile = new ArrayList<>();
                int number = round;
                Thread writer = Thread.ofVirtual().start(() -> {
                    for (int i = 0; !stop.get(); i++) {
                        set(cluster, "k" + number + ".during" + i, meanwhile);
                    }
                });
                long killed = System.nanoTime();
                cluster.kill(leader, other);
                set(cluster, "k" + round + ".killed", acknowledged);
                longest = Math.max(longest, System.nanoTime() - killed);
                cluster.shell()
                        .run("ceph", "osd", "crush", "add-bucket", "rack" + round, "rack")
                        .ok();
                cluster.vstart("start", leader, other);
                stop.set(true);
                writer.join();
                acknowledged.addAll(meanwhile);
            }
            awaitWhole(cluster);
            for (int rank = 0; rank < MONITORS; rank++) {
                String all = onMonitor(cluster, rank, "config-key", "dump");
                JsonNode keys = new ObjectMapper().readTree(all);
                for (String key : acknowledged) {
                    assertThat(keys.path(key).asText())
                            .as("%s on %s", key, NAMES[rank])
                            .isEqualTo(key);
                }
                for (int round = 0; round < rounds; round++) {
                    assertThat(onMonitor(cluster, rank, "osd", "crush", "dump")).contains("\"rack" + round + "\"");
                }
            }
        }
        System.out.printf(
                "%d rounds of killing the leader and another of five monitors: %d changes acknowledged, the longest wait for"
                        + " one after a kill was %.1f s, the program's own start included%n",
                rounds, acknowledged.size(), longest / 1e9);
    }

    private static void set(VstartCluster cluster, String key, List<String> acknowledged) {
        cluster.shell().run("ceph", "config-key", "set", key, key).ok();
        acknowledged.add(key);
    }

    private static String onMonitor(VstartCluster cluster, int rank, String... words) throws Exception {
        JsonNode map = status(cluster).path("monmap").path("mons").get(rank);
        String address =
                map.path("public_addrs").path("addrvec").get(0).path("addr").asText();
        List<String> command = new ArrayList<>(List.of("ceph", "-m", address));
        command.addAll(List.of(words));
        return cluster.shell().run(command).ok().out();
    }

    private static JsonNode status(VstartCluster cluster) throws Exception {
        return new ObjectMapper()
                .readTree(cluster.shell()
                        .run("ceph", "quorum_status", "--format", "json")
                        .ok()
                        .out());
    }

    private static String leader(VstartCluster cluster) throws Exception {
        return status(cluster).path("quorum_leader_name").asText();
    }

    private static void awaitWhole(VstartCluster cluster) throws Exception {
        long deadline = System.nanoTime() + 60_000_000_000L;
        while (status(cluster).path("quorum").size() < MONITORS) {
            assertThat(System.nanoTime()).as("a quorum of all within a minute").isLessThan(deadline);
        }
    }
}
