package io.spirula.crush;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The scratch memory of one thread's mappings, and the machine that carries out a rule's steps in it. From
 * {@link CrushMapper#newWorkspace}; not thread-safe.
 */
public final class Workspace {
    /** Ceph: CRUSH_ITEM_UNDEF. */
    private static final int UNDEFINED = 0x7ffffffe;

    private static final int NO_ITEM = CrushMapper.NONE;
    private static final int UNIFORM = BucketAlgorithm.UNIFORM.code();

    private final FlatMap flat;
    private final BucketChooser chooser;
    private int[] taken = new int[16];
    private int[] chosen = new int[16];
    private int[] leaves = new int[16];
    private int @Nullable [] triesHistogram;

    private int x;
    private int[] weights = new int[0];

    // What the steps of the running rule have set.
    private int tries;
    private int leafTries;
    private int localRetries;
    private int localFallbackRetries;
    private int varyR;
    private int stable;

    Workspace(FlatMap flat) {
        this.flat = flat;
        this.chooser = new BucketChooser(flat);
    }

    FlatMap flat() {
        return flat;
    }

    /** From now on counts how many retries each choice took. */
    public void startTriesHistogram() {
        triesHistogram = new int[flat.tunables.chooseTotalTries() + 1];
    }

    /** By number of retries, how many choices took them; empty if it was not started. The last entry is Ceph's own, it shows one less. */
    public int[] triesHistogram() {
        return triesHistogram == null ? new int[0] : triesHistogram.clone();
    }

    int run(int ruleNumber, int x, int size, int[] result, int[] weights, FlatMap.Straws[] straws) {
        if (ruleNumber < 0 || ruleNumber >= flat.rules.length || size <= 0) {
            return 0;
        }
        start(x, size, weights, straws);
        int takenCount = 0;
        int resultLength = 0;
        for (RuleStep step : flat.rules[ruleNumber]) {
            switch (step.op()) {
                case RuleStep.TAKE -> {
                    if (isTakeable(step.arg1())) {
                        taken[0] = step.arg1();
                        takenCount = 1;
                    }
                }
                case RuleStep.CHOOSE_FIRSTN,
                        RuleStep.CHOOSELEAF_FIRSTN,
                        RuleStep.CHOOSE_INDEP,
                        RuleStep.CHOOSELEAF_INDEP -> {
                    if (takenCount > 0) {
                        takenCount = choose(step, takenCount, size);
                    }
                }
                case RuleStep.EMIT -> {
                    int emitted = Math.min(takenCount, size - resultLength);
                    System.arraycopy(taken, 0, result, resultLength, emitted);
                    resultLength += emitted;
                    takenCount = 0;
                }
                default -> set(step);
            }
        }
        return resultLength;
    }

    private void start(int x, int size, int[] weights, FlatMap.Straws[] straws) {
        if (taken.length < size) {
            taken = new int[size];
            chosen = new int[size];
            leaves = new int[size];
        }
        this.x = x;
        this.weights = weights;
        chooser.start(x, straws);
        Tunables t = flat.tunables;
        // choose_total_tries counts the retries, not the tries.
        tries = t.chooseTotalTries() + 1;
        leafTries = 0;
        localRetries = t.chooseLocalTries();
        localFallbackRetries = t.chooseLocalFallbackTries();
        varyR = t.chooseleafVaryR();
        stable = t.chooseleafStable();
    }

    private boolean isTakeable(int item) {
        if (item >= 0) {
            return item < flat.maxDevices;
        }
        int b = -1 - item;
        return b < flat.bucketCount && flat.algorithm[b] != FlatMap.ABSENT;
    }

    private void set(RuleStep step) {
        int value = step.arg1();
        switch (step.op()) {
            case RuleStep.SET_CHOOSE_TRIES -> tries = value > 0 ? value : tries;
            case RuleStep.SET_CHOOSELEAF_TRIES -> leafTries = value > 0 ? value : leafTries;
            case RuleStep.SET_CHOOSE_LOCAL_TRIES -> localRetries = value >= 0 ? value : localRetries;
            case RuleStep.SET_CHOOSE_LOCAL_FALLBACK_TRIES ->
                localFallbackRetries = value >= 0 ? value : localFallbackRetries;
            case RuleStep.SET_CHOOSELEAF_VARY_R -> varyR = value >= 0 ? value : varyR;
            case RuleStep.SET_CHOOSELEAF_STABLE -> stable = value >= 0 ? value : stable;
            default -> {
                // Ceph skips what it does not know.
            }
        }
    }

    /** Replaces what was taken by what is chosen below each of it. */
    private int choose(RuleStep step, int takenCount, int size) {
        boolean firstn = step.op() == RuleStep.CHOOSE_FIRSTN || step.op() == RuleStep.CHOOSELEAF_FIRSTN;
        boolean toLeaf = step.op() == RuleStep.CHOOSELEAF_FIRSTN || step.op() == RuleStep.CHOOSELEAF_INDEP;
        int count = 0;
        for (int i = 0; i < takenCount; i++) {
            int wanted = step.arg1() > 0 ? step.arg1() : step.arg1() + size;
            int b = -1 - taken[i];
            if (wanted <= 0 || b < 0 || b >= flat.bucketCount || flat.algorithm[b] == FlatMap.ABSENT) {
                continue;
            }
            int room = size - count;
            if (firstn) {
                int recurseTries;
                if (leafTries != 0) {
                    recurseTries = leafTries;
                } else {
                    recurseTries = flat.tunables.chooseleafDescendOnce() != 0 ? 1 : tries;
                }
                count += firstn(
                        b, wanted, step.arg2(), chosen, count, 0, room, tries, recurseTries, toLeaf ? leaves : null, 0);
            } else {
                int outSize = Math.min(wanted, room);
                indep(
                        b,
                        outSize,
                        wanted,
                        step.arg2(),
                        chosen,
                        count,
                        tries,
                        leafTries != 0 ? leafTries : 1,
                        toLeaf ? leaves : null,
                        0,
                        0);
                count += outSize;
            }
        }
        if (toLeaf) {
            System.arraycopy(leaves, 0, chosen, 0, count);
        }
        int[] swap = chosen;
        chosen = taken;
        taken = swap;
        return count;
    }

    private boolean isOut(int device) {
        if (device >= weights.length) {
            return true;
        }
        int weight = weights[device];
        if (Integer.compareUnsigned(weight, 0x10000) >= 0) {
            return false;
        }
        return weight == 0 || (CrushHash.hash(x, device) & 0xffff) >= weight;
    }

    /** The type of what was chosen; -1 if there is no such bucket. */
    private int typeOf(int item) {
        if (item >= 0) {
            return 0;
        }
        int b = -1 - item;
        return b < flat.bucketCount && flat.algorithm[b] != FlatMap.ABSENT ? flat.type[b] : -1;
    }

    /**
     * Depth first: the n-th choice falls back to what the next would have been.
     *
     * @param base where this choice's output begins in out (and leafOut)
     * @param outpos how many of it there are already
     * @param count how many more fit
     * @param leafOut for chooseleaf the devices below each item, otherwise null
     * @return how many there are in the end
     */
    private int firstn(
            int bucket,
            int wanted,
            int type,
            int[] out,
            int base,
            int outpos,
            int count,
            int tries,
            int recurseTries,
            int @Nullable [] leafOut,
            int parentR) {
        for (int rep = stable != 0 ? 0 : outpos; rep < wanted && count > 0; rep++) {
            int failures = 0;
            int localFailures = 0;
            int in = bucket;
            int descents = 0;
            int item;
            while (true) {
                int r = rep + parentR + failures;
                boolean collide = false;
                boolean reject;
                int size = flat.size[in];
                if (size == 0) {
                    reject = true;
                    item = NO_ITEM;
                } else {
                    if (localFallbackRetries > 0
                            && Integer.compareUnsigned(localFailures, size >> 1) >= 0
                            && Integer.compareUnsigned(localFailures, localFallbackRetries) > 0) {
                        item = chooser.permuted(in, r);
                    } else {
                        item = chooser.choose(in, r, outpos);
                    }
                    int itemType = item >= flat.maxDevices ? -1 : typeOf(item);
                    if (itemType != type || itemType < 0) {
                        if (item >= 0 || itemType < 0 || ++descents > flat.bucketCount) {
                            item = NO_ITEM;
                            break;
                        }
                        in = -1 - item;
                        continue;
                    }
                    for (int i = 0; i < outpos; i++) {
                        if (out[base + i] == item) {
                            collide = true;
                            break;
                        }
                    }
                    reject = !collide
                            && (!leafFound(item, leafOut, base, outpos, count, recurseTries, r)
                                    || (itemType == 0 && isOut(item)));
                }
                if (!reject && !collide) {
                    break;
                }
                failures++;
                localFailures++;
                if (collide && Integer.compareUnsigned(localFailures, localRetries) <= 0) {
                    continue;
                }
                if (localFallbackRetries > 0
                        && Integer.compareUnsigned(localFailures, size + localFallbackRetries) <= 0) {
                    continue;
                }
                if (Integer.compareUnsigned(failures, tries) >= 0) {
                    item = NO_ITEM;
                    break;
                }
                in = bucket;
                localFailures = 0;
                descents = 0;
            }
            if (item == NO_ITEM) {
                continue;
            }
            out[base + outpos] = item;
            outpos++;
            count--;
            countTries(failures);
        }
        return outpos;
    }

    /** For chooseleaf: whether there is a device below the item that was chosen; it is put beside it. */
    private boolean leafFound(
            int item, int @Nullable [] leafOut, int base, int outpos, int count, int recurseTries, int r) {
        if (leafOut == null) {
            return true;
        }
        if (item >= 0) {
            leafOut[base + outpos] = item;
            return true;
        }
        int subR = varyR != 0 ? r >> (varyR - 1) : 0;
        int wanted = stable != 0 ? 1 : outpos + 1;
        return firstn(-1 - item, wanted, 0, leafOut, base, outpos, count, recurseTries, 0, null, subR) > outpos;
    }

    /**
     * Breadth first: each position retries on its own, so that a lost device leaves the others where they are.
     *
     * @param left how many positions to fill
     * @param wanted how many the rule asked for
     * @param base where this choice's output begins in out (and leafOut)
     * @param position the first position, counted from base
     */
    private void indep(
            int bucket,
            int left,
            int wanted,
            int type,
            int[] out,
            int base,
            int tries,
            int recurseTries,
            int @Nullable [] leafOut,
            int parentR,
            int position) {
        int from = base + position;
        int to = from + left;
        Arrays.fill(out, from, to, UNDEFINED);
        if (leafOut != null) {
            Arrays.fill(leafOut, from, to, UNDEFINED);
        }
        int failures;
        for (failures = 0; left > 0 && Integer.compareUnsigned(failures, tries) < 0; failures++) {
            for (int at = from; at < to; at++) {
                if (out[at] != UNDEFINED) {
                    continue;
                }
                int rep = at - base;
                if (tryPosition(
                        bucket,
                        wanted,
                        type,
                        out,
                        from,
                        to,
                        at,
                        rep,
                        position,
                        recurseTries,
                        leafOut,
                        parentR,
                        failures)) {
                    left--;
                }
            }
        }
        for (int at = from; at < to; at++) {
            if (out[at] == UNDEFINED) {
                out[at] = CrushMapper.NONE;
            }
            if (leafOut != null && leafOut[at] == UNDEFINED) {
                leafOut[at] = CrushMapper.NONE;
            }
        }
        countTries(failures);
    }

    /** One descent for one position; true if that settled it, for good or for nothing. */
    private boolean tryPosition(
            int bucket,
            int wanted,
            int type,
            int[] out,
            int from,
            int to,
            int at,
            int rep,
            int position,
            int recurseTries,
            int @Nullable [] leafOut,
            int parentR,
            int failures) {
        int in = bucket;
        for (int descents = 0; ; descents++) {
            int size = flat.size[in];
            if (size == 0) {
                return false;
            }
            // A uniform bucket whose size is a multiple of the count would try the same items again and again.
            boolean multiple = flat.algorithm[in] == UNIFORM && Integer.remainderUnsigned(size, wanted) == 0;
            int r = rep + parentR + (multiple ? wanted + 1 : wanted) * failures;
            int item = chooser.choose(in, r, position);
            int itemType = item >= flat.maxDevices ? -1 : typeOf(item);
            if (itemType != type || itemType < 0) {
                if (item >= 0 || itemType < 0 || descents >= flat.bucketCount) {
                    out[at] = CrushMapper.NONE;
                    if (leafOut != null) {
                        leafOut[at] = CrushMapper.NONE;
                    }
                    return true;
                }
                in = -1 - item;
                continue;
            }
            for (int i = from; i < to; i++) {
                if (out[i] == item) {
                    return false;
                }
            }
            if (leafOut != null) {
                if (item < 0) {
                    indep(-1 - item, 1, wanted, 0, leafOut, at - rep, recurseTries, 0, null, r, rep);
                    if (leafOut[at] == CrushMapper.NONE) {
                        return false;
                    }
                } else {
                    leafOut[at] = item;
                }
            }
            if (itemType == 0 && isOut(item)) {
                return false;
            }
            out[at] = item;
            return true;
        }
    }

    private void countTries(int failures) {
        if (triesHistogram != null && failures < triesHistogram.length) {
            triesHistogram[failures]++;
        }
    }
}
