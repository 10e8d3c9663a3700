package io.spirula.it.sim.nemesis;

import io.spirula.it.sim.SimOsd;
import io.spirula.osd.store.ObjectStore;
import java.time.Duration;
import java.util.random.RandomGenerator;

/** An OSD's disk becomes nearly full, too full for backfill, or full, and larger again. */
final class FillDisk implements Nemesis {
    private static final double[] RATIOS = {0.87, 0.92, 0.96};

    @Override
    public String name() {
        return "fill-disk";
    }

    @Override
    public boolean dropsRequests() {
        return true;
    }

    @Override
    public void strike(Stage stage, RandomGenerator random) {
        SimOsd osd = stage.anyOsd(random);
        ObjectStore.Usage usage = osd.store().usage();
        long used = usage.totalBytes() - usage.availableBytes();
        double ratio = RATIOS[random.nextInt(RATIOS.length)];
        stage.note("osd." + osd.id() + " is full to " + ratio);
        osd.contents().resize(Math.max(1, (long) (used / ratio)));
        stage.trouble(
                Stage.aWhile(random, Duration.ofSeconds(40)),
                () -> osd.contents().resize(SimOsd.DISK_BYTES));
    }
}
