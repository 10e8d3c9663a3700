package io.spirula.it.sim.nemesis;

import io.spirula.it.sim.SimHost;
import io.spirula.it.sim.SimNetwork;
import io.spirula.it.sim.SimOsd;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * An OSD and some clients are on their own, and hear of no new map: they go on with each other, as long as the OSD may. At the end both are gone, perhaps, so that nobody asks again for what they had begun and the OSD has alone.
 */
final class SplitNetwork implements Nemesis {
    private static final Duration MOST = Duration.ofSeconds(80);

    @Override
    public String name() {
        return "split-network";
    }

    @Override
    public int weight() {
        return 2;
    }

    @Override
    public void strike(Stage stage, RandomGenerator random) {
        SimOsd osd = stage.anyOsd(random);
        List<Stage.Client> clients = new ArrayList<>(stage.clients());
        clients.removeIf(c -> random.nextInt(3) == 0);
        List<SimHost> here = new ArrayList<>(List.of(osd.host()));
        clients.forEach(c -> here.add(c.host()));
        List<SimHost> there = new ArrayList<>();
        stage.cluster().osds().forEach(o -> there.add(o.host()));
        stage.cluster().monitors().forEach(m -> there.add(m.host()));
        stage.clients().forEach(c -> there.add(c.host()));
        there.removeAll(here);
        boolean crashing = random.nextBoolean();
        Duration lasts = Stage.aWhile(random, MOST);
        Duration away = Stage.aWhile(random, Duration.ofSeconds(40));
        stage.note(here + " are cut off from " + there + " for " + lasts + (crashing ? ", and crash then" : ""));
        SimNetwork network = stage.cluster().network();
        here.forEach(host -> network.isolate(host, there));
        stage.trouble(lasts, () -> {
            if (crashing) {
                clients.forEach(Stage.Client::crash);
                osd.crash();
                stage.trouble(away, osd::restart);
                clients.forEach(c -> stage.trouble(Duration.ofMillis(100), c::restart));
            }
            for (SimHost host : here) {
                for (SimHost other : there) {
                    network.restore(host, other);
                    network.restore(other, host);
                }
            }
        });
    }
}
