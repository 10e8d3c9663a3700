package io.spirula.common.maps;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The flags of a whole OSD map, in the order in which Ceph names them. Source: include/rados.h, CEPH_OSDMAP_*. */
public enum OsdMapFlag {
    NEARFULL(0),
    FULL(1),
    PAUSERD(2),
    PAUSEWR(3),
    PAUSEREC(4),
    NOUP(5),
    NODOWN(6),
    NOOUT(7),
    NOIN(8),
    NOBACKFILL(9),
    NOREBALANCE(14),
    NORECOVER(10),
    NOSCRUB(11),
    NODEEP_SCRUB(12, "nodeep-scrub"),
    NOTIERAGENT(13),
    NOSNAPTRIM(21),
    SORTBITWISE(15),
    REQUIRE_JEWEL(16, "require_jewel_osds"),
    REQUIRE_KRAKEN(17, "require_kraken_osds"),
    REQUIRE_LUMINOUS(18, "require_luminous_osds"),
    RECOVERY_DELETES(19),
    PURGED_SNAPDIRS(20),
    PGLOG_HARDLIMIT(22);

    /** What {@link OsdMap#requireOsdRelease} replaced. */
    static final int LEGACY_REQUIRE = REQUIRE_JEWEL.mask() | REQUIRE_KRAKEN.mask() | REQUIRE_LUMINOUS.mask();

    private final int bit;
    private final String spelling;

    OsdMapFlag(int bit) {
        this.bit = bit;
        this.spelling = name().toLowerCase(java.util.Locale.ROOT);
    }

    OsdMapFlag(int bit, String spelling) {
        this.bit = bit;
        this.spelling = spelling;
    }

    public int mask() {
        return 1 << bit;
    }

    public boolean in(int flags) {
        return (flags & mask()) != 0;
    }

    /** By Ceph's spelling, {@code nodeep-scrub}; null for anything else. */
    public static @Nullable OsdMapFlag of(String spelling) {
        for (OsdMapFlag flag : values()) {
            if (flag.spelling.equals(spelling)) {
                return flag;
            }
        }
        return null;
    }

    /** Those that are set, in Ceph's order. */
    public static List<String> names(int flags) {
        List<String> names = new ArrayList<>();
        for (OsdMapFlag flag : values()) {
            if (flag.in(flags) && flag != NEARFULL && flag != FULL) { // pools have these now
                names.add(flag.spelling);
            }
        }
        return names;
    }

    @Override
    public String toString() {
        return spelling;
    }
}
