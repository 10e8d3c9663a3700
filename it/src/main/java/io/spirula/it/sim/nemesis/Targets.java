package io.spirula.it.sim.nemesis;

import io.spirula.common.maps.OsdMap;
import io.spirula.common.maps.PgPool;
import io.spirula.common.types.PgId;
import java.util.Collections;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** What a command may name. */
final class Targets {
    private Targets() {}

    /** Any placement group; null where there is none. */
    static @Nullable PgId group(OsdMap map, RandomGenerator random) {
        List<Long> pools = List.copyOf(map.pools().keySet());
        if (pools.isEmpty()) {
            return null;
        }
        long pool = pools.get(random.nextInt(pools.size()));
        PgPool found = map.pool(pool);
        return found == null ? null : new PgId(pool, random.nextInt(found.pgNum()));
    }

    static List<Integer> osds(OsdMap map) {
        return IntStream.range(0, map.maxOsd()).filter(map::exists).boxed().toList();
    }

    static void shuffle(List<Integer> osds, RandomGenerator random) {
        for (int i = osds.size(); i > 1; i--) {
            Collections.swap(osds, i - 1, random.nextInt(i));
        }
    }

    static String text(PgId pg) {
        return pg.pool() + "." + Integer.toHexString(pg.seed());
    }
}
