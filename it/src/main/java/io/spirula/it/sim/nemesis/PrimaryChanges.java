package io.spirula.it.sim.nemesis;

import io.spirula.common.maps.OsdMap;
import io.spirula.common.types.PgId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** A group's primary is another of its members, by affinity, by primary-temp, or because a pg-temp names them in another order. */
final class PrimaryChanges implements Nemesis {
    @Override
    public String name() {
        return "primary";
    }

    @Override
    public void strike(Stage stage, RandomGenerator random) {
        switch (random.nextInt(3)) {
            case 0 -> affinity(stage, random);
            case 1 -> primaryTemp(stage, random);
            default -> pgTemp(stage, random);
        }
    }

    private static void affinity(Stage stage, RandomGenerator random) {
        String id = Integer.toString(stage.anyOsd(random).id());
        stage.command("osd primary-affinity", "id", id, "weight", "0.0");
        stage.trouble(
                Stage.aWhile(random, Duration.ofSeconds(40)),
                () -> stage.command("osd primary-affinity", "id", id, "weight", "1.0"));
    }

    private static void primaryTemp(Stage stage, RandomGenerator random) {
        OsdMap map = stage.cluster().osdMap();
        PgId pg = Targets.group(map, random);
        List<Integer> acting = pg == null ? List.of() : map.pgToUpActing(pg).acting();
        if (pg == null || acting.isEmpty()) {
            return;
        }
        String id = Integer.toString(acting.get(random.nextInt(acting.size())));
        stage.command("osd primary-temp", "pgid", Targets.text(pg), "id", id);
        stage.trouble(
                Stage.aWhile(random, Duration.ofSeconds(20)),
                () -> stage.command("osd primary-temp", "pgid", Targets.text(pg), "id", "-1"));
    }

    private static void pgTemp(Stage stage, RandomGenerator random) {
        OsdMap map = stage.cluster().osdMap();
        PgId pg = Targets.group(map, random);
        List<Integer> acting =
                pg == null ? List.of() : new ArrayList<>(map.pgToUpActing(pg).acting());
        if (pg == null || acting.size() < 2) {
            return;
        }
        java.util.Collections.rotate(acting, 1);
        stage.command("osd pg-temp", "pgid", Targets.text(pg), "id", acting.toString());
    }
}
