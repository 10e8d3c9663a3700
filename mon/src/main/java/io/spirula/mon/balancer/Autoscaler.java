package io.spirula.mon.balancer;

import io.spirula.common.maps.OsdMap;
import io.spirula.common.maps.PgPool;
import io.spirula.common.maps.PoolFlag;
import io.spirula.mon.mgr.PgMap;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.ToLongFunction;

/**
 * How many placement groups each pool should have, by how much of its part of the cluster it takes or is meant to. First pools that are not meant to be large get what their use asks for, then what is left is shared
 * by those that are, the larger than average before the others. Source: the manager's module pg_autoscaler.
 */
public final class Autoscaler {
    /** By what factor a number must be off before it is changed. */
    private static final double THRESHOLD = 3.0;

    private static final int MIN_PG_NUM = 32;

    private final OsdMap map;
    private final PgMap pgMap;
    private final ToLongFunction<Long> stored;
    private final long groupsPerOsd;
    private final Map<Integer, Subtree> byRoot = new TreeMap<>();
    private final Set<Integer> overlapping = new LinkedHashSet<>();
    private final List<Advice> advices = new ArrayList<>();

    /** What pools whose rules take the same OSDs share. */
    private static final class Subtree {
        private final Set<Integer> osds = new LinkedHashSet<>();
        private int pools;
        private int settled;
        private long groupsLeft;
        private long capacity;
        private double targetRatios;
        private double targetBytes;
    }

    /**
     * What becomes of a pool.
     *
     * @param storedBytes what its users have stored
     * @param rate how many bytes on disk a stored byte takes
     * @param actualRatio which share of the capacity it takes
     * @param ratio the same, or what it is meant to take where that is more
     * @param targetRatio what an operator has said, beside what others have said
     * @param ideal the number before it is rounded to a power of two
     * @param wouldAdjust whether it is off far enough to be changed, and may be
     */
    public record Advice(
            long pool,
            String name,
            int root,
            String mode,
            int pgNumTarget,
            long storedBytes,
            long targetBytes,
            double rate,
            long capacity,
            double actualRatio,
            double ratio,
            double targetRatio,
            double effectiveTargetRatio,
            int ideal,
            int finalPgNum,
            double bias,
            boolean bulk,
            boolean isFarOff,
            boolean wouldAdjust) {
        public double actualRawUsed() {
            return storedBytes * rate;
        }

        public double rawUsed() {
            return Math.max(storedBytes, targetBytes) * rate;
        }
    }

    private Autoscaler(OsdMap map, PgMap pgMap, ToLongFunction<Long> stored, long groupsPerOsd) {
        this.map = map;
        this.pgMap = pgMap;
        this.stored = stored;
        this.groupsPerOsd = groupsPerOsd;
    }

    /**
     * One for each pool whose number is settled by these rules; pools whose rules take parts that overlap are left alone.
     *
     * @param stored how many bytes a pool's users have stored
     * @param groupsPerOsd mon_target_pg_per_osd
     */
    public static List<Advice> advise(OsdMap map, PgMap pgMap, ToLongFunction<Long> stored, long groupsPerOsd) {
        Autoscaler scaler = new Autoscaler(map, pgMap, stored, groupsPerOsd);
        scaler.findSubtrees();
        scaler.settle();
        return List.copyOf(scaler.advices);
    }

    private int root(PgPool pool) {
        var takes = map.crushMap().rule(pool.crushRule()) == null
                ? List.<Integer>of()
                : List.copyOf(map.crushMap().takes(pool.crushRule()));
        return takes.isEmpty() ? 0 : takes.getFirst();
    }

    private void findSubtrees() {
        List<Subtree> subtrees = new ArrayList<>();
        map.pools().forEach((id, pool) -> {
            int root = root(pool);
            List<Integer> osds = map.crushMap().leaves(root);
            Subtree found = null;
            for (Map.Entry<Integer, Subtree> e : byRoot.entrySet()) {
                if (osds.stream().anyMatch(e.getValue().osds::contains)) {
                    found = e.getValue();
                    if (e.getKey() != root) {
                        overlapping.add(e.getKey());
                        overlapping.add(root);
                    }
                    break;
                }
            }
            if (found == null) {
                found = new Subtree();
                subtrees.add(found);
            }
            byRoot.put(root, found);
            found.osds.addAll(osds);
            found.pools++;
            double ratio = real(pool, "target_size_ratio", 0);
            if (ratio > 0) {
                found.targetRatios += ratio;
            } else {
                found.targetBytes += integer(pool, "target_size_bytes", 0) * rate(pool);
            }
        });
        for (Subtree subtree : subtrees) {
            subtree.groupsLeft = subtree.osds.size() * groupsPerOsd;
            pgMap.osds().forEach((osd, stat) -> {
                subtree.capacity += subtree.osds.contains(osd) ? stat.statfs().total() : 0;
            });
        }
    }

    private double rate(PgPool pool) {
        return pool.isReplicated() ? pool.size() : erasureRate(pool);
    }

    private double erasureRate(PgPool pool) {
        Map<String, String> profile =
                map.erasureCodeProfiles().getOrDefault(pool.erasureCodeProfile(), new TreeMap<>());
        int k = Integer.parseInt(profile.getOrDefault("k", "2"));
        int m = Integer.parseInt(profile.getOrDefault("m", "2"));
        return (double) (k + m) / k;
    }

    private void settle() {
        Map<Long, PgPool> bulk = new LinkedHashMap<>();
        map.pools().forEach((id, pool) -> {
            if (pool.has(PoolFlag.BULK)) {
                bulk.put(id, pool);
            } else {
                advise(id, pool, ratio(pool, stored.applyAsLong(id)));
            }
        });
        Map<Long, PgPool> even = new LinkedHashMap<>();
        bulk.forEach((id, pool) -> {
            double ratio = ratio(pool, stored.applyAsLong(id));
            if (ratio > evenRatio(pool)) {
                advise(id, pool, ratio);
            } else {
                even.put(id, pool);
            }
        });
        // The smaller ones get equal shares of what the others have left.
        Map<Subtree, Double> shares = new LinkedHashMap<>();
        even.values().forEach(pool -> shares.putIfAbsent(subtree(pool), evenRatio(pool)));
        even.forEach((id, pool) -> adviseOf(id, pool, shares.getOrDefault(subtree(pool), 0.0), false));
    }

    private Subtree subtree(PgPool pool) {
        Subtree subtree = byRoot.get(root(pool));
        return subtree == null ? new Subtree() : subtree;
    }

    private double evenRatio(PgPool pool) {
        Subtree subtree = subtree(pool);
        return 1.0 / Math.max(1, subtree.pools - subtree.settled);
    }

    private double effectiveTargetRatio(PgPool pool) {
        Subtree subtree = subtree(pool);
        double ratio = real(pool, "target_size_ratio", 0);
        if (subtree.targetRatios > 0) {
            ratio /= subtree.targetRatios;
        }
        if (subtree.targetBytes > 0 && subtree.capacity > 0) {
            ratio *= 1 - Math.min(1, subtree.targetBytes / subtree.capacity);
        }
        return ratio;
    }

    private long targetBytes(PgPool pool) {
        return real(pool, "target_size_ratio", 0) == 0 ? integer(pool, "target_size_bytes", 0) : 0;
    }

    private double ratio(PgPool pool, long bytes) {
        long capacity = subtree(pool).capacity;
        double byUse = capacity == 0 ? 0 : Math.max(bytes, targetBytes(pool)) * rate(pool) / capacity;
        return Math.max(byUse, effectiveTargetRatio(pool));
    }

    private void advise(long id, PgPool pool, double ratio) {
        adviseOf(id, pool, ratio, true);
    }

    private void adviseOf(long id, PgPool pool, double share, boolean takesFromRest) {
        Subtree subtree = subtree(pool);
        if (overlapping.contains(root(pool)) || subtree.capacity == 0) {
            return;
        }
        double used = share * subtree.groupsLeft;
        if (takesFromRest) {
            subtree.groupsLeft -= (long) used;
            subtree.settled++;
        }
        double bias = real(pool, "pg_autoscale_bias", 1);
        double ideal = used / pool.size() * bias;
        long least = integer(pool, "pg_num_min", MIN_PG_NUM);
        long most = integer(pool, "pg_num_max", 0);
        int rounded = (int) Math.max(least, nearestPowerOfTwo(ideal));
        int wanted = most > 0 && most < rounded ? (int) most : rounded;
        boolean farOff = (wanted > pool.pgNumTarget() * THRESHOLD || wanted < pool.pgNumTarget() / THRESHOLD)
                && share >= 0
                && share <= 1;
        String mode = PgPool.AUTOSCALE_MODES.get(pool.autoscaleMode());
        long bytes = stored.applyAsLong(id);
        String name = map.poolName(id);
        advices.add(new Advice(
                id,
                name == null ? "" : name,
                root(pool),
                mode,
                pool.pgNumTarget(),
                bytes,
                targetBytes(pool),
                rate(pool),
                subtree.capacity,
                bytes * rate(pool) / subtree.capacity,
                ratio(pool, bytes),
                real(pool, "target_size_ratio", 0),
                effectiveTargetRatio(pool),
                (int) ideal,
                wanted,
                bias,
                pool.has(PoolFlag.BULK),
                farOff,
                farOff && mode.equals("on")));
    }

    private static double real(PgPool pool, String option, double fallback) {
        return pool.options().value(option) instanceof Number n ? n.doubleValue() : fallback;
    }

    private static long integer(PgPool pool, String option, long fallback) {
        return pool.options().value(option) instanceof Number n ? n.longValue() : fallback;
    }

    static int nearestPowerOfTwo(double n) {
        int whole = (int) n;
        int high = whole <= 1 ? whole : Integer.highestOneBit(whole - 1) << 1;
        int low = high >> 1;
        return high - n > n - low ? low : high;
    }
}
