package io.spirula.it.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Groups that cannot go on say why, to {@code pg query} as stock's do and to {@code pg explain} in words, and doing what these say frees them. */
@Execution(ExecutionMode.CONCURRENT) // waits for processes, most of its time
class StuckGroupsTest {
    @TempDir
    Path folder;

    private void put(Operator operator, String pool, String object, String text) throws Exception {
        operator.rados("-p " + pool + " put " + object + " " + Files.writeString(folder.resolve("in"), text));
    }

    private String get(Operator operator, String pool, String object) throws Exception {
        Path out = folder.resolve("out");
        Shell.Result result = operator.run("rados", "-p", pool, "get", object, out.toString());
        return result.code() == 0 ? Files.readString(out) : result.err().strip().replaceFirst(".*: ", "");
    }

    /** A pool of one group, on these OSDs. */
    private static void createPool(Operator operator, int number, String name, int minSize, String osds) {
        operator.createPool(name, 1, 2, minSize);
        operator.ceph("osd pg-upmap " + number + ".0 " + osds);
    }

    private static void assertQuery(Operator operator, String pg, String state, String... words) {
        String query = operator.ceph("pg " + pg + " query");
        assertThat(query).contains("\"name\": \"" + state + "\"").contains(words);
    }

    @Test
    void whatIsSaidOfGroupsThatAreStuckFreesThem() throws Exception {
        StockCeph.require();
        try (VstartCluster cluster = VstartCluster.start("--osds", "4")) {
            Operator operator = new Operator(cluster);
            operator.ceph("osd set-require-min-compat-client luminous");
            createPool(operator, 1, "down", 1, "0 1");
            createPool(operator, 2, "reverted", 1, "0 1");
            createPool(operator, 3, "deleted", 1, "0 1");
            createPool(operator, 4, "small", 2, "0 1");
            operator.ceph("config set osd osd_min_pg_log_entries 1");
            operator.ceph("config set osd osd_max_pg_log_entries 1");
            operator.ceph("config set osd osd_pg_log_trim_min 1");
            operator.ceph("config set osd osd_target_pg_log_entries_per_osd 0");
            createPool(operator, 5, "copied", 1, "2 3");
            operator.writeObjects("copied", 60);
            operator.ceph("config set osd osd_min_pg_log_entries 1000");
            operator.ceph("config set osd osd_max_pg_log_entries 1000");
            for (String pool : new String[] {"down", "reverted", "deleted", "small"}) {
                put(operator, pool, "object", "old");
            }
            operator.awaitClean();

            tooFewAndDown(operator);
            unfound(operator);
            incomplete(operator);
            noRoom(operator);
        }
    }

    private void tooFewAndDown(Operator operator) throws Exception {
        operator.kill(1);
        operator.await("4.0", "too small", s -> s.contains("undersized") && s.contains("peered"));
        assertThat(operator.explain("4.0"))
                .contains("It has 1 of the 2 copies (min_size) that it takes to serve. Down are osd.1.")
                .contains("a lower min_size of the pool lets it serve now");
        operator.ceph("osd pool set small min_size 1");
        operator.await("4.0", "served", s -> s.startsWith("active"));
        put(operator, "small", "object", "new");

        put(operator, "down", "object", "new");
        operator.kill(0);
        operator.start(1);
        operator.await("1.0", "down", "down"::equals);
        assertQuery(
                operator,
                "1.0",
                "Started/Primary/Peering/Down",
                "peering is blocked due to down osds",
                "starting or marking this osd lost may let us proceed");
        assertThat(operator.explain("1.0"))
                .contains("writes may be known only to OSDs that are down: osd.0.\nStart it.")
                .contains("'ceph osd lost 0 --yes-i-really-mean-it'");
        operator.start(0);
        operator.awaitClean();
        assertThat(get(operator, "down", "object")).isEqualTo("new");
        assertThat(get(operator, "small", "object")).isEqualTo("new");
    }

    private void unfound(Operator operator) throws Exception {
        operator.ceph("osd set norecover");
        operator.kill(1);
        for (String pool : new String[] {"reverted", "deleted"}) {
            put(operator, pool, "object", "new");
            put(operator, pool, "another", "new");
        }
        operator.start(1);
        operator.await("3.0", "with both, of which one lacks objects", s -> s.matches("active.*recover.*"));
        operator.await("2.0", "with both, of which one lacks objects", s -> s.matches("active.*recover.*"));
        operator.kill(0);
        operator.ceph("osd unset norecover");
        operator.await("2.0", "unfound", s -> s.contains("recovery_unfound"));
        operator.await("3.0", "unfound", s -> s.contains("recovery_unfound"));
        assertThat(operator.ceph("health detail")).contains("pg 2.0 has 2 unfound objects");
        assertThat(operator.json("pg 2.0 list_unfound")
                        .path("might_have_unfound")
                        .toString())
                .contains("{\"osd\":\"0\",\"status\":\"osd is down\"}");
        assertThat(operator.explain("2.0"))
                .contains("2 of its objects nobody who is up has in their newest version")
                .contains("'ceph pg 2.0 mark_unfound_lost revert|delete' gives the objects up");
        assertThat(operator.run("ceph", "pg", "2.0", "mark_unfound_lost", "revert")
                        .err())
                .contains("but we haven't probed all sources, not marking lost");
        operator.ceph("osd lost 0 --yes-i-really-mean-it");
        operator.await("1.0", "served", s -> s.startsWith("active"));
        operator.ceph("pg 2.0 mark_unfound_lost revert");
        operator.ceph("pg 3.0 mark_unfound_lost delete");
        assertThat(get(operator, "reverted", "object")).isEqualTo("old");
        assertThat(get(operator, "reverted", "another")).contains("No such file");
        assertThat(get(operator, "deleted", "object")).contains("No such file");
        assertThat(operator.rados("-p deleted ls")).isEmpty();
        operator.start(0);
        operator.awaitClean();
        assertThat(get(operator, "reverted", "object")).isEqualTo("old");
    }

    private static void incomplete(Operator operator) throws Exception {
        operator.ceph("osd set nobackfill");
        operator.ceph("osd pg-upmap 5.0 2 0");
        operator.await("5.0", "backfilled", s -> s.contains("backfill"));
        operator.kill(2);
        operator.kill(3);
        operator.await("5.0", "down", s -> s.equals("down") || s.equals("down+remapped"));
        assertThat(operator.explain("5.0")).containsPattern("OSDs that are down: (osd\\.2, )?osd\\.3\\.\nStart");
        operator.ceph("osd lost 2 --yes-i-really-mean-it");
        operator.ceph("osd lost 3 --yes-i-really-mean-it");
        operator.await("5.0", "incomplete", s -> s.contains("incomplete"));
        assertQuery(operator, "5.0", "Started/Primary/Peering/Incomplete", "not enough complete instances of this PG");
        assertThat(operator.explain("5.0")).containsPattern("Start (one of osd\\.2, )?osd\\.3;");
        operator.start(3);
        operator.await("5.0", "served", s -> s.startsWith("active"));
        operator.start(2);
        operator.ceph("osd unset nobackfill");
        operator.awaitClean();
        operator.verifyObjects("copied");
    }

    private static void noRoom(Operator operator) {
        operator.ceph("osd set-nearfull-ratio 0.0000001");
        operator.ceph("osd set-backfillfull-ratio 0.0000002");
        // Each OSD has the monitors note it in its own time, and the words below go by what they have noted.
        Await.that("no room", () -> operator.ceph("health detail"), s -> s.contains("osd.1 is backfill full"));
        operator.ceph("osd pg-upmap 5.0 2 1");
        operator.await("5.0", "without room", s -> s.contains("backfill_toofull"));
        assertThat(operator.explain("5.0"))
                .contains("Objects are to be copied to OSDs that have no room for them")
                .contains("osd.1")
                .contains("raise backfillfull_ratio");
        assertThat(operator.ceph("health detail")).contains("PG_BACKFILL_FULL");
        operator.ceph("osd set-backfillfull-ratio 0.9");
        operator.ceph("osd set-nearfull-ratio 0.85");
        operator.awaitClean();
        operator.verifyObjects("copied");
    }
}
