package io.spirula.mon.balancer;

import io.spirula.common.maps.Osd;
import io.spirula.common.maps.OsdMap;
import io.spirula.common.maps.PgPool;
import io.spirula.crush.Bucket;
import io.spirula.crush.CrushMap;
import io.spirula.crush.Rule;
import io.spirula.crush.RuleStep;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/** Which share of a pool's copies each OSD should hold: by its weight in the hierarchy below what the pool's rule takes, times the weight that it is in with. Ceph: CrushWrapper::get_rule_weight_osd_map. */
final class OsdShares {
    private OsdShares() {}

    /** Shares that add up to 1 for each take of the rule where all OSDs are fully in; OSDs without a share are left out. */
    static NavigableMap<Integer, Double> of(OsdMap map, PgPool pool) {
        TreeMap<Integer, Double> shares = new TreeMap<>();
        Rule rule = rule(map, pool);
        if (rule == null) {
            return shares;
        }
        for (RuleStep step : rule.steps()) {
            if (step.op() == RuleStep.TAKE) {
                TreeMap<Integer, Double> weights = weights(map.crushMap(), step.arg1());
                double sum = weights.values().stream().mapToDouble(w -> w).sum();
                weights.forEach((osd, weight) -> {
                    double share = sum == 0 ? 0 : weight / sum * map.osd(osd).weight() / Osd.IN;
                    if (share > 0 && map.exists(osd)) {
                        shares.merge(osd, share, Double::sum);
                    }
                });
            }
        }
        return shares;
    }

    static @org.jspecify.annotations.Nullable Rule rule(OsdMap map, PgPool pool) {
        int number = map.crushMap().findRule(pool.crushRule(), pool.type(), pool.size());
        return number < 0 ? null : map.crushMap().rule(number);
    }

    /** The weights of the devices below an item, in the hierarchy's units. */
    static TreeMap<Integer, Double> weights(CrushMap crush, int root) {
        TreeMap<Integer, Double> weights = new TreeMap<>();
        collect(crush, root, 1, weights, crush.maxBuckets());
        return weights;
    }

    private static void collect(CrushMap crush, int item, double weight, Map<Integer, Double> weights, int depthLeft) {
        if (item >= 0) {
            weights.merge(item, weight, Double::sum);
            return;
        }
        Bucket bucket = crush.bucket(item);
        if (bucket == null || depthLeft == 0) {
            return;
        }
        for (int i = 0; i < bucket.size(); i++) {
            double childWeight = Integer.toUnsignedLong(bucket.itemWeight(i)) / 65536.0;
            collect(crush, bucket.item(i), childWeight, weights, depthLeft - 1);
        }
    }
}
