package io.spirula.it.sim.nemesis;

import java.time.Duration;
import java.util.random.RandomGenerator;

/** An OSD is taken out, so that others take over what it has, and in again. */
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
        String ids = "[\"" + stage.anyOsd(random).id() + "\"]";
        stage.command("osd out", "ids", ids);
        stage.trouble(Stage.aWhile(random, Duration.ofSeconds(40)), () -> stage.command("osd in", "ids", ids));
    }
}
