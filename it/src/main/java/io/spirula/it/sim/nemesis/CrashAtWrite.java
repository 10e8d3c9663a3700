package io.spirula.it.sim.nemesis;

import io.spirula.it.sim.SimOsd;
import java.time.Duration;
import java.util.random.RandomGenerator;

/** One OSD's process is gone right before, or right after, one of its next writes becomes durable; and again while it starts, perhaps. */
final class CrashAtWrite implements Nemesis {
    private static final int MOST_WRITES = 12;

    @Override
    public String name() {
        return "crash-at-write";
    }

    @Override
    public int weight() {
        return 3;
    }

    @Override
    public void strike(Stage stage, RandomGenerator random) {
        SimOsd osd = stage.anyOsd(random);
        crash(stage, osd, random, random.nextInt(1, 4));
    }

    private static void crash(Stage stage, SimOsd osd, RandomGenerator random, int times) {
        int[] left = {random.nextInt(1, MOST_WRITES)};
        boolean before = random.nextBoolean();
        Duration away = Stage.aWhile(random, Duration.ofSeconds(20));
        Runnable fall = () -> {
            if (--left[0] == 0) {
                stage.note("osd." + osd.id() + " crashes right " + (before ? "before" : "after") + " a write");
                disarm(osd);
                osd.crash();
                stage.trouble(away, () -> {
                    if (times > 1) {
                        crash(stage, osd, random, times - 1);
                    }
                    osd.restart();
                });
            }
        };
        osd.aroundWrites(before ? fall : () -> {}, before ? () -> {} : fall);
        stage.trouble(Duration.ofSeconds(30), () -> {
            if (left[0] > 0) {
                disarm(osd);
            }
        });
    }

    private static void disarm(SimOsd osd) {
        osd.aroundWrites(() -> {}, () -> {});
    }
}
