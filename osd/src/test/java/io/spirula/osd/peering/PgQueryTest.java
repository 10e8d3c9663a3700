package io.spirula.osd.peering;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.spirula.common.command.Json;
import io.spirula.common.pg.PgDump;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The members of {@code pg query} and their types are those that were recorded from stock, in the same situations. */
class PgQueryTest {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private static List<String> recorded(String name) {
        try (InputStream in = PgQueryTest.class.getResourceAsStream("/query/" + name + ".keys")) {
            assertThat(in).as(name).isNotNull();
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    // These are the data path's, and recorded where it is tested.
                    .filter(line -> !line.startsWith("scrubber") && !line.startsWith("agent_state"))
                    .filter(line -> !line.contains(".recovery_progress."))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static JsonNode query(PeeringSimulation world) {
        PgPeering pg = world.primary().pg();
        Json recovery = Json.object();
        try {
            return MAPPER.readTree(Json.render(pg.query(pg.report().stats(Instant.EPOCH), recovery), "json")
                    .toArray());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void walk(JsonNode node, String path, TreeSet<String> found) {
        if (!path.isEmpty()) {
            found.add(path + " " + node.getNodeType().toString().toLowerCase(Locale.ROOT));
        }
        if (node.isObject()) {
            node.properties()
                    .forEach(e -> walk(e.getValue(), path.isEmpty() ? e.getKey() : path + "." + e.getKey(), found));
        } else if (node.isArray()) {
            node.forEach(element -> walk(element, path + "[]", found));
        }
    }

    private static void assertMembersAreStocks(PeeringSimulation world, String name) {
        TreeSet<String> ours = new TreeSet<>();
        walk(query(world), "", ours);
        TreeSet<String> stocks = new TreeSet<>(recorded(name));
        TreeSet<String> more = new TreeSet<>(ours);
        more.removeAll(stocks);
        stocks.removeAll(ours);
        assertThat(more).as("members that stock does not have").isEmpty();
        assertThat(stocks).as("members that stock has").isEmpty();
    }

    /** Two OSDs of which the second lacks writes that the first has. */
    private static PeeringSimulation behind() {
        PeeringSimulation world = new PeeringSimulation(1, 2, 2, 1);
        world.settle();
        world.write(1, false);
        world.settle();
        world.crash(1);
        world.settle();
        world.write(1, false);
        world.write(2, false);
        world.settle();
        world.recovers = false;
        world.restart(1);
        world.settle();
        return world;
    }

    @Test
    void aCleanGroup() {
        PeeringSimulation world = new PeeringSimulation(1, 3, 3, 2);
        world.settle();
        assertMembersAreStocks(world, "clean");
    }

    @Test
    void aGroupThatRecovers() {
        PeeringSimulation world = behind();
        assertMembersAreStocks(world, "recovering");
        assertThat(query(world)
                        .at("/recovery_state/0/might_have_unfound/0/status")
                        .asText())
                .isEqualTo("already probed");
    }

    @Test
    void aGroupWithUnfoundObjects() {
        PeeringSimulation world = behind();
        world.crash(0);
        world.recovers = true;
        world.settle();
        assertMembersAreStocks(world, "unfound");
        JsonNode state = query(world);
        assertThat(state.path("state").asText()).isEqualTo("active+recovery_unfound+undersized+degraded");
        assertThat(state.at("/recovery_state/0/might_have_unfound/0/status").asText())
                .isEqualTo("osd is down");
        assertThat(state.at("/info/stats/stat_sum/num_objects_unfound").asInt()).isEqualTo(2);
    }

    @Test
    void aGroupThatIsDown() {
        PeeringSimulation world = new PeeringSimulation(1, 2, 2, 1);
        world.settle();
        world.crash(1);
        world.settle();
        world.write(1, false);
        world.settle();
        world.crash(0);
        world.restart(1);
        world.settle();
        assertMembersAreStocks(world, "down");
        JsonNode state = query(world);
        assertThat(state.path("state").asText()).isEqualTo("down");
        assertThat(state.at("/recovery_state/1/peering_blocked_by/0/osd").asInt())
                .isZero();
        assertThat(state.at("/recovery_state/0/name").asText()).isEqualTo("Started/Primary/Peering/Down");
    }

    @Test
    void pastIntervalsThatAreNoneAreNotShown() {
        assertThat(PgDump.intervals(io.spirula.common.pg.PastIntervals.EMPTY)).isEmpty();
    }
}
