package io.spirula.crush;

import java.util.Arrays;
import java.util.Optional;

/** How a bucket chooses among its items. Ceph: CRUSH_BUCKET_*. */
public enum BucketAlgorithm {
    /** Equal weights; a pseudo-random permutation of the items. */
    UNIFORM(1, "uniform"),
    /** A linked list of weights; cheap to append to. */
    LIST(2, "list"),
    /** A binary tree of weights. */
    TREE(3, "tree"),
    /** Scaled straws, of a length that depends on all weights of the bucket. */
    STRAW(4, "straw"),
    /** Straws whose length depends on the item's own weight alone. */
    STRAW2(5, "straw2");

    private final int code;
    private final String label;

    BucketAlgorithm(int code, String label) {
        this.code = code;
        this.label = label;
    }

    /** The number in the encoded map. */
    public int code() {
        return code;
    }

    /** The word in the text form. */
    public String label() {
        return label;
    }

    /** This algorithm's bit in {@link Tunables#allowedBucketAlgs}. */
    int bit() {
        return 1 << code;
    }

    public static Optional<BucketAlgorithm> ofCode(int code) {
        return Arrays.stream(values()).filter(a -> a.code == code).findFirst();
    }

    public static Optional<BucketAlgorithm> ofLabel(String label) {
        return Arrays.stream(values()).filter(a -> a.label.equals(label)).findFirst();
    }
}
