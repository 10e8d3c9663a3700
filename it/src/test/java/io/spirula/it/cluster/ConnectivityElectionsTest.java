package io.spirula.it.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.spirula.common.encoding.Bytes;
import io.spirula.librados.Rados;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Monitors in one process that elect their leader by how well they are connected. */
class ConnectivityElectionsTest {
    private static final Pattern LINK =
            Pattern.compile("\"peer_rank\":(\\d),\"peer_score\":([0-9.]+),\"peer_alive\":(\\w+)");

    private static String run(Rados rados, String json) {
        return rados.monCommand(json).orThrow().output().utf8();
    }

    private static void set(Rados rados, String key) {
        run(rados, "{\"prefix\":\"config-key set\",\"key\":\"" + key + "\",\"val\":\"" + key + "\"}");
    }

    private static String tell(Rados rados, String monitor, String command) {
        return rados.tellMonitor(monitor, "{\"prefix\":\"" + command + "\",\"format\":\"json\"}", Bytes.EMPTY)
                .orThrow()
                .output()
                .utf8();
    }

    private static List<MatchResult> links(Rados rados, String monitor) {
        return LINK.matcher(tell(rados, monitor, "connection scores dump"))
                .results()
                .toList();
    }

    private static void await(String what, InProcessCluster.Condition condition) {
        InProcessCluster.await(what, condition, new String[] {""});
    }

    /** Monitors that have just started know little of each other, and whoever is known best leads. */
    private static void awaitLinks(Rados rados) {
        for (String monitor : List.of("a", "b", "c")) {
            await(
                    "mon." + monitor + " knows of all links",
                    () -> links(rados, monitor).size() == 6);
        }
    }

    @Test
    void aLeadersLossIsMadeUpForAndWhoWasAwayLeadsNoMore() {
        try (InProcessCluster cluster = InProcessCluster.builder().monitors(3).start();
                Rados rados = cluster.connect()) {
            awaitLinks(rados);
            assertThat(links(rados, "b"))
                    .allMatch(l -> l.group(2).equals("1") && l.group(3).equals("true"));
            run(rados, "{\"prefix\":\"mon set election_strategy\",\"strategy\":\"connectivity\"}");
            set(rados, "before");
            assertThat(run(rados, "{\"prefix\":\"mon dump\"}")).contains("\nelection_strategy: 3\n");
            assertThat(cluster.leader()).isZero();

            cluster.stopMonitor(0);
            set(rados, "without");
            int leader = cluster.leader();
            assertThat(leader).isPositive();
            await(
                    "the lost monitor's links are dead",
                    () -> links(rados, "b").stream()
                                    .filter(l ->
                                            l.group(1).equals("0") && l.group(3).equals("false"))
                                    .count()
                            == 2);
            cluster.startMonitor(0);
            set(rados, "after");
            // Its rank is the lowest and it is connected as well as the others, but was not always.
            assertThat(cluster.leader()).isEqualTo(leader);
            await(
                    "the lost monitor's links are alive",
                    () -> links(rados, "b").stream().allMatch(l -> l.group(3).equals("true")));

            assertThat(tell(rados, "b", "connection scores reset")).isEmpty();
            run(rados, "{\"prefix\":\"mon set election_strategy\",\"strategy\":\"classic\"}");
            set(rados, "classic");
            await("the lowest rank leads", () -> cluster.leader() == 0);
        }
    }

    @Test
    void whomItIsForbiddenDoesNotLeadHoweverWellItIsConnected() {
        try (InProcessCluster cluster = InProcessCluster.builder().monitors(3).start();
                Rados rados = cluster.connect()) {
            awaitLinks(rados);
            run(rados, "{\"prefix\":\"mon set election_strategy\",\"strategy\":\"connectivity\"}");
            run(rados, "{\"prefix\":\"mon add disallowed_leader\",\"name\":\"a\"}");
            await("another leads", () -> cluster.leader() == 1);
            run(rados, "{\"prefix\":\"mon rm disallowed_leader\",\"name\":\"a\"}");
            await("it leads again", () -> cluster.leader() == 0);
        }
    }

    @Test
    void aMonitorThatWasToldToLeaveTheQuorumStaysOutOfItUntilItStartsAgain() {
        try (InProcessCluster cluster = InProcessCluster.builder()
                        .monitors(3)
                        .option("mon_election_timeout", "1")
                        .option("mon_lease", "1")
                        .start();
                Rados rados = cluster.connect()) {
            assertThat(tell(rados, "c", "quorum exit"))
                    .isEqualTo("stopped responding to quorum, initiated new election\n");
            await(
                    "it is out",
                    () -> run(rados, "{\"prefix\":\"quorum_status\"}").contains("\"quorum_names\":[\"a\",\"b\"]"));
            set(rados, "without");
            cluster.stopMonitor(2);
            cluster.startMonitor(2);
            await("it is in", () -> run(rados, "{\"prefix\":\"quorum_status\"}").contains("[\"a\",\"b\",\"c\"]"));
        }
    }
}
