package io.spirula.mon.mgr;

import io.spirula.common.maps.OsdMap;
import io.spirula.common.maps.PgPool;
import io.spirula.common.message.PgStatsReport;
import io.spirula.common.pg.ObjectStats;
import io.spirula.common.pg.OsdStat;
import io.spirula.common.pg.PgStats;
import io.spirula.common.pg.StoreStatfs;
import io.spirula.common.types.PgId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The newest statistics of every placement group and OSD, with sums by pool. Ceph: PGMap. */
public final class PgMap implements PoolUsage {
    /** Over how long rates are taken. Ceph: mon_delta_reset_interval is 10 s; the sums of the last few seconds are kept. */
    private static final Duration RATE_WINDOW = Duration.ofSeconds(10);

    private static final Duration SAMPLE_INTERVAL = Duration.ofSeconds(1);

    private final TreeMap<PgId, PgStats> pgs = new TreeMap<>();
    private final TreeMap<Integer, OsdStat> osds = new TreeMap<>();
    private final TreeMap<Integer, Map<Long, StoreStatfs>> poolSpaces = new TreeMap<>();
    private long version;
    private Instant stamp = Instant.EPOCH;
    private int osdmapEpoch;

    /** The sums at some moment, for rates. */
    private record Sample(Instant at, Map<Long, ObjectStats> byPool) {}

    private final ArrayDeque<Sample> samples = new ArrayDeque<>();

    /** Takes an OSD's report. Statistics older than what is known are ignored. */
    public void apply(int osd, PgStatsReport report, OsdMap map) {
        if (!map.exists(osd)) {
            return;
        }
        osds.put(osd, report.osdStat());
        poolSpaces.put(osd, report.poolStats());
        report.pgStats().forEach((pg, stats) -> {
            PgPool pool = map.pool(pg.pool());
            if (pool == null || Integer.compareUnsigned(pg.seed(), pool.pgNum()) >= 0) {
                return;
            }
            PgStats known = pgs.get(pg);
            if (known == PgStats.EMPTY) {
                samples.clear(); // what a group has done before it is first heard of is not done now
            }
            if (known == null || isNewer(stats, known)) {
                pgs.put(pg, stats);
            }
        });
    }

    private static boolean isNewer(PgStats stats, PgStats known) {
        int byEpoch = Integer.compareUnsigned(stats.reportedEpoch(), known.reportedEpoch());
        return byEpoch > 0 || byEpoch == 0 && stats.reportedSequence() >= known.reportedSequence();
    }

    /** Forgets what the map does not have any more, and makes rows of the groups that nobody has reported yet. */
    public void prune(OsdMap map) {
        osdmapEpoch = map.epoch();
        pgs.keySet().removeIf(pg -> {
            PgPool pool = map.pool(pg.pool());
            return pool == null || Integer.compareUnsigned(pg.seed(), pool.pgNum()) >= 0;
        });
        osds.keySet().removeIf(osd -> !map.exists(osd));
        poolSpaces.keySet().removeIf(osd -> !map.exists(osd));
        map.pools().forEach((id, pool) -> {
            for (int seed = 0; seed < pool.pgNum(); seed++) {
                pgs.putIfAbsent(new PgId(id, seed), PgStats.EMPTY);
            }
        });
        markStale(map);
    }

    /** A group whose primary is down has nobody to speak for it. */
    private void markStale(OsdMap map) {
        pgs.replaceAll((pg, stats) -> {
            int primary = stats.mapping().actingPrimary();
            boolean stale = stats != PgStats.EMPTY && primary >= 0 && map.isDown(primary);
            return stale && (stats.state() & PgState.STALE) == 0
                    ? withState(stats, stats.state() | PgState.STALE)
                    : stats;
        });
    }

    /** A moment has passed: remembers the sums, so that rates can be told. */
    public void sample(Instant now) {
        version++;
        stamp = now;
        if (!samples.isEmpty() && samples.getLast().at.plus(SAMPLE_INTERVAL).isAfter(now)) {
            return;
        }
        samples.addLast(new Sample(now, byPool()));
        while (samples.size() > 2 && samples.getFirst().at.plus(RATE_WINDOW).isBefore(now)) {
            samples.removeFirst();
        }
    }

    /** The oldest epoch in which some group was clean last: maps from it on are needed. 0 while some group is unheard of. */
    public long minLastEpochClean() {
        long min = Integer.toUnsignedLong(osdmapEpoch);
        for (PgStats stats : pgs.values()) {
            min = Math.min(min, Integer.toUnsignedLong(stats.lastEpochClean()));
        }
        return min;
    }

    public NavigableMap<PgId, PgStats> pgs() {
        return Collections.unmodifiableNavigableMap(pgs);
    }

    public SortedMap<Integer, OsdStat> osds() {
        return Collections.unmodifiableSortedMap(osds);
    }

    public long version() {
        return version;
    }

    public Instant stamp() {
        return stamp;
    }

    public int osdmapEpoch() {
        return osdmapEpoch;
    }

    /** The sum of each pool's groups; a pool without groups has none. */
    public Map<Long, ObjectStats> byPool() {
        Map<Long, ObjectStats> sums = new TreeMap<>();
        pgs.forEach((pg, stats) -> sums.merge(pg.pool(), stats.stats(), ObjectStats::plus));
        return sums;
    }

    public ObjectStats pool(long id) {
        ObjectStats sum = ObjectStats.ZERO;
        for (PgStats stats : pgs.subMap(new PgId(id, 0), new PgId(id + 1, 0)).values()) {
            sum = sum.plus(stats.stats());
        }
        return sum;
    }

    public ObjectStats total() {
        ObjectStats sum = ObjectStats.ZERO;
        for (PgStats stats : pgs.values()) {
            sum = sum.plus(stats.stats());
        }
        return sum;
    }

    /** The space of OSDs that are in, or of a part of them. */
    public StoreStatfs space(OsdMap map) {
        StoreStatfs sum = StoreStatfs.ZERO;
        for (Map.Entry<Integer, OsdStat> e : osds.entrySet()) {
            if (map.isIn(e.getKey())) {
                sum = sum.plus(e.getValue().statfs());
            }
        }
        return sum;
    }

    private static PgStats withState(PgStats s, long state) {
        return new PgStats(
                s.version(),
                s.reportedSequence(),
                s.reportedEpoch(),
                state,
                s.logStart(),
                s.ondiskLogStart(),
                s.created(),
                s.lastEpochClean(),
                s.parent(),
                s.parentSplitBits(),
                s.scrub(),
                s.stats(),
                s.logSize(),
                s.ondiskLogSize(),
                s.mapping(),
                s.stamps(),
                s.invalid(),
                s.blockedBy(),
                s.snapTrimQueueLength(),
                s.purgedSnaps(),
                s.availNoMissing(),
                s.objectLocationCounts());
    }

    /** What a pool takes in all stores, as they count it; null where no store counts by pool. */
    public @Nullable StoreStatfs poolSpace(long pool) {
        StoreStatfs sum = null;
        for (Map<Long, StoreStatfs> byPool : poolSpaces.values()) {
            StoreStatfs part = byPool.get(pool);
            if (part != null) {
                sum = sum == null ? part : sum.plus(part);
            }
        }
        return sum;
    }

    /** How many groups each OSD has in its acting sets. */
    public Map<Integer, Integer> pgsByOsd() {
        Map<Integer, Integer> counts = new HashMap<>();
        pgs.values().forEach(stats -> stats.mapping().up().forEach(osd -> counts.merge(osd, 1, Integer::sum)));
        return counts;
    }

    /** How many groups are in each state, the most frequent first. */
    public Map<String, Integer> states() {
        Map<Long, Integer> counts = new TreeMap<>();
        pgs.values().forEach(stats -> counts.merge(stats.state(), 1, Integer::sum));
        Map<String, Integer> named = new java.util.LinkedHashMap<>();
        counts.entrySet().stream()
                .sorted((a, b) -> Integer.compare(b.getValue(), a.getValue()))
                .forEach(e -> named.put(PgState.names(e.getKey()), e.getValue()));
        return named;
    }

    /** What was done in the last seconds, with how many they were; zero where nothing is known. */
    public record Delta(ObjectStats stats, double seconds) {
        public long rate(long count) {
            return seconds <= 0 || count <= 0 ? 0 : Math.round(count / seconds);
        }
    }

    public Delta delta(@Nullable Long pool) {
        if (samples.size() < 2) {
            return new Delta(ObjectStats.ZERO, 0);
        }
        Sample first = samples.getFirst();
        Sample last = samples.getLast();
        ObjectStats sum = ObjectStats.ZERO;
        for (Map.Entry<Long, ObjectStats> e : last.byPool.entrySet()) {
            ObjectStats before = first.byPool.get(e.getKey());
            if ((pool == null || pool.equals(e.getKey())) && before != null) {
                sum = sum.plus(e.getValue().minus(before));
            }
        }
        return new Delta(sum, Duration.between(first.at, last.at).toMillis() / 1000.0);
    }

    @Override
    public long objects(long pool) {
        return pool(pool).get(ObjectStats.Counter.OBJECTS);
    }

    @Override
    public long bytes(long pool) {
        return pool(pool).get(ObjectStats.Counter.BYTES);
    }
}
