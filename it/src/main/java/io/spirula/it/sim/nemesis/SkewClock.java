package io.spirula.it.sim.nemesis;

import io.spirula.it.sim.SimHost;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** A host's clock is wrong by up to half a minute. */
final class SkewClock implements Nemesis {
    private static final long MOST_MILLIS = 30_000;

    @Override
    public String name() {
        return "skew-clock";
    }

    @Override
    public void strike(Stage stage, RandomGenerator random) {
        List<SimHost> hosts = new ArrayList<>();
        stage.cluster().osds().forEach(osd -> hosts.add(osd.host()));
        stage.cluster().monitors().forEach(monitor -> hosts.add(monitor.host()));
        SimHost host = hosts.get(random.nextInt(hosts.size()));
        Duration skew = Duration.ofMillis(random.nextLong(-MOST_MILLIS, MOST_MILLIS));
        stage.note(host + "'s clock is wrong by " + skew);
        host.setClockSkew(skew);
        stage.trouble(Stage.aWhile(random, Duration.ofSeconds(60)), () -> host.setClockSkew(Duration.ZERO));
    }
}
