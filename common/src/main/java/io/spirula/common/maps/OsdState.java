package io.spirula.common.maps;

import java.util.ArrayList;
import java.util.List;

/** The bits of an OSD's state in the map. Source: include/rados.h, CEPH_OSD_*. */
public final class OsdState {
    public static final int EXISTS = 1;
    public static final int UP = 1 << 1;
    /** Marked out automatically: comes back in by itself. */
    public static final int AUTOOUT = 1 << 2;
    /** Never was in. */
    public static final int NEW = 1 << 3;

    public static final int FULL = 1 << 4;
    public static final int NEARFULL = 1 << 5;
    public static final int BACKFILLFULL = 1 << 6;
    public static final int DESTROYED = 1 << 7;
    public static final int NOUP = 1 << 8;
    public static final int NODOWN = 1 << 9;
    public static final int NOIN = 1 << 10;
    public static final int NOOUT = 1 << 11;
    public static final int STOP = 1 << 12;

    private static final String[] NAMES = {
        "exists",
        "up",
        "autoout",
        "new",
        "full",
        "nearfull",
        "backfillfull",
        "destroyed",
        "noup",
        "nodown",
        "noin",
        "noout",
        "stop"
    };

    private OsdState() {}

    /** The names of the bits that are set, lowest first. */
    public static List<String> names(int state) {
        List<String> names = new ArrayList<>();
        for (int bit = 0; bit < NAMES.length; bit++) {
            if ((state & 1 << bit) != 0) {
                names.add(NAMES[bit]);
            }
        }
        return names;
    }
}
