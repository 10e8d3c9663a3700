package io.spirula.it.sim.nemesis;

import io.spirula.it.sim.SimOsd;
import java.time.Duration;
import java.util.random.RandomGenerator;

/** An OSD dies with its disk, and comes back with an empty one; sometimes it has been declared lost. The other copies are whole when it happens. */
final class LoseDisk implements Nemesis {
    @Override
    public String name() {
        return "lose-disk";
    }

    @Override
    public Kind kind() {
        return Kind.DAMAGES_COPIES;
    }

    @Override
    public void strike(Stage stage, RandomGenerator random) {
        SimOsd osd = stage.anyOsd(random);
        stage.note("osd." + osd.id() + " loses its disk");
        osd.crash();
        osd.replaceDisk();
        if (random.nextBoolean()) {
            stage.later(
                    Duration.ofSeconds(2),
                    () -> stage.command("osd lost", "id", Integer.toString(osd.id()), "yes_i_really_mean_it", "true"));
        }
        stage.damage(Stage.aWhile(random, Duration.ofSeconds(40)), () -> {
            stage.note("osd." + osd.id() + " starts on an empty disk");
            osd.restart();
        });
    }
}
