package io.spirula.tools.crush;

import io.spirula.crush.CppFloat;
import io.spirula.crush.CrushHash;
import io.spirula.crush.CrushMap;
import io.spirula.crush.CrushMapper;
import io.spirula.crush.Rule;
import io.spirula.crush.RuleStep;
import io.spirula.crush.Workspace;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** The test of a map: many mappings, shown one by one or summed up. Ceph: src/crush/CrushTester.cc. */
final class CrushTester {
    private final CrushMap map;
    private final TestOptions options;
    private final PrintStream out;
    private final PrintStream err;
    private final CrushMapper mapper;
    private final Workspace workspace;
    private final int minX;
    private final int maxX;
    private final int minRule;
    private final int maxRule;
    private final int[] weights;
    private int[] result = new int[16];
    private final RandomPlacement random;

    CrushTester(CrushMap map, TestOptions options, PrintStream out, PrintStream err) {
        this.map = map;
        this.options = options;
        this.out = out;
        this.err = err;
        this.mapper = new CrushMapper(map);
        this.workspace = mapper.newWorkspace();
        boolean allRules = options.minRule < 0 || options.maxRule < 0;
        this.minRule = allRules ? 0 : options.minRule;
        this.maxRule = Math.min(allRules ? Integer.MAX_VALUE : options.maxRule, map.maxRules() - 1);
        boolean anyX = options.minX < 0 || options.maxX < 0;
        this.minX = anyX ? 0 : options.minX;
        this.maxX = anyX ? 1023 : options.maxX;
        this.random = new RandomPlacement(map);
        this.weights = weights();
    }

    private int[] weights() {
        Set<Integer> placed = new HashSet<>();
        map.buckets().forEach(bucket -> {
            for (int item : bucket.items()) {
                placed.add(item);
            }
        });
        int[] weights = new int[map.maxDevices()];
        for (int device = 0; device < weights.length; device++) {
            Integer set = options.weights.get(device);
            weights[device] = set != null ? set : placed.contains(device) ? 0x10000 : 0;
        }
        return weights;
    }

    // ---- --test

    void test() {
        if (options.utilizationAll) {
            StringBuilder hex = new StringBuilder();
            for (int weight : weights) {
                hex.append(hex.length() == 0 ? "" : ",").append(Integer.toHexString(weight));
            }
            err.println("devices weights (hex): [" + hex + "]");
        }
        if (options.downRatio > 0) {
            random.markDown(weights, options.downRatio, options.downBucketRatio);
        }
        if (options.chooseTries) {
            workspace.startTriesHistogram();
        }
        for (int number = minRule; number <= maxRule; number++) {
            Rule rule = map.rule(number);
            if (rule == null) {
                if (options.statistics) {
                    out.println("rule " + number + " dne");
                }
                continue;
            }
            if (options.ruleset >= 0 && rule.ruleset() != options.ruleset) {
                continue;
            }
            int minSize = options.replicas < 0 ? rule.minSize() : options.replicas;
            int maxSize = options.replicas < 0 ? rule.maxSize() : options.replicas;
            if (options.statistics) {
                out.println("rule " + number + " (" + ruleName(number) + "), x = " + minX + ".." + maxX + ", numrep = "
                        + minSize + ".." + maxSize);
            }
            for (int size = minSize; size <= maxSize; size++) {
                test(number, rule, size);
            }
        }
        if (options.chooseTries) {
            int[] tries = workspace.triesHistogram();
            for (int i = 0; i < map.tunables().chooseTotalTries(); i++) {
                out.println(padded(Integer.toString(i), 2) + ": " + padded(Integer.toString(tries[i]), 9));
            }
        }
    }

    private String ruleName(int number) {
        return Objects.requireNonNullElse(map.ruleName(number), "");
    }

    private void test(int number, Rule rule, int size) {
        int[] stored = new int[weights.length];
        SortedMap<Integer, Integer> sizes = new TreeMap<>();
        int totalWeight = 0;
        for (int weight : weights) {
            totalWeight += weight;
        }
        if (totalWeight == 0) {
            return;
        }
        int objects = maxX - minX + 1;
        float expectedObjects = Math.min(size, mostAffected(rule)) * objects;
        StringBuilder lines = new StringBuilder();
        for (int x = minX; x <= maxX; x++) {
            mapOne(number, size, x, stored, sizes, lines);
            if (lines.length() > 8192) {
                out.append(lines);
                lines.setLength(0);
            }
        }
        if (options.utilization && !options.statistics) {
            for (int device = 0; device < stored.length; device++) {
                lines.append("  device " + device + ":\t" + stored[device] + "\n");
            }
        }
        if (options.statistics) {
            sizes.forEach((length, count) -> lines.append("rule " + number + " (" + ruleName(number) + ") num_rep "
                    + size + " result size == " + length + ":\t" + count + "/" + objects + "\n"));
            for (int device = 0; device < stored.length; device++) {
                float expected = (float) weights[device] / (float) totalWeight * expectedObjects;
                if (options.utilization ? expected > 0 && stored[device] > 0 : options.utilizationAll) {
                    lines.append("  device " + device + ":\t\t stored : " + stored[device] + "\t expected : "
                            + CppFloat.text(expected) + "\n");
                }
            }
        }
        out.append(lines);
    }

    private void mapOne(
            int number, int size, int x, int[] stored, SortedMap<Integer, Integer> sizes, StringBuilder lines) {
        int length;
        if (options.simulate) {
            int[] placed = random.place(number, size, weights);
            length = placed.length;
            result = placed;
        } else {
            int input = options.pool == -1 ? x : CrushHash.hash(x, (int) options.pool);
            length = run(mapper, workspace, number, input, size);
        }
        if (options.mappings) {
            lines.append(options.simulate ? "RNG" : "CRUSH").append(" rule ").append(number);
            lines.append(" x ").append(x).append(' ');
            appendResult(lines, result, length);
            lines.append('\n');
        }
        boolean hole = false;
        for (int i = 0; i < length; i++) {
            if (result[i] == CrushMapper.NONE) {
                hole = true;
            } else if (result[i] >= 0 && result[i] < stored.length) {
                stored[result[i]]++;
            }
        }
        sizes.merge(length, 1, Integer::sum);
        if (options.badMappings && (length != size || hole)) {
            lines.append("bad mapping rule ").append(number).append(" x ").append(x);
            lines.append(" num_rep ").append(size).append(" result ");
            appendResult(lines, result, length);
            lines.append('\n');
        }
    }

    private int run(CrushMapper mapper, Workspace workspace, int rule, int x, int size) {
        if (result.length < size) {
            result = new int[size];
        }
        return mapper.map(rule, x, size, result, weights, 0, workspace);
    }

    private static void appendResult(StringBuilder lines, int[] result, int length) {
        lines.append('[');
        for (int i = 0; i < length; i++) {
            lines.append(i == 0 ? "" : ",").append(result[i]);
        }
        lines.append(']');
    }

    private static String padded(String text, int width) {
        return " ".repeat(Math.max(0, width - text.length())) + text;
    }

    /** The fewest buckets of a type that the rule chooses among. Ceph: get_maximum_affected_by_rule. */
    int mostAffected(Rule rule) {
        List<Integer> types = new ArrayList<>();
        Map<Integer, Integer> wanted = new HashMap<>();
        for (RuleStep step : rule.steps()) {
            if (step.op() >= RuleStep.CHOOSE_FIRSTN && step.op() != RuleStep.EMIT) {
                types.add(step.arg2());
                wanted.put(step.arg2(), step.arg1());
            }
        }
        Map<Integer, Integer> most = new HashMap<>();
        for (int type : types) {
            int named = (int) map.buckets().stream()
                    .filter(b -> b.type() == type && map.itemName(b.id()) != null)
                    .count();
            most.merge(type, named, Integer::sum);
        }
        int least = Math.max(map.maxBuckets(), map.maxDevices());
        for (int type : types) {
            int count = most.getOrDefault(type, 0);
            int asked = wanted.getOrDefault(type, 0);
            if (asked > 0 && asked < count) {
                count = asked;
                most.put(type, asked);
            }
        }
        for (int type : types) {
            int count = most.getOrDefault(type, 0);
            if (count > 0 && count < least) {
                least = count;
            }
        }
        return least;
    }

    // ---- --compare

    boolean compare(CrushMap other) {
        CrushMapper otherMapper = new CrushMapper(other);
        Workspace otherWorkspace = otherMapper.newWorkspace();
        boolean same = true;
        for (int number = minRule; number <= maxRule; number++) {
            Rule rule = map.rule(number);
            if (rule == null) {
                if (options.statistics) {
                    out.println("rule " + number + " dne");
                }
                continue;
            }
            if (options.ruleset >= 0 && rule.ruleset() != options.ruleset) {
                continue;
            }
            int minSize = options.replicas < 0 ? rule.minSize() : options.replicas;
            int maxSize = options.replicas < 0 ? rule.maxSize() : options.replicas;
            int different = 0;
            for (int size = minSize; size <= maxSize; size++) {
                for (int x = minX; x <= maxX; x++) {
                    int length = run(mapper, workspace, number, x, size);
                    int[] first = java.util.Arrays.copyOf(result, length);
                    int otherLength = run(otherMapper, otherWorkspace, number, x, size);
                    if (!java.util.Arrays.equals(first, java.util.Arrays.copyOf(result, otherLength))) {
                        different++;
                    }
                }
            }
            same &= different == 0;
            int all = (maxSize - minSize + 1) * (maxX - minX + 1);
            out.println("rule " + number + " had " + different + "/" + all + " mismatched mappings ("
                    + CppFloat.text((double) different / all) + ")");
        }
        if (same) {
            out.println("maps appear equivalent");
        } else {
            err.println("warning: maps are NOT equivalent");
        }
        return same;
    }
}
