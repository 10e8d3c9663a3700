package io.spirula.it.sim.nemesis;

import io.spirula.it.sim.SimOsd;
import java.time.Duration;
import java.util.random.RandomGenerator;

/** One OSD's process is gone at any moment, and comes back at once or so late that the others go on without it. */
final class CrashOsd implements Nemesis {
    @Override
    public String name() {
        return "crash-osd";
    }

    @Override
    public int weight() {
        return 3;
    }

    @Override
    public void strike(Stage stage, RandomGenerator random) {
        SimOsd osd = stage.anyOsd(random);
        stage.note("osd." + osd.id() + " crashes");
        osd.crash();
        stage.trouble(Stage.aWhile(random, Duration.ofSeconds(60)), () -> {
            stage.note("osd." + osd.id() + " starts");
            osd.restart();
        });
    }
}
