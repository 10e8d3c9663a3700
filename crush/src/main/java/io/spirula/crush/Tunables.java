package io.spirula.crush;

import java.util.Optional;

/**
 * The numbers that steer the placement algorithm of one map.
 *
 * @param chooseLocalTries retries in the same bucket after a collision
 * @param chooseLocalFallbackTries retries in the same bucket by permutation
 * @param chooseTotalTries retries from the top (one less than the tries)
 * @param chooseleafDescendOnce 1: a failed leaf retries from the top, not below its bucket
 * @param chooseleafVaryR how the parent's attempt number reaches the leaf's (0: not at all)
 * @param chooseleafStable 1: leaf choices of firstn do not depend on the position
 * @param strawCalcVersion how straw lengths are computed when a straw bucket changes
 * @param allowedBucketAlgs a bit (1 &lt;&lt; code) for each algorithm new buckets may have
 */
public record Tunables(
        int chooseLocalTries,
        int chooseLocalFallbackTries,
        int chooseTotalTries,
        int chooseleafDescendOnce,
        int chooseleafVaryR,
        int chooseleafStable,
        int strawCalcVersion,
        int allowedBucketAlgs) {

    static final int LEGACY_ALGS =
            BucketAlgorithm.UNIFORM.bit() | BucketAlgorithm.LIST.bit() | BucketAlgorithm.STRAW.bit();
    private static final int STRAW2_ALGS = LEGACY_ALGS | BucketAlgorithm.STRAW2.bit();

    /** Ceph's named sets of tunables. */
    public enum Profile {
        LEGACY("legacy"),
        ARGONAUT("argonaut"),
        BOBTAIL("bobtail"),
        FIREFLY("firefly"),
        HAMMER("hammer"),
        JEWEL("jewel"),
        OPTIMAL("optimal"),
        DEFAULT("default");

        private final String label;

        Profile(String label) {
            this.label = label;
        }

        public String label() {
            return label;
        }

        public static Optional<Profile> ofLabel(String label) {
            for (Profile profile : values()) {
                if (profile.label.equals(label)) {
                    return Optional.of(profile);
                }
            }
            return Optional.empty();
        }
    }

    /** What a map without any encoded tunable means. */
    public static Tunables legacy() {
        return new Tunables(2, 5, 19, 0, 0, 0, 0, LEGACY_ALGS);
    }

    /** What a new map starts with: jewel. */
    public static Tunables defaults() {
        return new Tunables(0, 0, 50, 1, 1, 1, 1, STRAW2_ALGS);
    }

    /** These tunables after choosing a profile; only legacy, optimal and default touch the straw calculation. */
    public Tunables with(Profile profile) {
        return switch (profile) {
            case LEGACY -> legacy();
            case OPTIMAL, DEFAULT -> defaults();
            case ARGONAUT -> new Tunables(2, 5, 19, 0, 0, 0, strawCalcVersion, LEGACY_ALGS);
            case BOBTAIL -> new Tunables(0, 0, 50, 1, 0, 0, strawCalcVersion, LEGACY_ALGS);
            case FIREFLY -> new Tunables(0, 0, 50, 1, 1, 0, strawCalcVersion, LEGACY_ALGS);
            case HAMMER -> new Tunables(0, 0, 50, 1, 1, 0, strawCalcVersion, STRAW2_ALGS);
            case JEWEL -> new Tunables(0, 0, 50, 1, 1, 1, strawCalcVersion, STRAW2_ALGS);
        };
    }

    /** The newest named profile these are equal to, the straw calculation aside. */
    public Optional<Profile> profile() {
        for (Profile profile :
                new Profile[] {Profile.JEWEL, Profile.HAMMER, Profile.FIREFLY, Profile.BOBTAIL, Profile.ARGONAUT}) {
            if (with(profile).equals(this)) {
                return Optional.of(profile);
            }
        }
        return Optional.empty();
    }

    /** The algorithm of a bucket that is created without naming one: the best that is allowed. */
    public Optional<BucketAlgorithm> defaultAlgorithm() {
        for (BucketAlgorithm algorithm : new BucketAlgorithm[] {
            BucketAlgorithm.STRAW2,
            BucketAlgorithm.STRAW,
            BucketAlgorithm.TREE,
            BucketAlgorithm.LIST,
            BucketAlgorithm.UNIFORM
        }) {
            if ((allowedBucketAlgs & algorithm.bit()) != 0) {
                return Optional.of(algorithm);
            }
        }
        return Optional.empty();
    }

    public Tunables withChooseLocalTries(int n) {
        return new Tunables(
                n,
                chooseLocalFallbackTries,
                chooseTotalTries,
                chooseleafDescendOnce,
                chooseleafVaryR,
                chooseleafStable,
                strawCalcVersion,
                allowedBucketAlgs);
    }

    public Tunables withChooseLocalFallbackTries(int n) {
        return new Tunables(
                chooseLocalTries,
                n,
                chooseTotalTries,
                chooseleafDescendOnce,
                chooseleafVaryR,
                chooseleafStable,
                strawCalcVersion,
                allowedBucketAlgs);
    }

    public Tunables withChooseTotalTries(int n) {
        return new Tunables(
                chooseLocalTries,
                chooseLocalFallbackTries,
                n,
                chooseleafDescendOnce,
                chooseleafVaryR,
                chooseleafStable,
                strawCalcVersion,
                allowedBucketAlgs);
    }

    public Tunables withChooseleafDescendOnce(int n) {
        return new Tunables(
                chooseLocalTries,
                chooseLocalFallbackTries,
                chooseTotalTries,
                n != 0 ? 1 : 0,
                chooseleafVaryR,
                chooseleafStable,
                strawCalcVersion,
                allowedBucketAlgs);
    }

    /** The encoded form has a byte for it. */
    public Tunables withChooseleafVaryR(int n) {
        return new Tunables(
                chooseLocalTries,
                chooseLocalFallbackTries,
                chooseTotalTries,
                chooseleafDescendOnce,
                n & 0xff,
                chooseleafStable,
                strawCalcVersion,
                allowedBucketAlgs);
    }

    /** The encoded form has a byte for it. */
    public Tunables withChooseleafStable(int n) {
        return new Tunables(
                chooseLocalTries,
                chooseLocalFallbackTries,
                chooseTotalTries,
                chooseleafDescendOnce,
                chooseleafVaryR,
                n & 0xff,
                strawCalcVersion,
                allowedBucketAlgs);
    }

    /** The encoded form has a byte for it. */
    public Tunables withStrawCalcVersion(int n) {
        return new Tunables(
                chooseLocalTries,
                chooseLocalFallbackTries,
                chooseTotalTries,
                chooseleafDescendOnce,
                chooseleafVaryR,
                chooseleafStable,
                n & 0xff,
                allowedBucketAlgs);
    }

    public Tunables withAllowedBucketAlgs(int bits) {
        return new Tunables(
                chooseLocalTries,
                chooseLocalFallbackTries,
                chooseTotalTries,
                chooseleafDescendOnce,
                chooseleafVaryR,
                chooseleafStable,
                strawCalcVersion,
                bits);
    }
}
