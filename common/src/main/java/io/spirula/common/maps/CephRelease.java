package io.spirula.common.maps;

import io.spirula.common.encoding.MalformedInput;
import java.util.Locale;

/** Ceph's releases by number. Ceph: ceph_release_t. */
public enum CephRelease {
    UNKNOWN(0),
    ARGONAUT(1),
    BOBTAIL(2),
    CUTTLEFISH(3),
    DUMPLING(4),
    EMPEROR(5),
    FIREFLY(6),
    GIANT(7),
    HAMMER(8),
    INFERNALIS(9),
    JEWEL(10),
    KRAKEN(11),
    LUMINOUS(12),
    MIMIC(13),
    NAUTILUS(14),
    OCTOPUS(15),
    PACIFIC(16),
    QUINCY(17),
    REEF(18),
    SQUID(19),
    TENTACLE(20),
    /** In an incremental: stays as it is. */
    UNCHANGED(0xff);

    private final int number;

    CephRelease(int number) {
        this.number = number;
    }

    public int number() {
        return number;
    }

    public static CephRelease of(int number) {
        for (CephRelease r : values()) {
            if (r.number == number) {
                return r;
            }
        }
        throw new MalformedInput("no release " + number);
    }

    /** Throws IllegalArgumentException for what is no release's name. */
    public static CephRelease of(String name) {
        return valueOf(name.toUpperCase(Locale.ROOT));
    }

    public boolean atLeast(CephRelease other) {
        return number >= other.number;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
