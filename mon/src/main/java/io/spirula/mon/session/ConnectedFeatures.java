package io.spirula.mon.session;

import io.spirula.common.types.EntityType;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Which feature bits those have who are connected to this monitor, and how many have the same. Ceph: FeatureMap.
 *
 * @param counts by kind of peer and bits
 */
public record ConnectedFeatures(SortedMap<EntityType, SortedMap<Long, Integer>> counts) {
    static ConnectedFeatures of(Iterable<Session> sessions) {
        SortedMap<EntityType, SortedMap<Long, Integer>> counts = new TreeMap<>();
        for (Session s : sessions) {
            counts.computeIfAbsent(s.name().type(), t -> new TreeMap<>())
                    .merge(s.connection().peerFeatures(), 1, Integer::sum);
        }
        return new ConnectedFeatures(counts);
    }

    public Map<Long, Integer> of(EntityType type) {
        return counts.getOrDefault(type, Collections.emptySortedMap());
    }
}
