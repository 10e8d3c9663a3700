package io.spirula.it.sim.nemesis;

import io.spirula.it.sim.SimHost;
import io.spirula.it.sim.SimNetwork;
import java.time.Duration;
import java.util.List;
import java.util.random.RandomGenerator;

/** A client's links to all OSDs break, with requests and answers that are on their way, and it can't make new ones for a while, in which the others go on: what it sends again then may have been done long ago. */
final class LoseLink implements Nemesis {
    private static final int BURSTS = 4;

    @Override
    public String name() {
        return "lose-link";
    }

    @Override
    public int weight() {
        return 2;
    }

    @Override
    public void strike(Stage stage, RandomGenerator random) {
        Stage.Client client = stage.clients().get(random.nextInt(stage.clients().size()));
        SimHost host = client.host();
        List<SimHost> osds =
                stage.cluster().osds().stream().map(osd -> osd.host()).toList();
        Duration lasts = Duration.ofMillis(random.nextInt(3_000));
        stage.note(host + " loses its links to all OSDs, and finds none for " + lasts);
        SimNetwork network = stage.cluster().network();
        network.isolate(host, osds);
        osds.forEach(osd -> network.breakLinks(host, osd));
        for (int i = 0; i < BURSTS; i++) {
            stage.later(Duration.ofMillis(random.nextLong(lasts.toMillis() + 1)), stage::hurry);
        }
        stage.trouble(lasts, () -> network.rejoin(host, osds));
    }
}
