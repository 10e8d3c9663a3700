package io.spirula.common.msgr;

/** The feature bits that peers tell each other. Source: include/ceph_features.h of pacific. */
public final class Features {
    /** All that pacific speaks. */
    public static final long PACIFIC = 0x3f01cfb9fffdffffL;

    /** Addresses with types and vectors of them: msgr2 does not exist without. */
    public static final long MSG_ADDR2 = 1L << 59;

    private Features() {}
}
