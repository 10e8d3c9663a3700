package io.spirula.tools.crush;

import java.util.SortedMap;
import java.util.TreeMap;

/** Which mappings crushtool tests, and what it shows of them. */
final class TestOptions {
    boolean utilization;
    boolean utilizationAll;
    boolean statistics;
    boolean mappings;
    boolean badMappings;
    boolean chooseTries;
    boolean simulate;

    int minX = -1;
    int maxX = -1;
    int minRule = -1;
    int maxRule = -1;
    int ruleset = -1;
    int replicas = -1;
    int batches = 1;
    long pool = -1;
    float downRatio;
    float downBucketRatio = 1;
    /** 16.16, by device. */
    final SortedMap<Integer, Integer> weights = new TreeMap<>();

    boolean show(Arguments args) {
        if (args.flag("--show_utilization")) {
            utilization = true;
        } else if (args.flag("--show_utilization_all")) {
            utilizationAll = true;
        } else if (args.flag("--show_statistics")) {
            statistics = true;
        } else if (args.flag("--show_mappings")) {
            mappings = true;
        } else if (args.flag("--show_bad_mappings")) {
            badMappings = true;
        } else if (args.flag("--show_choose_tries")) {
            chooseTries = true;
        } else {
            return false;
        }
        return true;
    }

    boolean range(Arguments args) {
        if (args.flag("-s", "--simulate")) {
            simulate = true;
            return true;
        }
        if (args.isLong("--pool_id")) {
            args.requireNoComplaint();
            pool = args.longNumber();
            return true;
        }
        if (args.isNumber("--weight")) {
            args.requireNoComplaint();
            int device = args.number();
            float weight = (float) Arguments.atof(args.next("--weight"));
            weights.put(device, Math.max(0, Math.min(0x10000, (int) (weight * 0x10000))));
            return true;
        }
        if (args.isFloat("--mark-down-ratio")) {
            args.requireNoComplaint();
            downRatio = args.floatNumber();
            return true;
        }
        if (args.isFloat("--mark-down-bucket-ratio")) {
            args.requireNoComplaint();
            downBucketRatio = args.floatNumber();
            return true;
        }
        return numbers(args);
    }

    private boolean numbers(Arguments args) {
        for (String option : new String[] {
            "--num_rep", "--max_x", "--min_x", "--x", "--max_rule", "--min_rule", "--rule", "--ruleset", "--batches"
        }) {
            if (args.isNumber(option)) {
                args.requireNoComplaint();
                set(option, args.number());
                return true;
            }
        }
        return false;
    }

    private void set(String option, int number) {
        switch (option) {
            case "--num_rep" -> replicas = number;
            case "--max_x" -> maxX = number;
            case "--min_x" -> minX = number;
            case "--x" -> {
                minX = number;
                maxX = number;
            }
            case "--max_rule" -> maxRule = number;
            case "--min_rule" -> minRule = number;
            case "--rule" -> {
                minRule = number;
                maxRule = number;
            }
            case "--ruleset" -> ruleset = number;
            default -> batches = number;
        }
    }
}
