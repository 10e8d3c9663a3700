package io.spirula.it.sim.nemesis;

import io.spirula.common.maps.OsdMap;
import io.spirula.common.types.PgId;
import java.time.Duration;
import java.util.List;
import java.util.random.RandomGenerator;

/** A group is moved from one OSD to another by an exception to CRUSH, and back. */
final class Upmap implements Nemesis {
    @Override
    public String name() {
        return "upmap";
    }

    @Override
    public Kind kind() {
        return Kind.MOVES_DATA;
    }

    @Override
    public void strike(Stage stage, RandomGenerator random) {
        OsdMap map = stage.cluster().osdMap();
        PgId pg = Targets.group(map, random);
        if (pg == null) {
            return;
        }
        List<Integer> up = map.pgToUpActing(pg).up();
        List<Integer> others =
                Targets.osds(map).stream().filter(o -> !up.contains(o)).toList();
        if (up.isEmpty() || others.isEmpty()) {
            return;
        }
        int from = up.get(random.nextInt(up.size()));
        int to = others.get(random.nextInt(others.size()));
        stage.command("osd pg-upmap-items", "pgid", Targets.text(pg), "id", "[" + from + "," + to + "]");
        stage.trouble(
                Stage.aWhile(random, Duration.ofSeconds(40)),
                () -> stage.command("osd rm-pg-upmap-items", "pgid", Targets.text(pg)));
    }
}
