package io.spirula.it.interop;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** What an operator moves goes where stock's osdmaptool says, all else stays where it is and is not copied, and nothing that is written meanwhile is lost. */
@Execution(ExecutionMode.CONCURRENT) // waits, most of its time
class MovedDataTest {
    private static final String POOL = "moved";
    private static final Pattern UP = Pattern.compile("(?m)^(1\\.[0-9a-f]+) raw .* up \\(\\[([0-9,]*)\\].*$");

    @TempDir
    Path folder;

    /** Where the groups are to be by the newest map, as stock's osdmaptool has it. */
    private TreeMap<String, String> wanted(Operator operator) {
        Path map = folder.resolve("map");
        operator.ceph("osd getmap -o " + map);
        String dump = operator.run("osdmaptool", map.toString(), "--test-map-pgs-dump-all", "--pool", "1")
                .ok()
                .out();
        TreeMap<String, String> up = new TreeMap<>();
        Matcher line = UP.matcher(dump);
        while (line.find()) {
            up.put(line.group(1), line.group(2));
        }
        return up;
    }

    private static TreeMap<String, String> members(Operator operator, String which) {
        TreeMap<String, String> members = new TreeMap<>();
        for (JsonNode pg : operator.json("pg dump pgs_brief").path("pg_stats")) {
            members.put(pg.path("pgid").asText(), pg.path(which).toString().replaceAll("[\\[\\]]", ""));
        }
        return members;
    }

    private static Map<String, Long> copied(Operator operator) {
        TreeMap<String, Long> copied = new TreeMap<>();
        for (JsonNode pg : operator.json("pg dump pgs").path("pg_stats")) {
            copied.put(
                    pg.path("pgid").asText(),
                    pg.path("stat_sum").path("num_objects_recovered").asLong());
        }
        return copied;
    }

    /** Gives an order, waits until it is carried out, and returns the groups that it moves. */
    private TreeSet<String> move(Operator operator, String order) {
        TreeMap<String, String> before = wanted(operator);
        Map<String, Long> copiedBefore = copied(operator);
        operator.ceph(order);
        Await.that(
                "groups placed as many as there shall be",
                () -> operator.json("osd dump").path("pools").get(0).toString(),
                pool -> pool.matches(".*\"pg_placement_num\":(\\d+),.*\"pg_placement_num_target\":\\1,.*"));
        TreeMap<String, String> after = wanted(operator);
        Await.that("where osdmaptool wants them", () -> members(operator, "up").toString(), after.toString()::equals);
        operator.awaitClean();
        assertThat(members(operator, "acting")).isEqualTo(after);
        TreeSet<String> moved = new TreeSet<>(after.keySet());
        moved.removeIf(pg -> Objects.equals(after.get(pg), before.get(pg)));
        Map<String, Long> copiedAfter = copied(operator);
        copiedAfter.keySet().removeAll(moved);
        copiedBefore.keySet().removeAll(moved);
        assertThat(copiedAfter).as("copied though it stays, by '%s'", order).isEqualTo(copiedBefore);
        return moved;
    }

    @Test
    void onlyWhatIsToMoveMovesWhileClientsWrite() throws Exception {
        StockCeph.require();
        try (VstartCluster cluster = VstartCluster.start("--osds", "4")) {
            Operator operator = new Operator(cluster);
            operator.ceph("osd set-require-min-compat-client luminous");
            operator.ceph("config set mgr target_max_misplaced_ratio 1");
            operator.ceph("config set global mgr_stats_period 1");
            operator.createPool(POOL, 16, 2, 1);
            operator.awaitClean();
            Load load = new Load(operator, POOL);

            String[] first = requireNonNull(wanted(operator).get("1.0")).split(",");
            int other = 0;
            while (first[0].equals("" + other) || first[1].equals("" + other)) {
                other++;
            }
            assertThat(move(operator, "osd pg-upmap-items 1.0 " + first[1] + " " + other))
                    .containsExactly("1.0");
            assertThat(move(operator, "osd crush reweight osd.3 0.02")).isNotEmpty();
            operator.ceph("osd crush add-bucket elsewhere host");
            assertThat(move(operator, "osd crush set osd.2 0.05 host=elsewhere"))
                    .isNotEmpty();
            assertThat(move(operator, "osd crush move elsewhere root=default")).isNotEmpty();
            TreeSet<String> rearranged = move(operator, "osd pool set " + POOL + " pgp_num 8");
            assertThat(rearranged).isNotEmpty().allMatch(pg -> Integer.parseInt(pg.substring(2), 16) >= 8);
            load.verify();
            operator.awaitClean();
        }
    }
}
