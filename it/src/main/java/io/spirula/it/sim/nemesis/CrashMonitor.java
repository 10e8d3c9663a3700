package io.spirula.it.sim.nemesis;

import io.spirula.it.sim.SimMonitor;
import java.time.Duration;
import java.util.List;
import java.util.random.RandomGenerator;

/** A monitor's process is gone, the leader's as often as not, at any moment or right after a durable write. */
final class CrashMonitor implements Nemesis {
    @Override
    public String name() {
        return "crash-monitor";
    }

    @Override
    public void strike(Stage stage, RandomGenerator random) {
        List<SimMonitor> all = stage.cluster().monitors();
        SimMonitor monitor = random.nextBoolean() ? stage.cluster().leader() : all.get(random.nextInt(all.size()));
        Duration away = Stage.aWhile(random, Duration.ofSeconds(20));
        if (random.nextBoolean()) {
            crash(stage, monitor, away);
            return;
        }
        int[] left = {random.nextInt(1, 8)};
        monitor.afterWrite(() -> {
            if (--left[0] == 0) {
                crash(stage, monitor, away);
            }
        });
        stage.trouble(Duration.ofSeconds(20), () -> monitor.afterWrite(() -> {}));
    }

    private static void crash(Stage stage, SimMonitor monitor, Duration away) {
        stage.note("mon." + monitor.name() + " crashes");
        monitor.afterWrite(() -> {});
        monitor.crash();
        stage.trouble(away, monitor::restart);
    }
}
