package io.spirula.it.interop;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Recovery and backfill do what stock's commands and options say, from the moment that they are given. A sleep of ten minutes after each object is what makes time for looking. */
@Execution(ExecutionMode.CONCURRENT) // waits, most of its time
class RecoveryLimitsTest {
    private static final int OSDS = 4;
    private static final int OBJECTS = 160;
    private static final String MOVING = "(?s).*(recovering|backfilling).*";

    /** The ways to set an option of running OSDs. */
    private enum Way {
        CONFIG_SET,
        TELL,
        INJECTARGS,
        ADMIN_SOCKET;

        void set(Operator operator, String option, String value) {
            if (this == CONFIG_SET) {
                operator.ceph("config set osd " + option + " " + value);
                return;
            }
            for (int osd = 0; osd < OSDS; osd++) {
                operator.ceph(
                        switch (this) {
                            case TELL -> "tell osd." + osd + " config set " + option + " " + value;
                            case INJECTARGS -> "tell osd." + osd + " injectargs --" + option + "=" + value;
                            case ADMIN_SOCKET -> "daemon osd." + osd + " config set " + option + " " + value;
                            case CONFIG_SET -> throw new IllegalStateException();
                        });
            }
        }
    }

    @BeforeAll
    static void stock() {
        StockCeph.require();
    }

    /** Pools of which one recovers by its logs, and the other, whose logs are too short, is backfilled. */
    private static void createPools(Operator operator) {
        operator.createPool("logs", 8, 2, 1);
        operator.writeObjects("logs", OBJECTS);
        operator.createPool("scans", 8, 2, 1);
        operator.ceph("osd pool set scans recovery_priority 7");
        for (String limit : List.of("osd_min_pg_log_entries", "osd_max_pg_log_entries", "osd_pg_log_trim_min")) {
            operator.ceph("config set osd " + limit + " 1");
        }
        operator.ceph("config set osd osd_target_pg_log_entries_per_osd 0");
        operator.writeObjects("scans", OBJECTS);
    }

    private static long moving(Operator operator) {
        return operator.states().values().stream()
                .filter(s -> s.matches(MOVING))
                .count();
    }

    private static String aGroupThatWaits(Operator operator, String forWhat) {
        return operator.states().entrySet().stream()
                .filter(e -> e.getValue().contains(forWhat + "_wait"))
                .findFirst()
                .orElseThrow()
                .getKey();
    }

    private static List<Integer> priorities(Operator operator, int pool) {
        List<Integer> priorities = new ArrayList<>();
        for (int osd = 0; osd < OSDS; osd++) {
            JsonNode places = operator.json("daemon osd." + osd + " dump_recovery_reservations")
                    .path("local_reservations");
            for (JsonNode place : places.path("in_progress")) {
                add(place, pool, priorities);
            }
            for (JsonNode queue : places.path("queues")) {
                queue.path("items").forEach(place -> add(place, pool, priorities));
            }
        }
        return priorities;
    }

    private static void add(JsonNode place, int pool, List<Integer> priorities) {
        if (place.path("item").asText().startsWith(pool + ".")) {
            priorities.add(place.path("prio").asInt());
        }
    }

    @Test
    void whatIsSetActsAtOnceOnRecoveryThatIsUnderWay() throws Exception {
        try (VstartCluster cluster = VstartCluster.start("--osds", Integer.toString(OSDS))) {
            Operator operator = new Operator(cluster);
            createPools(operator);
            operator.awaitClean();

            Way.CONFIG_SET.set(operator, "osd_recovery_sleep", "600");
            Way.CONFIG_SET.set(operator, "osd_max_backfills", "1");
            operator.ceph("osd out 3");
            Await.that("copying", () -> operator.ceph("pg stat"), s -> s.matches(MOVING));
            placesAndPriorities(operator);
            progress(operator);
            Way.CONFIG_SET.set(operator, "osd_recovery_sleep", "0");
            operator.awaitClean();
            Await.that(
                    "an end of the progress",
                    () -> operator.json("progress json").path("completed").toString(),
                    done -> done.contains("Rebalancing after osd.3 marked out"));

            boolean in = false;
            for (Way way : List.of(Way.TELL, Way.INJECTARGS, Way.ADMIN_SOCKET)) {
                way.set(operator, "osd_recovery_sleep", "600");
                operator.ceph(in ? "osd out 3" : "osd in 3");
                in = !in;
                Await.that("copying", () -> operator.ceph("pg stat"), s -> s.matches(MOVING));
                assertThat(operator.json("config show osd.1").toString()).contains("600.000000");
                way.set(operator, "osd_recovery_sleep", "0");
                operator.awaitClean();
            }
            Way.TELL.set(operator, "debug_osd", "20");
            operator.ceph("osd out 3");
            operator.awaitClean();
            assertThat(cluster.folder().resolve("log/osd.0.log")).content().contains("DEBUG PeeringDriver");
            Way.TELL.set(operator, "debug_osd", "1");
            flags(operator);
            operator.verifyObjects("logs");
            operator.verifyObjects("scans");
        }
    }

    private static void placesAndPriorities(Operator operator) {
        assertThat(moving(operator)).as("a place at each OSD").isBetween(1L, (long) OSDS);
        assertThat(priorities(operator, 1)).isNotEmpty().containsOnly(180);
        assertThat(priorities(operator, 2))
                .isNotEmpty()
                .containsOnly(107); // those of misplaced objects, and the pool's own
        String waiting = aGroupThatWaits(operator, "recovery");
        assertThat(operator.explain(waiting)).contains("'ceph pg force-recovery " + waiting + "' has it done first");
        operator.ceph("pg force-recovery " + waiting);
        operator.await(waiting, "recovering", s -> s.contains("recovering+forced_recovery"));
        operator.ceph("pg cancel-force-recovery " + waiting);
        operator.await(waiting, "as the others", s -> !s.contains("forced"));
        String scanning = aGroupThatWaits(operator, "backfill");
        operator.ceph("pg force-backfill " + scanning);
        operator.await(scanning, "backfilling", s -> s.contains("backfilling+forced_backfill"));
        operator.ceph("pg cancel-force-backfill " + scanning);
        operator.await(scanning, "as the others", s -> !s.contains("forced"));
        Way.CONFIG_SET.set(operator, "osd_max_backfills", "8");
        Await.that("more at a time", () -> Long.toString(moving(operator)), n -> Long.parseLong(n) > OSDS);
        assertThat(operator.ceph("pg stat")).contains("objects misplaced");
    }

    private static void progress(Operator operator) {
        Await.that(
                "the events of what goes on",
                () -> operator.json("progress json").path("events").toString(),
                said -> said.contains("Rebalancing after osd.3 marked out") && said.contains("Global Recovery Event"));
        JsonNode events = operator.json("progress json").path("events");
        for (JsonNode event : events) {
            assertThat(event.path("progress").asDouble()).isBetween(0.0, 0.9);
        }
        assertThat(operator.ceph("-s")).contains("Global Recovery Event");
    }

    private static void flags(Operator operator) {
        operator.ceph("osd set norecover");
        operator.ceph("osd set nobackfill");
        operator.ceph("osd in 3");
        operator.await("1.0", "waiting or in place", s -> !s.isEmpty());
        String logs = Await.that(
                "a group that is to recover", () -> first(operator, 1, "recover"), found -> !found.isEmpty());
        String scans =
                Await.that("a group that is to be backfilled", () -> first(operator, 2, "backfill"), f -> !f.isEmpty());
        assertThat(operator.explain(logs)).contains("while the flag norecover is set");
        assertThat(operator.explain(scans)).contains("while the flag nobackfill is set");
        operator.ceph("osd unset norecover");
        Await.that("recovered", () -> first(operator, 1, "recover"), String::isEmpty);
        operator.ceph("osd set norebalance");
        operator.ceph("osd unset nobackfill");
        assertThat(operator.explain(scans)).contains("while the flag norebalance is set");
        operator.ceph("osd unset norebalance");
        operator.awaitClean();
    }

    private static String first(Operator operator, int pool, String state) {
        return operator.states().entrySet().stream()
                .filter(e -> e.getKey().startsWith(pool + ".") && e.getValue().contains(state))
                .map(e -> e.getKey())
                .findFirst()
                .orElse("");
    }

    private static int underWay(Operator operator) {
        return operator.json("daemon osd.0 query 1.0")
                .findPath("recovery_progress")
                .path("recovering")
                .size();
    }

    /** What is under way stays so while the OSD that gets it stands still. */
    @Test
    void moreObjectsAreUnderWayAsSoonAsMoreMayBe() throws Exception {
        try (VstartCluster cluster = VstartCluster.start("--osds", "2")) {
            Operator operator = new Operator(cluster);
            operator.ceph("osd set-require-min-compat-client luminous");
            operator.createPool("one", 1, 2, 1);
            operator.ceph("osd pg-upmap 1.0 0 1");
            operator.awaitClean();
            operator.kill(1);
            operator.writeObjects("one", 60);
            Way.CONFIG_SET.set(operator, "osd_recovery_max_active", "1");
            Way.CONFIG_SET.set(operator, "osd_recovery_sleep", "600");
            operator.start(1);
            operator.await("1.0", "recovering", s -> s.contains("recovering"));
            operator.ceph("osd set nodown");
            cluster.signal("osd.1", "STOP");
            Way.CONFIG_SET.set(operator, "osd_recovery_sleep", "0");
            Await.that("one under way", () -> "" + underWay(operator), "1"::equals);
            Way.CONFIG_SET.set(operator, "osd_recovery_max_active", "5");
            Await.that("five under way", () -> "" + underWay(operator), "5"::equals);
            operator.ceph("tell osd.0 config set osd_recovery_max_active 7");
            Await.that("seven under way", () -> "" + underWay(operator), "7"::equals);
            cluster.signal("osd.1", "CONT");
            operator.awaitClean();
            operator.verifyObjects("one");
        }
    }
}
