package io.spirula.it.sim.nemesis;

import java.time.Duration;
import java.util.random.RandomGenerator;

/** Pools come and go beside the one that is used. */
final class OtherPools implements Nemesis {
    @Override
    public String name() {
        return "pools";
    }

    @Override
    public void strike(Stage stage, RandomGenerator random) {
        String pool = "other" + random.nextInt(1_000_000);
        stage.command("osd pool create", "pool", pool, "pg_num", Integer.toString(random.nextInt(1, 9)));
        stage.trouble(
                Stage.aWhile(random, Duration.ofSeconds(20)),
                () -> stage.command(
                        "osd pool delete", "pool", pool, "pool2", pool, "yes_i_really_really_mean_it", "true"));
    }
}
