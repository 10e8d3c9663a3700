package io.spirula.mon.balancer;

import io.spirula.common.maps.OsdMap;
import io.spirula.common.maps.PgPool;
import io.spirula.common.pg.ObjectStats;
import io.spirula.common.pg.PgStats;
import io.spirula.common.types.PgId;
import io.spirula.crush.CrushMapper;
import io.spirula.mon.mgr.PgMap;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;

/**
 * How uneven data lies, from 0 for even to less than 1: for each part of the hierarchy that rules take, how far OSDs are above what their weights ask for, in groups, objects and bytes; the average of all. Source: the manager's
 * module balancer, calc_eval and calc_stats.
 */
public final class BalanceScore {
    private static final Map<String, ToDoubleFunction<PgStats>> METRICS = Map.of(
            "pgs", stats -> 1,
            "objects", stats -> stats.stats().get(ObjectStats.Counter.OBJECTS),
            "bytes", stats -> stats.stats().get(ObjectStats.Counter.BYTES));

    private BalanceScore() {}

    /** @param metrics some of pgs, objects, bytes */
    public static double of(OsdMap map, PgMap pgMap, Collection<Long> pools, List<String> metrics) {
        double sum = 0;
        int roots = 0;
        for (int root : map.crushMap().takes()) {
            List<Long> ofRoot = pools.stream()
                    .filter(id -> takes(map, id, root) && hasGroups(pgMap, id))
                    .toList();
            if (ofRoot.isEmpty()) {
                continue;
            }
            roots++;
            Map<Integer, Double> targets = targets(map, root);
            for (String metric : metrics) {
                ToDoubleFunction<PgStats> value = METRICS.get(metric);
                if (value != null) {
                    sum += score(targets, loads(map, pgMap, ofRoot, targets, value));
                }
            }
        }
        return roots == 0 ? 0 : sum / (metrics.size() * roots);
    }

    private static boolean takes(OsdMap map, long id, int root) {
        PgPool pool = map.pool(id);
        return pool != null
                && map.crushMap().rule(pool.crushRule()) != null
                && map.crushMap().takes(pool.crushRule()).contains(root);
    }

    private static boolean hasGroups(PgMap pgMap, long pool) {
        return pgMap.pgs().containsKey(new PgId(pool, 0));
    }

    private static Map<Integer, Double> targets(OsdMap map, int root) {
        TreeMap<Integer, Double> weights = OsdShares.weights(map.crushMap(), root);
        weights.replaceAll((osd, weight) -> weight * map.osd(osd).weight());
        weights.values().removeIf(weight -> weight <= 0);
        double sum = weights.values().stream().mapToDouble(w -> w).sum();
        weights.replaceAll((osd, weight) -> weight / sum);
        return weights;
    }

    private static Map<Integer, Double> loads(
            OsdMap map, PgMap pgMap, List<Long> pools, Map<Integer, Double> targets, ToDoubleFunction<PgStats> value) {
        TreeMap<Integer, Double> loads = new TreeMap<>();
        targets.keySet().forEach(osd -> loads.put(osd, 0.0));
        for (long id : pools) {
            var mapping = map.poolToUpActing(id);
            for (int seed = 0; seed < mapping.size(); seed++) {
                PgStats stats = pgMap.pgs().get(new PgId(id, seed));
                double amount = stats == null ? 0 : value.applyAsDouble(stats);
                for (int osd : mapping.get(seed).up()) {
                    if (osd != CrushMapper.NONE) {
                        loads.computeIfPresent(osd, (o, load) -> load + amount);
                    }
                }
            }
        }
        return loads;
    }

    private static double score(Map<Integer, Double> targets, Map<Integer, Double> loads) {
        double total = loads.values().stream().mapToDouble(l -> l).sum();
        if (total == 0) {
            return 0;
        }
        double average = total / targets.size();
        double score = 0;
        double weight = 0;
        for (Map.Entry<Integer, Double> e : targets.entrySet()) {
            double adjusted = loads.getOrDefault(e.getKey(), 0.0) / e.getValue() / targets.size();
            if (adjusted > average) {
                score += e.getValue() * erf((adjusted - average) / average / Math.sqrt(2));
                weight += e.getValue();
            }
        }
        return score / Math.max(weight, 1);
    }

    /** The error function of what is not negative, by its series without cancellation. */
    static double erf(double x) {
        if (x > 6) {
            return 1;
        }
        double term = x;
        double sum = x;
        for (int n = 1; term > sum * 1e-17; n++) {
            term *= 2 * x * x / (2 * n + 1);
            sum += term;
        }
        return 2 / Math.sqrt(Math.PI) * Math.exp(-x * x) * sum;
    }
}
