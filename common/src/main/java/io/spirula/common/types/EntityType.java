package io.spirula.common.types;

import io.spirula.common.encoding.MalformedInput;

/** The kinds of parties on a Ceph network. Source: include/msgr.h, CEPH_ENTITY_TYPE_*. */
public enum EntityType {
    /** Nobody: what Ceph leaves in names that were never set, such as a client's own request id. */
    NONE(0, "unknown"),
    MON(0x01, "mon"),
    MDS(0x02, "mds"),
    OSD(0x04, "osd"),
    CLIENT(0x08, "client"),
    MGR(0x10, "mgr"),
    AUTH(0x20, "auth");

    private static final EntityType[] ALL = values();

    private final int code;
    private final String lower;

    EntityType(int code, String lower) {
        this.code = code;
        this.lower = lower;
    }

    public int code() {
        return code;
    }

    public static EntityType of(int code) {
        for (EntityType type : ALL) {
            if (type.code == code) {
                return type;
            }
        }
        throw new MalformedInput("no entity type " + code);
    }

    /** By Ceph's spelling, {@code osd}. Throws IllegalArgumentException for anything else. */
    public static EntityType of(String name) {
        for (EntityType type : ALL) {
            if (type != NONE && type.lower.equals(name)) {
                return type;
            }
        }
        throw new IllegalArgumentException("no entity type '" + name + "'");
    }

    @Override
    public String toString() {
        return lower;
    }
}
