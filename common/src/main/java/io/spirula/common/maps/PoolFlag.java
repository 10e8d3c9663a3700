package io.spirula.common.maps;

import java.util.ArrayList;
import java.util.List;

/** A pool's flags. Ceph: pg_pool_t::FLAG_*. */
public enum PoolFlag {
    HASHPSPOOL(0, "hashpspool"),
    FULL(1, "full"),
    EC_OVERWRITES(2, "ec_overwrites"),
    INCOMPLETE_CLONES(3, "incomplete_clones"),
    NODELETE(4, "nodelete"),
    NOPGCHANGE(5, "nopgchange"),
    NOSIZECHANGE(6, "nosizechange"),
    WRITE_FADVISE_DONTNEED(7, "write_fadvise_dontneed"),
    NOSCRUB(8, "noscrub"),
    NODEEP_SCRUB(9, "nodeep-scrub"),
    FULL_QUOTA(10, "full_quota"),
    NEARFULL(11, "nearfull"),
    BACKFILLFULL(12, "backfillfull"),
    SELFMANAGED_SNAPS(13, "selfmanaged_snaps"),
    POOL_SNAPS(14, "pool_snaps"),
    CREATING(15, "creating"),
    /** Ceph has no name for it. */
    EIO(16, "???"),
    BULK(17, "bulk");

    private final int bit;
    private final String spelling;

    PoolFlag(int bit, String spelling) {
        this.bit = bit;
        this.spelling = spelling;
    }

    public long mask() {
        return 1L << bit;
    }

    public boolean in(long flags) {
        return (flags & mask()) != 0;
    }

    /** The names of the bits that are set, joined by commas. */
    public static String names(long flags) {
        List<String> names = new ArrayList<>();
        for (PoolFlag flag : values()) {
            if (flag.in(flags)) {
                names.add(flag.spelling);
            }
        }
        return String.join(",", names);
    }

    @Override
    public String toString() {
        return spelling;
    }
}
