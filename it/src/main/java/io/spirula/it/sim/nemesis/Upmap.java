package io.spirula.it.sim.nemesis;

import io.spirula.common.maps.OsdMap;
import io.spirula.common.types.PgId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** A group is moved, whole or in part, to other OSDs by an exception to CRUSH, and back. */
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
        List<Integer> from = new ArrayList<>(map.pgToUpActing(pg).up());
        List<Integer> to = new ArrayList<>(Targets.osds(map));
        to.removeAll(from);
        Targets.shuffle(from, random);
        Targets.shuffle(to, random);
        List<Integer> pairs = new ArrayList<>();
        int moves = random.nextInt(1, 4);
        for (int i = 0; i < moves && i < from.size() && i < to.size(); i++) {
            pairs.add(from.get(i));
            pairs.add(to.get(i));
        }
        if (pairs.isEmpty()) {
            return;
        }
        stage.command("osd pg-upmap-items", "pgid", Targets.text(pg), "id", pairs.toString());
        stage.trouble(
                Stage.aWhile(random, Duration.ofSeconds(40)),
                () -> stage.command("osd rm-pg-upmap-items", "pgid", Targets.text(pg)));
    }
}
