package io.spirula.mon.balancer;

import io.spirula.common.maps.OsdMap;
import io.spirula.common.maps.PgPool;
import io.spirula.crush.Bucket;
import io.spirula.crush.CrushMap;
import io.spirula.crush.Rule;
import io.spirula.crush.RuleStep;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which OSD may take another's place in a group without breaking what the pool's rule is about: it must be below what the rule takes, and at every level that the rule chooses from it must share a bucket with those that the other
 * shares one with, and with nobody else. Ceph walks the rule with replacements instead (CrushWrapper::try_remap_rule).
 */
final class FailureDomains {
    private final Set<Integer> allowed = new HashSet<>();
    /** For each level, the bucket that an OSD is in. */
    private final Map<Integer, Map<Integer, Integer>> bucketByLevel = new HashMap<>();

    FailureDomains(OsdMap map, PgPool pool) {
        Rule rule = OsdShares.rule(map, pool);
        Set<Integer> levels = new LinkedHashSet<>();
        if (rule == null) {
            return;
        }
        for (RuleStep step : rule.steps()) {
            switch (step.op()) {
                case RuleStep.TAKE ->
                    allowed.addAll(
                            OsdShares.weights(map.crushMap(), step.arg1()).keySet());
                case RuleStep.CHOOSE_FIRSTN,
                        RuleStep.CHOOSE_INDEP,
                        RuleStep.CHOOSELEAF_FIRSTN,
                        RuleStep.CHOOSELEAF_INDEP -> levels.add(step.arg2());
                default -> {}
            }
        }
        levels.remove(0);
        levels.forEach(level -> bucketByLevel.put(level, buckets(map.crushMap(), level)));
    }

    private static Map<Integer, Integer> buckets(CrushMap crush, int level) {
        Map<Integer, Integer> byOsd = new HashMap<>();
        for (Bucket bucket : crush.buckets()) {
            if (bucket.type() == level && !crush.isShadow(bucket.id())) {
                crush.leaves(bucket.id()).forEach(osd -> byOsd.put(osd, bucket.id()));
            }
        }
        return byOsd;
    }

    boolean mayReplace(List<Integer> members, int from, int to) {
        if (!allowed.contains(to) || members.contains(to)) {
            return false;
        }
        for (Map<Integer, Integer> buckets : bucketByLevel.values()) {
            Integer before = buckets.get(from);
            Integer after = buckets.get(to);
            if (before == null || after == null) {
                return false;
            }
            for (int other : members) {
                Integer theirs = buckets.get(other);
                if (other != from && before.equals(theirs) != after.equals(theirs)) {
                    return false;
                }
            }
        }
        return true;
    }
}
