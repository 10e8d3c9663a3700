package io.spirula.it.sim.nemesis;

import java.time.Duration;
import java.util.random.RandomGenerator;

/** The operator forbids something for a while. */
final class Flags implements Nemesis {
    private static final String[] FLAGS = {"norecover", "nobackfill", "norebalance", "noup", "nodown", "noout", "pause"
    };

    @Override
    public String name() {
        return "flags";
    }

    @Override
    public void strike(Stage stage, RandomGenerator random) {
        String flag = FLAGS[random.nextInt(FLAGS.length)];
        stage.command("osd set", "key", flag);
        stage.trouble(Stage.aWhile(random, Duration.ofSeconds(40)), () -> stage.command("osd unset", "key", flag));
    }
}
