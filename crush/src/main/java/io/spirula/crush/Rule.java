package io.spirula.crush;

import java.util.List;

/**
 * A recipe that turns an input number into a list of devices.
 *
 * @param ruleset the number pools name the rule by; equal to its position but in maps of very old clusters (0..255)
 * @param type {@link #REPLICATED} or {@link #ERASURE} (0..255)
 * @param minSize the smallest pool size it is meant for (0..255)
 * @param maxSize the largest pool size it is meant for (0..255)
 */
public record Rule(int ruleset, int type, int minSize, int maxSize, List<RuleStep> steps) {
    public static final int REPLICATED = 1;
    public static final int ERASURE = 3;

    public Rule {
        steps = List.copyOf(steps);
        ruleset &= 0xff;
        type &= 0xff;
        minSize &= 0xff;
        maxSize &= 0xff;
    }

    /** Whether some step starts at this item. */
    public boolean takes(int item) {
        return steps.stream().anyMatch(s -> s.op() == RuleStep.TAKE && s.arg1() == item);
    }

    boolean hasStep(int... ops) {
        for (RuleStep step : steps) {
            for (int op : ops) {
                if (step.op() == op) {
                    return true;
                }
            }
        }
        return false;
    }
}
