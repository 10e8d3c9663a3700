package io.spirula.it.sim.nemesis;

import java.time.Duration;
import java.util.random.RandomGenerator;

/** Messages take long, some of them much longer than others, so that those of different connections overtake one another. */
final class SlowNetwork implements Nemesis {
    @Override
    public String name() {
        return "slow-network";
    }

    @Override
    public void strike(Stage stage, RandomGenerator random) {
        Duration most = Duration.ofMillis(random.nextInt(10, random.nextInt(3) == 0 ? 2_000 : 200));
        stage.note("messages take up to " + most);
        stage.cluster().network().setDelays(Duration.ofNanos(50_000), most);
        stage.trouble(
                Stage.aWhile(random, Duration.ofSeconds(40)),
                () -> stage.cluster().network().resetDelays());
    }
}
