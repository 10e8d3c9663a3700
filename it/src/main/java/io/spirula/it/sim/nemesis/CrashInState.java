package io.spirula.it.sim.nemesis;

import io.spirula.it.sim.SimOsd;
import java.time.Duration;
import java.util.List;
import java.util.random.RandomGenerator;

/** An OSD's process is gone while one of its groups is in some state that is soon over: peering, or copying objects; once something has disturbed the group. */
final class CrashInState implements Nemesis {
    private static final List<String> STATES = List.of(
            "GetInfo",
            "GetLog",
            "GetMissing",
            "WaitUpThru",
            "WaitActingChange",
            "Activating",
            "Recovering",
            "Backfilling",
            "RepRecovering");

    private static final Duration BETWEEN_GLANCES = Duration.ofMillis(4);
    private static final int MOST_GLANCES = 4_000;

    @Override
    public String name() {
        return "crash-in-state";
    }

    @Override
    public int weight() {
        return 3;
    }

    @Override
    public void strike(Stage stage, RandomGenerator random) {
        String state = STATES.get(random.nextInt(STATES.size()));
        Duration into = Duration.ofMillis(random.nextInt(6));
        Duration away = Stage.aWhile(random, Duration.ofSeconds(30));
        boolean another = random.nextInt(3) == 0;
        int shift = random.nextInt(stage.cluster().osds().size());
        stage.command("osd down", "ids", "[\"" + stage.anyOsd(random).id() + "\"]"); // so that something happens
        watch(
                stage,
                MOST_GLANCES,
                state,
                osd -> stage.later(into, () -> {
                    List<SimOsd> all = stage.cluster().osds();
                    SimOsd victim = another ? all.get((osd.id() + shift) % all.size()) : osd;
                    stage.note("osd." + victim.id() + " crashes, osd." + osd.id() + " is " + state);
                    victim.crash();
                    stage.trouble(away, victim::restart);
                }));
    }

    private interface Found {
        void found(SimOsd osd);
    }

    private static void watch(Stage stage, int glances, String state, Found then) {
        for (SimOsd osd : stage.cluster().osds()) {
            if (osd.isUp()
                    && osd.daemon().groups().all().stream()
                            .anyMatch(pg -> pg.state().cephName().contains(state))) {
                then.found(osd);
                return;
            }
        }
        if (glances > 0) {
            stage.later(BETWEEN_GLANCES, () -> watch(stage, glances - 1, state, then));
        }
    }
}
