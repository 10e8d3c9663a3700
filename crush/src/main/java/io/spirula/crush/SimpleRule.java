package io.spirula.crush;

import io.spirula.crush.CrushEditException.Errno;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;

/**
 * The usual rule: devices in different buckets of one type, below one root.
 *
 * @param type the name of the failure domain's type; empty for devices
 * @param deviceClass empty for devices of all classes
 * @param mode firstn (for replicas) or indep (for shards)
 * @param ruleType {@link Rule#REPLICATED} or {@link Rule#ERASURE}
 */
public record SimpleRule(String name, String root, String type, String deviceClass, String mode, int ruleType) {
    /** Ceph: add_simple_rule_at, its messages included. */
    int addTo(CrushEditor map, int wanted) {
        if (map.ruleId(name) >= 0) {
            throw new CrushEditException(Errno.EEXIST, "rule " + name + " exists");
        }
        int number = number(map, wanted);
        Integer root = map.itemId(this.root);
        if (root == null) {
            throw new CrushEditException(Errno.ENOENT, "root item " + this.root + " does not exist");
        }
        int typeId = type.isEmpty() ? 0 : map.typeId(type);
        if (typeId < 0) {
            throw new CrushEditException(Errno.EINVAL, "unknown type " + type);
        }
        int start = deviceClass.isEmpty() ? root : shadowOf(map, root);
        if (!mode.equals("firstn") && !mode.equals("indep")) {
            throw new CrushEditException(Errno.EINVAL, "unknown mode " + mode);
        }
        return map.addRule(number, name, rule(number, start, typeId));
    }

    private static int number(CrushEditor map, int wanted) {
        if (wanted < 0) {
            int free = 0;
            while (map.rule(free) != null || map.rulesetExists(free)) {
                free++;
            }
            return free;
        }
        if (map.rule(wanted) != null) {
            throw new CrushEditException(Errno.EEXIST, "rule with ruleno " + wanted + " exists");
        }
        if (map.rulesetExists(wanted)) {
            throw new CrushEditException(Errno.EEXIST, "ruleset " + wanted + " exists");
        }
        return wanted;
    }

    private int shadowOf(CrushEditor map, int bucket) {
        int classId = map.classId(deviceClass);
        if (classId < 0) {
            throw new CrushEditException(Errno.EINVAL, "device class " + deviceClass + " does not exist");
        }
        NavigableMap<Integer, Integer> byClass = map.classBuckets.get(bucket);
        Integer shadow = byClass == null ? null : byClass.get(classId);
        if (shadow == null) {
            throw new CrushEditException(Errno.EINVAL, "root " + root + " has no devices with class " + deviceClass);
        }
        return shadow;
    }

    private Rule rule(int number, int start, int typeId) {
        boolean firstn = mode.equals("firstn");
        List<RuleStep> steps = new ArrayList<>();
        if (!firstn) {
            steps.add(RuleStep.set(RuleStep.SET_CHOOSELEAF_TRIES, 5));
            steps.add(RuleStep.set(RuleStep.SET_CHOOSE_TRIES, 100));
        }
        steps.add(RuleStep.take(start));
        int op;
        if (typeId != 0) {
            op = firstn ? RuleStep.CHOOSELEAF_FIRSTN : RuleStep.CHOOSELEAF_INDEP;
        } else {
            op = firstn ? RuleStep.CHOOSE_FIRSTN : RuleStep.CHOOSE_INDEP;
        }
        steps.add(RuleStep.choose(op, 0, typeId));
        steps.add(RuleStep.emit());
        return new Rule(number, ruleType, firstn ? 1 : 3, firstn ? 10 : 20, steps);
    }
}
