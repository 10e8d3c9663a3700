package io.spirula.common.auth.caps;

import org.jspecify.annotations.Nullable;

/** What may be done to objects: reading, writing, and calling class methods that read or write. Ceph: osd_rwxa_t. */
record OsdPermissions(boolean read, boolean write, boolean classRead, boolean classWrite, boolean any) {
    static final OsdPermissions NONE = new OsdPermissions(false, false, false, false, false);
    static final OsdPermissions ANY = new OsdPermissions(true, true, true, true, true);
    static final OsdPermissions READ = new OsdPermissions(true, false, false, false, false);
    static final OsdPermissions READ_WRITE = new OsdPermissions(true, true, false, false, false);
    static final OsdPermissions CLASS_READ = new OsdPermissions(false, false, true, false, false);
    static final OsdPermissions READ_CLASS_READ = new OsdPermissions(true, false, true, false, false);
    static final OsdPermissions RWX = new OsdPermissions(true, true, true, true, false);

    /** {@code " *"}, or {@code " rwx"} and after it {@code " class-read"}, {@code " class-write"}, any of which may be missing; null where all are. */
    static @Nullable OsdPermissions parse(CapText in) {
        if (in.all(in::spaces, () -> wildcard(in))) {
            return ANY;
        }
        int start = in.position();
        boolean letters = in.spaces();
        boolean r = letters && in.literal("r");
        boolean w = letters && in.literal("w");
        boolean x = letters && in.literal("x");
        if (!r && !w && !x) {
            in.backTo(start);
        }
        boolean classRead = in.keyword("class-read");
        boolean classWrite = in.keyword("class-write");
        OsdPermissions all = new OsdPermissions(r, w, x || classRead, x || classWrite, false);
        return all.equals(NONE) ? null : all;
    }

    static boolean wildcard(CapText in) {
        return in.literal("*") || in.literal("all");
    }

    @Override
    public String toString() {
        if (any) {
            return "*";
        }
        String letters = (read ? "r" : "") + (write ? "w" : "");
        return classRead && classWrite
                ? letters + "x"
                : letters + (classRead ? " class-read" : "") + (classWrite ? " class-write" : "");
    }
}
