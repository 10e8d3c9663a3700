package io.spirula.it.sim.check;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.pg.PgStats;
import io.spirula.common.types.ObjectId;
import io.spirula.common.types.PgId;
import io.spirula.common.types.ShardPgId;
import io.spirula.it.sim.SimCluster;
import io.spirula.it.sim.SimulationFailure;
import io.spirula.osd.pglog.PgMeta;
import io.spirula.osd.store.CollectionId;
import io.spirula.osd.store.MemoryStore;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Whether all members of every placement group hold the same objects, byte for byte. */
public final class ReplicaComparison {
    private ReplicaComparison() {}

    /** Throws SimulationFailure with the first difference. */
    public static void compare(SimCluster cluster) {
        for (Map.Entry<PgId, PgStats> group : cluster.pgMap().pgs().entrySet()) {
            ShardPgId id = ShardPgId.replica(group.getKey());
            int first = -1;
            SortedMap<ObjectId, String> expected = new TreeMap<>();
            for (int osd : group.getValue().mapping().acting()) {
                SortedMap<ObjectId, String> contents =
                        contents(cluster.osds().get(osd).store(), id);
                if (first < 0) {
                    first = osd;
                    expected = contents;
                } else if (!contents.equals(expected)) {
                    throw new SimulationFailure("pg " + id + " differs. osd." + first + " has "
                            + without(expected, contents) + "\nosd." + osd + " has " + without(contents, expected));
                }
            }
        }
    }

    private static SortedMap<ObjectId, String> without(
            SortedMap<ObjectId, String> all, SortedMap<ObjectId, String> others) {
        SortedMap<ObjectId, String> left = new TreeMap<>(all);
        left.entrySet().removeAll(others.entrySet());
        return left;
    }

    private static SortedMap<ObjectId, String> contents(MemoryStore store, ShardPgId id) {
        CollectionId collection = CollectionId.of(id);
        SortedMap<ObjectId, String> contents = new TreeMap<>();
        for (ObjectId object : store.list(collection, ObjectId.MIN, ObjectId.MAX, Integer.MAX_VALUE)) {
            if (!object.equals(PgMeta.objectOf(id))) {
                contents.put(object, describe(store, collection, object));
            }
        }
        return contents;
    }

    private static String describe(MemoryStore store, CollectionId collection, ObjectId object) {
        StringBuilder out = new StringBuilder();
        Bytes data = store.data(collection, object);
        out.append(data == null ? "not there" : data.hex());
        store.attributes(collection, object)
                .forEach((name, value) ->
                        out.append(' ').append(name.utf8()).append('=').append(value.hex()));
        store.omap(collection, object, null, Integer.MAX_VALUE)
                .forEach((key, value) ->
                        out.append(' ').append(key.hex()).append(':').append(value.hex()));
        return out.toString();
    }
}
