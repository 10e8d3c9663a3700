package io.spirula.osd.peering;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Scripts in {@code peering/}: what happens to a group, and after each event what its OSDs do about it until all is quiet. {@code -Dpeering.record=true} writes what they do now into the scripts, to be read before it is
 * committed.
 *
 * <p>A script begins with {@code osds N size N min_size N}. Lines with {@code >} are events, those with {@code #} are for readers, the others are what follows: states, what the primary asks of the monitors, what is known
 * when a peer's info or log arrives, maps, what is copied.
 */
class GoldenScriptsTest {
    private static final Path SCRIPTS = Path.of("src/test/resources/peering");
    private static final boolean RECORD = Boolean.getBoolean("peering.record");

    static Stream<String> scripts() throws IOException {
        try (Stream<Path> files = Files.list(SCRIPTS)) {
            return files.map(f -> f.getFileName().toString()).sorted().toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("scripts")
    void happensAsWritten(String name) throws IOException {
        List<String> expected = Files.readAllLines(SCRIPTS.resolve(name));
        List<String> happened = run(expected);
        if (RECORD) {
            Files.write(SCRIPTS.resolve(name), happened);
            return;
        }
        assertThat(String.join("\n", happened)).isEqualTo(String.join("\n", expected));
    }

    private static List<String> run(List<String> script) {
        List<String> out = new ArrayList<>();
        PeeringSimulation world = null;
        int seen = 0;
        for (String line : script) {
            if (line.startsWith("#") || line.isBlank()) {
                out.add(line);
            } else if (line.startsWith("osds ")) {
                int[] n = Arrays.stream(line.split("[^0-9]+"))
                        .filter(s -> !s.isEmpty())
                        .mapToInt(Integer::parseInt)
                        .toArray();
                world = new PeeringSimulation(1, n[0], n[1], n[2]);
                out.add(line);
            } else if (line.startsWith("> ") && world != null) {
                out.add(line);
                for (String event : line.substring(2).split(", ")) {
                    happen(world, event.split(" "));
                }
                world.settle();
            } else {
                continue;
            }
            if (world != null && !line.startsWith("#")) {
                if (line.startsWith("osds ")) {
                    world.settle();
                }
                List<String> news = world.trace.subList(seen, world.trace.size());
                seen = world.trace.size();
                news.forEach(n -> out.add("  " + n));
            }
        }
        return out;
    }

    private static void happen(PeeringSimulation world, String[] event) {
        int n = Integer.parseInt(event[1]);
        switch (event[0]) {
            case "write" -> world.trace.add(world.write(n, false) ? "taken" : "not taken");
            case "delete" -> world.trace.add(world.write(n, true) ? "taken" : "not taken");
            case "crash" -> world.crash(n);
            case "lose" -> world.lose(n, Integer.parseInt(event[2]));
            case "restart" -> world.restart(n);
            case "lost" -> world.publish(world.map().withLost(n));
            case "order" ->
                world.publish(world.map()
                        .withOrder(Arrays.stream(event)
                                .skip(1)
                                .map(Integer::parseInt)
                                .toList()));
            case "costs" -> world.costs = new ActingCosts(n, n);
            case "min_size" -> world.publish(world.map().withSizes(world.map().size(), n));
            case "steps" -> {
                for (int i = 0; i < n; i++) {
                    world.step();
                }
            }
            default -> throw new IllegalArgumentException("no event " + event[0]);
        }
    }
}
