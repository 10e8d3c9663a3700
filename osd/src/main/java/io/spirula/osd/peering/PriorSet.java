package io.spirula.osd.peering;

import io.spirula.common.pg.PastIntervals;
import io.spirula.common.pg.PgShard;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Whom a primary has to hear before it can know the group's history. Ceph: PastIntervals::PriorSet.
 *
 * @param probe who is up and may know something
 * @param down who may know something and is down
 * @param blockedBy those whose return, or loss, could unblock the group, with the epoch in which each was last declared lost
 */
public record PriorSet(
        SortedSet<PgShard> probe, SortedSet<Integer> down, boolean pgDown, SortedMap<Integer, Integer> blockedBy) {

    static PriorSet of(PeeringMap map, PastIntervals past, int lastEpochStarted) {
        TreeSet<PgShard> probe = Intervals.shards(map.acting());
        probe.addAll(Intervals.shards(map.up()));
        TreeSet<Integer> down = new TreeSet<>();
        TreeMap<Integer, Integer> blockedBy = new TreeMap<>();
        boolean pgDown = false;
        List<PastIntervals.Interval> newestFirst = past.intervals().reversed();
        for (PastIntervals.Interval interval : newestFirst) {
            if (interval.last() < lastEpochStarted) {
                break; // the group has been active since
            }
            boolean survivor = false;
            TreeMap<Integer, Integer> mayReturn = new TreeMap<>();
            for (PgShard shard : interval.acting()) {
                int osd = shard.osd();
                if (map.isUp(osd)) {
                    probe.add(shard);
                    survivor = true;
                } else {
                    down.add(osd);
                    if (map.exists(osd) && map.lostAt(osd) > interval.first()) {
                        survivor = true; // as good as a survivor that knows nothing
                    } else if (map.exists(osd)) {
                        mayReturn.put(osd, map.lostAt(osd));
                    }
                }
            }
            if (!survivor && !mayReturn.isEmpty()) {
                pgDown = true;
                blockedBy.putAll(mayReturn);
            }
        }
        return new PriorSet(
                Collections.unmodifiableSortedSet(probe),
                Collections.unmodifiableSortedSet(down),
                pgDown,
                Collections.unmodifiableSortedMap(blockedBy));
    }

    /** Whether the map changes who has to be heard. */
    boolean isAffectedBy(PeeringMap map) {
        for (PgShard shard : probe) {
            if (!map.isUp(shard.osd())) {
                return true;
            }
        }
        for (int osd : down) {
            if (map.isUp(osd) || !map.exists(osd) && blockedBy.containsKey(osd)) {
                return true;
            }
        }
        for (Map.Entry<Integer, Integer> e : blockedBy.entrySet()) {
            if (map.lostAt(e.getKey()) != e.getValue()) {
                return true;
            }
        }
        return false;
    }
}
