package io.spirula.it.interop;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** A cluster that is changed while stock's rados bench writes to it: every object is there afterwards, as it was written. */
@Execution(ExecutionMode.CONCURRENT) // waits, most of its time
class LoadedClusterTest {
    @BeforeAll
    static void stock() {
        StockCeph.require();
    }

    private static JsonNode pool(Operator operator, String name) {
        for (JsonNode pool : operator.json("osd dump").path("pools")) {
            if (pool.path("pool_name").asText().equals(name)) {
                return pool;
            }
        }
        throw new AssertionError("no pool " + name);
    }

    private static void awaitGroups(Operator operator, String name, int groups) {
        String wanted = groups + " " + groups;
        Await.that(
                "in " + groups + " groups",
                () -> {
                    JsonNode pool = pool(operator, name);
                    return pool.path("pg_num").asInt() + " "
                            + pool.path("pg_placement_num").asInt();
                },
                wanted::equals);
    }

    @Test
    void groupsAreSplitAndMerged() throws Exception {
        try (VstartCluster cluster = VstartCluster.start("--osds", "3")) {
            Operator operator = new Operator(cluster);
            operator.createPool("resized", 4, 2, 1);
            operator.awaitClean();
            Load load = new Load(operator, "resized");
            operator.ceph("osd pool set resized pg_num 8");
            awaitGroups(operator, "resized", 8);
            operator.ceph("osd pool set resized pg_num 6");
            awaitGroups(operator, "resized", 6);
            load.verify();
            operator.awaitClean();
            assertThat(operator.states()).hasSize(6);
            logsAndMapsAreTrimmed(operator);
        }
    }

    private static void logsAndMapsAreTrimmed(Operator operator) {
        operator.ceph("config set osd osd_target_pg_log_entries_per_osd 0");
        operator.ceph("config set osd osd_min_pg_log_entries 5");
        operator.ceph("config set osd osd_max_pg_log_entries 10");
        operator.ceph("config set osd osd_pg_log_trim_min 1");
        operator.writeObjects("resized", 100);
        Await.that(
                "short logs",
                () -> {
                    int longest = 0;
                    for (JsonNode pg : operator.json("pg dump pgs").path("pg_stats")) {
                        longest = Math.max(longest, pg.path("log_size").asInt());
                    }
                    return Integer.toString(longest);
                },
                longest -> Integer.parseInt(longest) <= 10);
        operator.ceph("config set osd osd_beacon_report_interval 1");
        operator.ceph("config set mon mon_min_osdmap_epochs 5");
        operator.ceph("config set mon paxos_service_trim_min 1");
        Await.that(
                "few maps",
                () -> {
                    operator.ceph("osd set noout");
                    operator.ceph("osd unset noout");
                    JsonNode report = operator.json("report");
                    return Integer.toString(report.path("osdmap_last_committed").asInt()
                            - report.path("osdmap_first_committed").asInt());
                },
                between -> Integer.parseInt(between) < 20);
        Await.that(
                "what the cluster needs, known to OSDs",
                () -> {
                    operator.ceph("osd set noout");
                    return operator.ceph("daemon osd.1 status");
                },
                status -> !status.contains("\"cluster_osdmap_trim_lower_bound\": 1,"));
    }

    @Test
    void workIsQueuedOtherwise() throws Exception {
        try (VstartCluster cluster = VstartCluster.start("--osds", "3")) {
            Operator operator = new Operator(cluster);
            operator.createPool("queued", 8, 2, 1);
            assertThat(operator.ceph("tell osd.0 config get osd_op_queue")).contains("wpq");
            operator.ceph("config set osd osd_op_queue mclock_scheduler");
            cluster.vstart("restart");
            operator.awaitClean();
            assertThat(operator.ceph("tell osd.0 config get osd_op_queue")).contains("mclock_scheduler");
            Load load = new Load(operator, "queued");
            operator.ceph("osd out 2");
            for (String profile : new String[] {"high_recovery_ops", "balanced", "custom", "high_client_ops"}) {
                operator.ceph("config set osd osd_mclock_profile " + profile);
                assertThat(operator.ceph("tell osd.1 config get osd_mclock_profile"))
                        .contains(profile);
            }
            operator.ceph("osd in 2");
            load.verify();
            operator.awaitClean();
            operator.ceph("config set osd osd_op_queue wpq");
            cluster.vstart("restart");
            operator.awaitClean();
            assertThat(operator.ceph("tell osd.0 dump_op_pq_state")).contains("\"queues\"");
        }
    }
}
