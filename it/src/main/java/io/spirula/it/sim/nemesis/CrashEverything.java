package io.spirula.it.sim.nemesis;

import io.spirula.it.sim.SimOsd;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;

/** The power fails: every daemon and some of the clients are gone at once, and come back together but for one OSD that may be late. */
final class CrashEverything implements Nemesis {
    @Override
    public String name() {
        return "crash-everything";
    }

    @Override
    public int weight() {
        return 3;
    }

    @Override
    public void strike(Stage stage, RandomGenerator random) {
        stage.note("the power fails");
        SimOsd late = stage.anyOsd(random);
        List<? extends Stage.Client> some =
                stage.clients().stream().filter(c -> random.nextInt(3) == 0).toList();
        stage.cluster().crash();
        some.forEach(Stage.Client::crash);
        boolean isLate = random.nextBoolean();
        stage.trouble(Duration.ofMillis(random.nextInt(2_000)), () -> {
            stage.note("the power is back");
            stage.cluster().restart(isLate ? Set.of(late) : Set.of());
            some.forEach(Stage.Client::restart);
        });
        stage.trouble(Stage.aWhile(random, Duration.ofSeconds(60)), late::restart);
    }
}
