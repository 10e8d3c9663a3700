package io.spirula.common.maps;

/** Which feature bits tell the clients of one release from those of the one before. Source: ceph_release_features and ceph_release_from_features of common/ceph_releases and include/ceph_features.h. */
public final class ReleaseFeatures {
    private static final long CRUSH_TUNABLES = 1L << 18;
    private static final long CRUSH_TUNABLES2 = 1L << 25;
    private static final long OSDHASHPSPOOL = 1L << 30;
    private static final long OSD_CACHEPOOL = 1L << 35;
    /** Shared by CRUSH_TUNABLES3 and OSD_PRIMARY_AFFINITY. */
    private static final long FIREFLY = 1L << 41;

    private static final long CRUSH_V4 = 1L << 48;
    private static final long CRUSH_TUNABLES5 = 1L << 58;
    private static final long MSG_ADDR2 = 1L << 59;
    /** The bit of CRUSH_CHOOSE_ARGS, in the incarnation that began with jewel. */
    private static final long SERVER_LUMINOUS = 1L << 21 | 1L << 57;

    private ReleaseFeatures() {}

    /** What a client of the release has at least, as far as maps ask for it. Nothing came after luminous. */
    public static long of(CephRelease release) {
        long bits = CRUSH_TUNABLES;
        bits |= release.atLeast(CephRelease.DUMPLING) ? CRUSH_TUNABLES2 | OSDHASHPSPOOL : 0;
        bits |= release.atLeast(CephRelease.FIREFLY) ? FIREFLY | OSD_CACHEPOOL : 0;
        bits |= release.atLeast(CephRelease.HAMMER) ? CRUSH_V4 : 0;
        bits |= release.atLeast(CephRelease.JEWEL) ? CRUSH_TUNABLES5 : 0;
        bits |= release.atLeast(CephRelease.KRAKEN) ? MSG_ADDR2 : 0;
        bits |= release.atLeast(CephRelease.LUMINOUS) ? SERVER_LUMINOUS : 0;
        return bits;
    }

    /** The oldest release whose clients look like one with these bits. */
    public static CephRelease looksLike(long features) {
        CephRelease like = CephRelease.UNKNOWN;
        for (int number = CephRelease.ARGONAUT.number(); number <= CephRelease.PACIFIC.number(); number++) {
            CephRelease release = CephRelease.of(number);
            if ((of(release) & ~features) != 0) {
                break;
            }
            if (like == CephRelease.UNKNOWN || of(release) != of(like)) {
                like = release;
            }
        }
        return like;
    }
}
