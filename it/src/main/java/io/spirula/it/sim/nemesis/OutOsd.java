package io.spirula.it.sim.nemesis;

import java.time.Duration;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/** An OSD is taken out, or two at once, so that others take over what they have, and in again. */
final class OutOsd implements Nemesis {
    @Override
    public String name() {
        return "out-osd";
    }

    @Override
    public Kind kind() {
        return Kind.MOVES_DATA;
    }

    @Override
    public void strike(Stage stage, RandomGenerator random) {
        TreeSet<Integer> osds = new TreeSet<>();
        osds.add(stage.anyOsd(random).id());
        if (random.nextBoolean()) {
            osds.add(stage.anyOsd(random).id());
        }
        String ids = osds.stream().map(id -> "\"" + id + "\"").collect(Collectors.joining(",", "[", "]"));
        stage.command("osd out", "ids", ids);
        stage.trouble(Stage.aWhile(random, Duration.ofSeconds(40)), () -> stage.command("osd in", "ids", ids));
    }
}
