package io.spirula.mon.health;

import io.spirula.common.config.Config;
import io.spirula.common.maps.OsdMap;
import io.spirula.mon.mgr.PgMap;
import java.time.Instant;
import java.util.List;

/** What the checks look at. */
public record HealthInput(OsdMap map, PgMap pgs, Config config, Instant now) {
    /** How many lines tell of single things at most. */
    int mostDetails() {
        return (int) config.integer("mon_health_max_detail", 50);
    }

    String poolName(long pool) {
        String name = map.poolName(pool);
        return name == null ? "" : name;
    }

    /** {@code [1,2,NONE]}. */
    static String osds(List<Integer> osds) {
        return osds.toString().replace(" ", "").replace("2147483647", "NONE");
    }
}
