package io.spirula.tools.crush;

import io.spirula.crush.Bucket;
import io.spirula.crush.CrushContent;
import io.spirula.crush.CrushMap;
import io.spirula.crush.Rule;
import io.spirula.crush.RuleStep;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** Placement by C's unseeded lrand48, to compare CRUSH with; and devices marked down by the same dice. Ceph: CrushTester. */
final class RandomPlacement {
    private static final int TRIES = 100;

    private final CrushMap map;
    /** glibc begins with 0. */
    private long state;

    RandomPlacement(CrushMap map) {
        this.map = map;
    }

    private int next(int bound) {
        state = (state * 0x5deece66dL + 0xb) & 0xffffffffffffL;
        return (int) ((state >>> 17) % bound);
    }

    int[] place(int number, int size, int[] weights) {
        Rule rule = map.rule(number);
        if (rule == null || map.maxDevices() == 0) {
            return new int[0];
        }
        int most = new CrushTester(map, new TestOptions(), System.out, System.err).mostAffected(rule);
        int wanted = Math.min(size, most);
        for (int attempt = 0; attempt < TRIES; attempt++) {
            int[] trial = new int[wanted];
            for (int i = 0; i < wanted; i++) {
                trial[i] = next(map.maxDevices());
            }
            if (isValid(rule, trial, weights)) {
                return trial;
            }
        }
        return new int[0];
    }

    private boolean isValid(Rule rule, int[] trial, int[] weights) {
        Set<Integer> devices = new HashSet<>();
        for (int device : trial) {
            if (weights[device] == 0 || !devices.add(device)) {
                return false;
            }
        }
        List<String> types = new ArrayList<>();
        for (RuleStep step : rule.steps()) {
            if (step.op() >= RuleStep.CHOOSE_FIRSTN && step.op() != RuleStep.EMIT) {
                types.add(Objects.requireNonNullElse(map.typeName(step.arg2()), ""));
            }
        }
        if (types.equals(List.of("osd")) && "osd".equals(map.typeName(0))) {
            return true;
        }
        Set<String> seen = new HashSet<>();
        for (int device : trial) {
            Map<String, String> location = new HashMap<>();
            for (CrushContent.Location step : map.fullLocation(device)) {
                location.put(step.type(), step.name());
            }
            for (String type : types) {
                if (!seen.add(location.getOrDefault(type, ""))) {
                    return false;
                }
            }
        }
        return true;
    }

    /** Marks a share of the devices in a share of the lowest buckets down. */
    void markDown(int[] weights, float deviceRatio, float bucketRatio) {
        List<Bucket> lowest = new ArrayList<>();
        for (Bucket bucket : map.buckets()) {
            if (bucket.weight() > 0 && bucket.size() > 0 && bucket.item(0) >= 0) {
                lowest.add(bucket);
            }
        }
        for (int i = 0; i < lowest.size() && lowest.size() > 1; i++) {
            Collections.swap(lowest, i, next(lowest.size() - 1));
        }
        int buckets = (int) (bucketRatio * lowest.size());
        for (Bucket bucket : lowest.subList(0, Math.min(buckets, lowest.size()))) {
            for (int i = 0; i < bucket.size() && bucket.size() > 1; i++) {
                next(bucket.size() - 1);
            }
            int devices = (int) (deviceRatio * bucket.size());
            for (int i = 0; i < Math.min(devices, bucket.size()); i++) {
                weights[bucket.item(i)] = 0;
            }
        }
    }
}
