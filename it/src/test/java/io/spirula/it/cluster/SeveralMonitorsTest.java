package io.spirula.it.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.spirula.common.encoding.Bytes;
import io.spirula.librados.Rados;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Three monitors in one process, with OSDs and a client that outlive the loss of any of them. */
class SeveralMonitorsTest {
    private static String value(Rados rados, String key) {
        return rados.monCommand("{\"prefix\":\"config-key get\",\"key\":\"" + key + "\"}")
                .orThrow()
                .output()
                .utf8();
    }

    private static void set(Rados rados, String key) {
        rados.monCommand("{\"prefix\":\"config-key set\",\"key\":\"" + key + "\",\"val\":\"" + key + "\"}")
                .orThrow();
    }

    @Test
    void theLeadersLossIsNoticedByNobodyForLong() {
        try (InProcessCluster cluster =
                        InProcessCluster.builder().monitors(3).osds(3).start();
                Rados rados = cluster.connect()) {
            rados.createPool("data");
            set(rados, "before");
            for (int round = 0; round < 3; round++) {
                int leader = cluster.leader();
                cluster.stopMonitor(leader);
                set(rados, "round" + round);
                assertThat(value(rados, "before")).isEqualTo("before");
                rados.ioCtx("data").writeFull(Bytes.of("object"), Bytes.of("round " + round));
                assertThat(rados.ioCtx("data").read(Bytes.of("object"), 0, 100)).isEqualTo(Bytes.of("round " + round));
                cluster.startMonitor(leader);
            }
            cluster.awaitHealthy();
            assertThat(value(rados, "round2")).isEqualTo("round2");
        }
    }

    @Test
    void aMonitorThatLostItsStoreGetsItFromTheOthers() {
        try (InProcessCluster cluster =
                        InProcessCluster.builder().monitors(3).osds(1).start();
                Rados rados = cluster.connect()) {
            for (int i = 0; i < 30; i++) {
                set(rados, "key" + i);
            }
            cluster.stopMonitor(2);
            cluster.remakeMonitor(2);
            cluster.startMonitor(2);
            cluster.stopMonitor(1);
            cluster.stopMonitor(0);
            cluster.startMonitor(0);
            assertThat(value(rados, "key29")).isEqualTo("key29");
            set(rados, "after");
        }
    }

    @Test
    void clientsCountAtWhicheverMonitorTheyAre() {
        try (InProcessCluster cluster =
                        InProcessCluster.builder().monitors(3).osds(1).start();
                Rados first = cluster.client().monHost(cluster.monHost(0)).connect();
                Rados second = cluster.client().monHost(cluster.monHost(1)).connect();
                Rados third = cluster.client().monHost(cluster.monHost(2)).connect()) {
            assertThat(second.fsid()).isEqualTo(third.fsid());
            String[] said = {""};
            InProcessCluster.await(
                    "the leader has heard of three clients and more",
                    () -> {
                        said[0] = first.monCommand("{\"prefix\":\"features\",\"format\":\"json\"}")
                                .orThrow()
                                .output()
                                .utf8();
                        Matcher clients = Pattern.compile("\"client\":\\[\\{[^}]*\"num\":(\\d+)")
                                .matcher(said[0]);
                        return clients.find() && Integer.parseInt(clients.group(1)) >= 3;
                    },
                    said);
            assertThat(said[0]).containsPattern("\"mon\":\\[\\{[^}]*\"num\":3\\}");
        }
    }
}
