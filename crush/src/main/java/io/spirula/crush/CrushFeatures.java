package io.spirula.crush;

/** Which Ceph feature bits a map needs of those who use it, and which change its encoding. Ceph: src/include/ceph_features.h. */
public final class CrushFeatures {
    static final long INCARNATION_2 = 1L << 57;
    static final long SERVER_LUMINOUS = (1L << 21) | INCARNATION_2;
    static final long TUNABLES5 = 1L << 58;
    static final long ALL = -1L;

    private CrushFeatures() {}

    static boolean has(long features, long mask) {
        return (features & mask) == mask;
    }

    /** Whether the map uses rule steps of bobtail's successors: indep, or the number of tries. */
    public static boolean hasV2Rules(CrushContent map) {
        return anyRule(
                map,
                RuleStep.CHOOSE_INDEP,
                RuleStep.CHOOSELEAF_INDEP,
                RuleStep.SET_CHOOSE_TRIES,
                RuleStep.SET_CHOOSELEAF_TRIES);
    }

    public static boolean hasV3Rules(CrushContent map) {
        return anyRule(map, RuleStep.SET_CHOOSELEAF_VARY_R);
    }

    /** Whether the map has straw2 buckets. */
    public static boolean hasV4Buckets(CrushContent map) {
        return map.buckets().stream().anyMatch(b -> b.algorithm() == BucketAlgorithm.STRAW2);
    }

    public static boolean hasV5Rules(CrushContent map) {
        return anyRule(map, RuleStep.SET_CHOOSELEAF_STABLE);
    }

    private static boolean anyRule(CrushContent map, int... ops) {
        return map.rules.stream().anyMatch(r -> r != null && r.hasStep(ops));
    }

    public static boolean hasNondefaultTunables(Tunables t) {
        return t.chooseLocalTries() != 2 || t.chooseLocalFallbackTries() != 5 || t.chooseTotalTries() != 19;
    }

    public static boolean hasNondefaultTunables2(Tunables t) {
        return t.chooseleafDescendOnce() != 0;
    }

    public static boolean hasNondefaultTunables3(Tunables t) {
        return t.chooseleafVaryR() != 0;
    }

    public static boolean hasNondefaultTunables5(Tunables t) {
        return t.chooseleafStable() != 0;
    }

    /** The oldest release whose clients understand the map. */
    public static String minimumRequiredVersion(CrushContent map) {
        Tunables t = map.tunables();
        if (hasV5Rules(map) || hasNondefaultTunables5(t)) {
            return "jewel";
        }
        if (hasV4Buckets(map)) {
            return "hammer";
        }
        if (hasNondefaultTunables3(t)) {
            return "firefly";
        }
        return hasNondefaultTunables2(t) || hasNondefaultTunables(t) ? "bobtail" : "argonaut";
    }
}
