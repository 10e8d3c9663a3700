package io.spirula.it.sim.nemesis;

import io.spirula.it.sim.SimOsd;
import io.spirula.osd.store.MemoryStore;
import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * An OSD's disk is what it was a while ago: a backup or a snapshot was put back. What Ceph promises then is that the logs of the others win, so the others are whole when it happens.
 */
final class OldDisk implements Nemesis {
    @Override
    public String name() {
        return "old-disk";
    }

    @Override
    public Kind kind() {
        return Kind.DAMAGES_COPIES;
    }

    @Override
    public void strike(Stage stage, RandomGenerator random) {
        SimOsd osd = stage.anyOsd(random);
        MemoryStore.Disk disk = osd.contents();
        MemoryStore.Image backup = disk.image();
        Duration age = Stage.aWhile(random, Duration.ofSeconds(20));
        Duration away = Stage.aWhile(random, Duration.ofSeconds(20));
        stage.damage(age, () -> {
            if (!stage.cluster().isClean()) {
                return; // another copy may lack what this one would lose
            }
            stage.note("osd." + osd.id() + " goes back by " + age);
            osd.crash();
            disk.restore(backup);
            stage.damage(away, osd::restart);
        });
    }
}
