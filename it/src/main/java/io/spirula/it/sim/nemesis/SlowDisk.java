package io.spirula.it.sim.nemesis;

import io.spirula.it.sim.SimOsd;
import java.time.Duration;
import java.util.random.RandomGenerator;

/** An OSD's disk takes long for everything, so that much is unsynced. */
final class SlowDisk implements Nemesis {
    @Override
    public String name() {
        return "slow-disk";
    }

    @Override
    public void strike(Stage stage, RandomGenerator random) {
        SimOsd osd = stage.anyOsd(random);
        int times = random.nextInt(5, 200);
        stage.note("osd." + osd.id() + "'s disk is " + times + " times slower");
        osd.diskSlowness(times);
        stage.trouble(Stage.aWhile(random, Duration.ofSeconds(40)), () -> osd.diskSlowness(1));
    }
}
