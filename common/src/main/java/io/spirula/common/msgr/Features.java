package io.spirula.common.msgr;

/** The feature bits that peers tell each other. Source: include/ceph_features.h of pacific. */
public final class Features {
    /** All that pacific speaks. */
    public static final long PACIFIC = 0x3f01cfb9fffdffffL;

    /** Addresses with types and vectors of them: msgr2 does not exist without. */
    public static final long MSG_ADDR2 = 1L << 59;

    /** Clients that hold back what they are told to. The bit is used anew since jewel, whose own bit is part of it. */
    public static final long RADOS_BACKOFF = 1L << 21 | 1L << 57;

    private Features() {}
}
