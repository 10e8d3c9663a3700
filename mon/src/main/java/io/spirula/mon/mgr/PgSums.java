package io.spirula.mon.mgr;

import io.spirula.common.pg.ObjectStats;
import io.spirula.common.pg.PgStats;
import io.spirula.common.types.PgId;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Sums over placement groups, kept as each group's statistics come and go: with a hundred thousand groups nobody can afford to add them up for every question. */
final class PgSums {
    private final TreeMap<Long, ObjectStats> byPool = new TreeMap<>();
    private final TreeMap<Long, Integer> groupsByPool = new TreeMap<>();
    private final TreeMap<Long, Integer> byState = new TreeMap<>();
    private final TreeMap<Integer, Integer> byOsd = new TreeMap<>();
    private final TreeMap<Integer, Integer> byLastEpochClean = new TreeMap<>(Integer::compareUnsigned);
    private ObjectStats total = ObjectStats.ZERO;
    private long upCopies;

    void add(PgId pg, PgStats stats) {
        total = total.plus(stats.stats());
        byPool.merge(pg.pool(), stats.stats(), ObjectStats::plus);
        count(pg, stats, 1);
    }

    void remove(PgId pg, PgStats stats) {
        total = total.minus(stats.stats());
        byPool.computeIfPresent(pg.pool(), (pool, sum) -> sum.minus(stats.stats()));
        count(pg, stats, -1);
        if (!groupsByPool.containsKey(pg.pool())) {
            byPool.remove(pg.pool());
        }
    }

    private void count(PgId pg, PgStats stats, int by) {
        count(groupsByPool, pg.pool(), by);
        count(byState, stats.state(), by);
        count(byLastEpochClean, stats.knownCleanIn(), by);
        stats.mapping().up().forEach(osd -> count(byOsd, osd, by));
        upCopies += (long) by * stats.mapping().up().size();
    }

    private static <K> void count(Map<K, Integer> counts, K key, int by) {
        counts.merge(key, by, (was, more) -> was + more == 0 ? null : was + more);
    }

    SortedMap<Long, ObjectStats> byPool() {
        return Collections.unmodifiableSortedMap(new TreeMap<>(byPool));
    }

    ObjectStats pool(long id) {
        return byPool.getOrDefault(id, ObjectStats.ZERO);
    }

    ObjectStats total() {
        return total;
    }

    SortedMap<Long, Integer> byState() {
        return Collections.unmodifiableSortedMap(byState);
    }

    SortedMap<Integer, Integer> byOsd() {
        return Collections.unmodifiableSortedMap(byOsd);
    }

    long upCopies() {
        return upCopies;
    }

    /** The oldest epoch in which some group was clean last; {@code none} where there is no group. */
    int minLastEpochClean(int none) {
        return byLastEpochClean.isEmpty() ? none : byLastEpochClean.firstKey();
    }
}
