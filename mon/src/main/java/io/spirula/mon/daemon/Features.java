package io.spirula.mon.daemon;

/** The feature bits that this monitor has in common with pacific's. */
final class Features {
    static final long PACIFIC = 0x3f01cfbffffdffffL;

    private Features() {}
}
