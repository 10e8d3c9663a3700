package io.spirula.it.sim.nemesis;

import io.spirula.common.maps.OsdMap;
import io.spirula.common.maps.PgPool;
import java.util.List;
import java.util.random.RandomGenerator;

/** A pool's groups split, or merge, or only move because pgp_num follows. */
final class ResizePool implements Nemesis {
    private static final int MOST_GROUPS = 12;

    @Override
    public String name() {
        return "pg-num";
    }

    @Override
    public Kind kind() {
        return Kind.MOVES_DATA;
    }

    @Override
    public void strike(Stage stage, RandomGenerator random) {
        OsdMap map = stage.cluster().osdMap();
        List<PgPool> pools = List.copyOf(map.pools().values());
        if (pools.isEmpty()) {
            return;
        }
        List<Long> ids = List.copyOf(map.pools().keySet());
        String name = map.poolName(ids.get(random.nextInt(ids.size())));
        if (name == null) {
            return;
        }
        String groups = Integer.toString(random.nextInt(1, MOST_GROUPS + 1));
        stage.command("osd pool set", "pool", name, "var", "pg_num", "val", "\"" + groups + "\"");
        if (random.nextBoolean()) {
            stage.command("osd pool set", "pool", name, "var", "pgp_num", "val", "\"" + groups + "\"");
        }
    }
}
