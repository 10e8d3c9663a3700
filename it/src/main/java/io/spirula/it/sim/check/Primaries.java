package io.spirula.it.sim.check;

import io.spirula.common.types.PgId;
import io.spirula.it.sim.SimulationFailure;
import io.spirula.osd.pg.PlacementGroup;
import java.util.HashMap;
import java.util.Map;

/**
 * No two OSDs serve a group in one interval; and once one of a newer interval has acknowledged a write, none of an older answers what is read any more. A write it may still acknowledge: then all members had it when
 * its interval ended, and {@link AcknowledgedWrites} sees that the newer has it too.
 */
final class Primaries {
    private record Interval(PgId pg, int since) {}

    private final Map<Interval, Integer> serving = new HashMap<>();
    private final Map<PgId, Integer> newestWrite = new HashMap<>();

    void serves(PlacementGroup pg, int osd) {
        Integer other = serving.putIfAbsent(new Interval(pg.id().pg(), pg.interval()), osd);
        if (other != null && other != osd) {
            throw new SimulationFailure(
                    "osd." + other + " and osd." + osd + " both serve " + pg + " in the interval of " + pg.interval());
        }
    }

    /**
     * @param ofWrite whether it answers a request that may write, rather than one that only reads
     * @param wrote whether it answers that something was written
     */
    void answers(PlacementGroup pg, int osd, boolean ofWrite, boolean wrote) {
        int newest = newestWrite.getOrDefault(pg.id().pg(), 0);
        if (!ofWrite && pg.interval() < newest) {
            throw new SimulationFailure("osd." + osd + " answers for " + pg + " as the primary of interval "
                    + pg.interval() + ", and the one of " + newest + " has acknowledged a write");
        }
        if (wrote) {
            newestWrite.merge(pg.id().pg(), pg.interval(), Math::max);
        }
    }
}
