package io.spirula.it.sim.nemesis;

import java.util.random.RandomGenerator;

/** An OSD that is well is marked down; it says that it is not. */
final class MarkDown implements Nemesis {
    @Override
    public String name() {
        return "mark-down";
    }

    @Override
    public void strike(Stage stage, RandomGenerator random) {
        stage.command("osd down", "ids", "[\"" + stage.anyOsd(random).id() + "\"]");
    }
}
