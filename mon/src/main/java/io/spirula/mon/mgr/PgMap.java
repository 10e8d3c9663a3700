package io.spirula.mon.mgr;

import io.spirula.common.maps.OsdMap;
import io.spirula.common.maps.PgPool;
import io.spirula.common.message.PgStatsReport;
import io.spirula.common.pg.ObjectStats;
import io.spirula.common.pg.OsdStat;
import io.spirula.common.pg.PgState;
import io.spirula.common.pg.PgStats;
import io.spirula.common.pg.StoreStatfs;
import io.spirula.common.types.PgId;
import io.spirula.common.types.Uuid;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/** The newest statistics of every placement group and OSD, with sums by pool. Ceph: PGMap. */
public final class PgMap implements PoolUsage {
    /** Over how long rates are taken. Ceph: mon_delta_reset_interval is 10 s; the sums of the last few seconds are kept. */
    private static final Duration RATE_WINDOW = Duration.ofSeconds(10);

    private static final Duration SAMPLE_INTERVAL = Duration.ofSeconds(1);

    private final TreeMap<PgId, PgStats> pgs = new TreeMap<>();
    private final TreeMap<Integer, OsdStat> osds = new TreeMap<>();
    private final TreeMap<Integer, Map<Long, StoreStatfs>> poolSpaces = new TreeMap<>();
    private final TreeMap<Integer, Integer> epochs = new TreeMap<>();
    private long version;
    private Instant stamp = Instant.EPOCH;
    private final PgSums sums = new PgSums();
    private OsdMap followed = OsdMap.empty(Uuid.ZERO);

    /** The sums at some moment, for rates. */
    private record Sample(Instant at, Map<Long, ObjectStats> byPool) {}

    private final ArrayDeque<Sample> samples = new ArrayDeque<>();

    /** Forgets everything. */
    public void clear() {
        pgs.forEach(sums::remove);
        pgs.clear();
        followed = OsdMap.empty(Uuid.ZERO);
        osds.clear();
        poolSpaces.clear();
        epochs.clear();
        samples.clear();
    }

    /** Takes an OSD's report. Statistics older than what is known are ignored. */
    public void apply(int osd, PgStatsReport report, OsdMap map) {
        if (!map.exists(osd)) {
            return;
        }
        osds.put(osd, report.osdStat());
        poolSpaces.put(osd, report.poolStats());
        epochs.put(osd, report.epoch());
        report.pgStats().forEach((pg, stats) -> {
            PgPool pool = map.pool(pg.pool());
            if (pool == null || Integer.compareUnsigned(pg.seed(), pool.pgNum()) >= 0) {
                return;
            }
            PgStats known = pgs.get(pg);
            if (known != null && isUnheard(known)) {
                samples.clear(); // what a group has done before it is first heard of is not done now
            }
            if (known == null || isNewer(stats, known)) {
                put(pg, stats);
            }
        });
    }

    private static boolean isUnheard(PgStats stats) {
        return stats.reportedEpoch() == 0;
    }

    private void put(PgId pg, PgStats stats) {
        PgStats before = pgs.put(pg, stats);
        if (before != null) {
            sums.remove(pg, before);
        }
        sums.add(pg, stats);
    }

    private static boolean isNewer(PgStats stats, PgStats known) {
        int byEpoch = Integer.compareUnsigned(stats.reportedEpoch(), known.reportedEpoch());
        return byEpoch > 0 || byEpoch == 0 && stats.reportedSequence() >= known.reportedSequence();
    }

    /** Follows a new map: forgets what it does not have any more, and makes rows of the groups that nobody has reported yet, as of now. */
    public void follow(OsdMap map, Instant now) {
        if (!groupsOf(map).equals(groupsOf(followed))) {
            followPools(map, now);
        }
        osds.keySet().removeIf(osd -> !map.exists(osd));
        poolSpaces.keySet().removeIf(osd -> !map.exists(osd));
        epochs.keySet().removeIf(osd -> !map.isUp(osd));
        markStale(map);
        followed = map;
    }

    private static Map<Long, Integer> groupsOf(OsdMap map) {
        Map<Long, Integer> counts = new TreeMap<>();
        map.pools().forEach((id, pool) -> counts.put(id, pool.pgNum()));
        return counts;
    }

    private void followPools(OsdMap map, Instant now) {
        pgs.entrySet().removeIf(e -> {
            PgPool pool = map.pool(e.getKey().pool());
            boolean isGone = pool == null || Integer.compareUnsigned(e.getKey().seed(), pool.pgNum()) >= 0;
            if (isGone) {
                sums.remove(e.getKey(), e.getValue());
            }
            return isGone;
        });
        PgStats unheard = unheard(now);
        map.pools().forEach((id, pool) -> {
            PgPool before = followed.pool(id);
            if (before != null && before.pgNum() == pool.pgNum()) {
                return;
            }
            for (int seed = 0; seed < pool.pgNum(); seed++) {
                PgId pg = new PgId(id, seed);
                if (!pgs.containsKey(pg)) {
                    put(pg, unheard);
                }
            }
        });
    }

    /** What is known of a group that is there since now: its troubles, if any, begin now. */
    private static PgStats unheard(Instant now) {
        PgStats.Stamps stamps = new PgStats.Stamps(now, now, now, now, now, now, now, now, now, now);
        return PgStats.EMPTY.toBuilder().stamps(stamps).build();
    }

    /** A group whose primary is down has nobody to speak for it. */
    private void markStale(OsdMap map) {
        SortedSet<Integer> wentDown = new TreeSet<>();
        for (int osd = 0; osd < Math.max(map.maxOsd(), followed.maxOsd()); osd++) {
            if (map.isDown(osd) && (followed.isUp(osd) || osd >= followed.maxOsd())) {
                wentDown.add(osd);
            }
        }
        if (wentDown.isEmpty()) {
            return;
        }
        List<PgId> stale = new ArrayList<>();
        pgs.forEach((pg, stats) -> {
            boolean silent = wentDown.contains(stats.mapping().actingPrimary());
            if (silent && !isUnheard(stats) && (stats.state() & PgState.STALE) == 0) {
                stale.add(pg);
            }
        });
        for (PgId pg : stale) {
            PgStats stats = Objects.requireNonNull(pgs.get(pg));
            put(pg, stats.toBuilder().state(stats.state() | PgState.STALE).build());
        }
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

    /** The oldest map that somebody may need: that in which some group is known to have been clean last, or which some OSD that is up has. 0 while some group is unheard of. Ceph: OSDMonitor::get_min_last_epoch_clean. */
    public long minLastEpochClean() {
        int oldest = sums.minLastEpochClean(followed.epoch());
        for (int epoch : epochs.values()) {
            oldest = Integer.compareUnsigned(epoch, oldest) < 0 ? epoch : oldest;
        }
        return Integer.toUnsignedLong(oldest);
    }

    /** Which map each OSD that is up had when it reported last. */
    public SortedMap<Integer, Integer> epochs() {
        return Collections.unmodifiableSortedMap(epochs);
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
        return followed.epoch();
    }

    /** The sum of each pool's groups; a pool without groups has none. */
    public Map<Long, ObjectStats> byPool() {
        return sums.byPool();
    }

    public ObjectStats pool(long id) {
        return sums.pool(id);
    }

    public ObjectStats total() {
        return sums.total();
    }

    /** How many copies of groups there are to be, by where the groups are mapped. */
    public long upCopies() {
        return sums.upCopies();
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
        return sums.byOsd();
    }

    /** How many groups are in a state that is asked for. */
    public int count(LongPredicate ofState) {
        int count = 0;
        for (Map.Entry<Long, Integer> e : sums.byState().entrySet()) {
            count += ofState.test(e.getKey()) ? e.getValue() : 0;
        }
        return count;
    }

    /** How many groups are in each state, the most frequent first. */
    public Map<String, Integer> states() {
        Map<String, Integer> named = new java.util.LinkedHashMap<>();
        sums.byState().entrySet().stream()
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
