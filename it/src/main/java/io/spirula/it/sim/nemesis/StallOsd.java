package io.spirula.it.sim.nemesis;

import io.spirula.it.sim.SimOsd;
import java.time.Duration;
import java.util.random.RandomGenerator;

/** An OSD's process stands still, as after SIGSTOP, and goes on as if nothing had been. */
final class StallOsd implements Nemesis {
    @Override
    public String name() {
        return "stall-osd";
    }

    @Override
    public void strike(Stage stage, RandomGenerator random) {
        SimOsd osd = stage.anyOsd(random);
        Duration span = Stage.aWhile(random, Duration.ofSeconds(60));
        stage.note("osd." + osd.id() + " stands still for " + span);
        osd.host().stall(span);
    }
}
