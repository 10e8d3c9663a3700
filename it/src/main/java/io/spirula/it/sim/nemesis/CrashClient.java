package io.spirula.it.sim.nemesis;

import java.time.Duration;
import java.util.random.RandomGenerator;

/** A client's process is gone, with requests on their way. */
final class CrashClient implements Nemesis {
    @Override
    public String name() {
        return "crash-client";
    }

    @Override
    public void strike(Stage stage, RandomGenerator random) {
        Stage.Client client = stage.clients().get(random.nextInt(stage.clients().size()));
        stage.note(client.host() + " crashes");
        client.crash();
        stage.trouble(Stage.aWhile(random, Duration.ofSeconds(10)), client::restart);
    }
}
