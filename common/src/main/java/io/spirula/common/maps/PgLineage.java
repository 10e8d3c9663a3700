package io.spirula.common.maps;

import java.util.ArrayList;
import java.util.List;

/** Which placement group of a pool comes from which when their number changes, by the groups' seeds. Ceph: pg_t's is_split, is_merge_source, is_merge_target, get_parent and get_split_bits. */
public final class PgLineage {
    private PgLineage() {}

    /** The groups that split off from {@code seed} when {@code before} groups become {@code after}, or merge into it when {@code after} become {@code before}; in ascending order. */
    public static List<Integer> children(int seed, int before, int after) {
        List<Integer> children = new ArrayList<>();
        if (before > 0 && seed < before) {
            long step = 1L << bits(seed, before);
            for (long child = seed + step; child < after; child += step) {
                if (child >= before) {
                    children.add((int) child);
                }
            }
        }
        return children;
    }

    /** Whether {@code seed} loses objects to others when {@code before} groups become {@code after}. */
    public static boolean splits(int seed, int before, int after) {
        return before < after && !children(seed, before, after).isEmpty();
    }

    /** Whether {@code seed} ends when {@code before} groups become {@code after}: its objects go to {@link #parent}. */
    public static boolean isMergeSource(int seed, int before, int after) {
        return 0 < after && after <= seed && seed < before;
    }

    /** Whether others end in {@code seed} when {@code before} groups become {@code after}. */
    public static boolean isMergeTarget(int seed, int before, int after) {
        return splits(seed, /* before= */ after, /* after= */ before);
    }

    /** The group among the first {@code count} that has, or gets, what {@code seed} has. */
    public static int parent(int seed, int count) {
        return ObjectHash.stableMod(seed, count, PgPool.mask(count));
    }

    /** How many low bits of an object's hash say that it belongs to {@code seed}, of {@code count} groups. */
    public static int bits(int seed, int count) {
        if (count <= 1) {
            return 0;
        }
        int p = 32 - Integer.numberOfLeadingZeros(count); // count is at least 2^(p-1) and below 2^p
        int low = (1 << p - 1) - 1;
        return (seed & low) < (count & low) ? p : p - 1;
    }
}
