package io.spirula.it.sim.nemesis;

import io.spirula.it.sim.SimHost;
import io.spirula.it.sim.SimNetwork;
import io.spirula.it.sim.SimOsd;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * An OSD and some clients are on their own, and hear of no new map: they go on with each other, as long as the OSD may, often for so long that the others go on without it. At the end both are gone, perhaps, so that nobody asks
 * again for what they had begun and the OSD has alone.
 */
final class SplitNetwork implements Nemesis {
    private static final Duration MOST = Duration.ofSeconds(80);
    /** By then the others have noticed, and serve without it. */
    private static final Duration NOTICED = Duration.ofSeconds(14);

    private static final int BURSTS = 4;

    /** Who is cut off from whom. */
    private record Sides(SimOsd osd, List<Stage.Client> clients, List<SimHost> here, List<SimHost> there) {
        static Sides of(Stage stage, RandomGenerator random) {
            SimOsd osd = stage.anyOsd(random);
            List<Stage.Client> clients = new ArrayList<>(stage.clients());
            if (random.nextBoolean()) {
                clients = List.of(clients.get(random.nextInt(clients.size())));
            } else {
                clients.removeIf(c -> random.nextInt(3) == 0);
            }
            List<SimHost> here = new ArrayList<>(List.of(osd.host()));
            clients.forEach(c -> here.add(c.host()));
            List<SimHost> there = new ArrayList<>();
            stage.cluster().osds().forEach(o -> there.add(o.host()));
            stage.cluster().monitors().forEach(m -> there.add(m.host()));
            stage.clients().forEach(c -> there.add(c.host()));
            there.removeAll(here);
            return new Sides(osd, List.copyOf(clients), here, there);
        }
    }

    @Override
    public String name() {
        return "split-network";
    }

    @Override
    public int weight() {
        return 3;
    }

    @Override
    public void strike(Stage stage, RandomGenerator random) {
        Sides sides = Sides.of(stage, random);
        boolean crashing = random.nextBoolean();
        boolean noticed = random.nextBoolean();
        Duration lasts = noticed ? NOTICED.plusMillis(random.nextInt(10_000)) : Stage.aWhile(random, MOST);
        Duration away = Stage.aWhile(random, Duration.ofSeconds(40));
        stage.note(sides.here + " are cut off from " + sides.there + " for " + lasts
                + (crashing ? ", and crash then" : ""));
        SimNetwork network = stage.cluster().network();
        sides.here.forEach(host -> network.isolate(host, sides.there));
        if (noticed) {
            stage.letLast(lasts.plusSeconds(1));
            for (int i = 0; i < BURSTS; i++) {
                stage.later(Duration.ofMillis(random.nextLong(lasts.toMillis())), stage::hurry);
            }
        }
        stage.trouble(lasts, () -> {
            if (crashing) {
                sides.clients.forEach(Stage.Client::crash);
                sides.osd.crash();
                stage.trouble(away, sides.osd::restart);
                sides.clients.forEach(c -> stage.trouble(Duration.ofMillis(100), c::restart));
            }
            sides.here.forEach(host -> network.rejoin(host, sides.there));
        });
    }
}
