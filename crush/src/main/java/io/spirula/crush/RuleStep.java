package io.spirula.crush;

/**
 * One instruction of a rule. Unknown operations are kept as they are (the mapper ignores them, as Ceph does).
 *
 * @param op one of the constants here
 * @param arg1 an item (take), a count (choose) or a value (set)
 * @param arg2 a bucket type (choose), otherwise 0
 */
public record RuleStep(int op, int arg1, int arg2) {
    public static final int NOOP = 0;
    public static final int TAKE = 1;
    public static final int CHOOSE_FIRSTN = 2;
    public static final int CHOOSE_INDEP = 3;
    public static final int EMIT = 4;
    public static final int CHOOSELEAF_FIRSTN = 6;
    public static final int CHOOSELEAF_INDEP = 7;
    public static final int SET_CHOOSE_TRIES = 8;
    public static final int SET_CHOOSELEAF_TRIES = 9;
    public static final int SET_CHOOSE_LOCAL_TRIES = 10;
    public static final int SET_CHOOSE_LOCAL_FALLBACK_TRIES = 11;
    public static final int SET_CHOOSELEAF_VARY_R = 12;
    public static final int SET_CHOOSELEAF_STABLE = 13;

    public static RuleStep take(int item) {
        return new RuleStep(TAKE, item, 0);
    }

    public static RuleStep emit() {
        return new RuleStep(EMIT, 0, 0);
    }

    public static RuleStep set(int op, int value) {
        return new RuleStep(op, value, 0);
    }

    /** @param count how many; 0 or less: that many fewer than the pool's size */
    public static RuleStep choose(int op, int count, int type) {
        return new RuleStep(op, count, type);
    }
}
