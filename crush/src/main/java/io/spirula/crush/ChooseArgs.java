package io.spirula.crush;

import java.util.Collections;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/** Alternative weights and ids for choosing, by bucket: of one pool, or of all pools without their own ({@link #DEFAULT}). */
public final class ChooseArgs {
    /** The key of the set that holds for pools without a set of their own. Ceph: DEFAULT_CHOOSE_ARGS. */
    public static final long DEFAULT = -1;

    static final ChooseArgs EMPTY = new ChooseArgs(new TreeMap<>());

    /** By bucket index (-1 - id), without empty entries. */
    private final NavigableMap<Integer, ChooseArg> byIndex;

    ChooseArgs(NavigableMap<Integer, ChooseArg> byIndex) {
        this.byIndex = Collections.unmodifiableNavigableMap(byIndex);
    }

    /** By bucket index (-1 - id), ascending; never an empty one. */
    public NavigableMap<Integer, ChooseArg> byIndex() {
        return byIndex;
    }

    /** An empty one where there is none. */
    public ChooseArg of(int bucket) {
        return byIndex.getOrDefault(-1 - bucket, ChooseArg.NONE);
    }

    /** How many positions have weights of their own, inferred from the first bucket that has any. */
    public int positions() {
        for (ChooseArg arg : byIndex.values()) {
            if (arg.weightSets().length > 0) {
                return arg.weightSets().length;
            }
        }
        return 1;
    }

    ChooseArgs with(int bucket, ChooseArg arg) {
        NavigableMap<Integer, ChooseArg> copy = new TreeMap<>(byIndex);
        if (arg.isEmpty()) {
            copy.remove(-1 - bucket);
        } else {
            copy.put(-1 - bucket, arg);
        }
        return new ChooseArgs(copy);
    }

    /** With the bucket's entry, if there is one, changed. */
    ChooseArgs mapping(int bucket, UnaryOperator<ChooseArg> change) {
        ChooseArg arg = byIndex.get(-1 - bucket);
        return arg == null ? this : with(bucket, change.apply(arg));
    }
}
