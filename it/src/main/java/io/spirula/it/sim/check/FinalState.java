package io.spirula.it.sim.check;

import io.spirula.common.maps.OsdMap;
import io.spirula.common.maps.PgPool;
import io.spirula.common.pg.ObjectStats;
import io.spirula.common.pg.PgStats;
import io.spirula.common.types.ObjectId;
import io.spirula.common.types.PgId;
import io.spirula.common.types.ShardPgId;
import io.spirula.it.sim.SimCluster;
import io.spirula.it.sim.SimOsd;
import io.spirula.it.sim.SimulationFailure;
import io.spirula.osd.store.CollectionId;
import io.spirula.osd.store.ObjectStore;
import java.util.List;
import java.util.Map;

/** What must be so of the stores and of the manager's statistics when all is mended and quiet. */
public final class FinalState {
    private FinalState() {}

    /** Throws SimulationFailure where a store has a group that is not its OSD's. */
    public static void hasNoLeftovers(SimCluster cluster) {
        OsdMap map = cluster.osdMap();
        for (SimOsd osd : cluster.osds()) {
            for (CollectionId collection : osd.contents().collections()) {
                ShardPgId id = collection.pg();
                if (id != null && !belongs(map, id.pg(), osd.id())) {
                    throw new SimulationFailure("osd." + osd.id() + " has " + collection + " left");
                }
            }
        }
    }

    private static boolean belongs(OsdMap map, PgId pg, int osd) {
        PgPool pool = map.pool(pg.pool());
        return pool != null
                && Integer.compareUnsigned(pg.seed(), pool.pgNum()) < 0
                && map.pgToUpActing(pg).acting().contains(osd);
    }

    /** Throws SimulationFailure where the manager counts other objects or bytes than there are. */
    public static void isCountedRight(SimCluster cluster) {
        for (Map.Entry<PgId, PgStats> group : cluster.pgMap().pgs().entrySet()) {
            ShardPgId id = ShardPgId.replica(group.getKey());
            int primary = group.getValue().mapping().actingPrimary();
            ObjectStore store = cluster.osds().get(primary).store();
            CollectionId collection = CollectionId.of(id);
            List<ObjectId> objects = store.list(collection, ObjectId.MIN, ObjectId.MAX, Integer.MAX_VALUE).stream()
                    .filter(object -> !object.name().isEmpty())
                    .toList();
            long bytes = objects.stream()
                    .mapToLong(object -> store.size(collection, object))
                    .sum();
            ObjectStats counted = group.getValue().stats();
            boolean right = counted.get(ObjectStats.Counter.OBJECTS) == objects.size()
                    && counted.get(ObjectStats.Counter.BYTES) == bytes;
            // As in Ceph, a group that was split or merged says that it has to be scrubbed before its numbers are
            // right.
            if (!right && !group.getValue().invalid().stats()) {
                throw new SimulationFailure("pg " + id + " has " + objects.size() + " objects of " + bytes
                        + " bytes and the manager counts " + counted.get(ObjectStats.Counter.OBJECTS) + " of "
                        + counted.get(ObjectStats.Counter.BYTES));
            }
        }
    }
}
