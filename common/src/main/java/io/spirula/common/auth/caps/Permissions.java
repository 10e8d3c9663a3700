package io.spirula.common.auth.caps;

import org.jspecify.annotations.Nullable;

/** Reading, writing, executing, or anything at all, at monitors and managers. Ceph: mon_rwxa_t, mgr_rwxa_t. */
record Permissions(boolean read, boolean write, boolean execute, boolean any) {
    static final Permissions NONE = new Permissions(false, false, false, false);
    static final Permissions ALL = new Permissions(true, true, true, false);
    static final Permissions ANY = new Permissions(true, true, true, true);

    /** From letters of {@code rwx}. */
    static Permissions of(String letters) {
        return new Permissions(letters.indexOf('r') >= 0, letters.indexOf('w') >= 0, letters.indexOf('x') >= 0, false);
    }

    /** {@code *}, {@code all}, or letters in the order rwx; null where there is none. */
    static @Nullable Permissions read(CapText in) {
        if (in.literal("*") || in.literal("all")) {
            return ANY;
        }
        Permissions letters = new Permissions(in.literal("r"), in.literal("w"), in.literal("x"), false);
        return letters.equals(NONE) ? null : letters;
    }

    Permissions with(Permissions more) {
        return new Permissions(read || more.read, write || more.write, execute || more.execute, any || more.any);
    }

    boolean covers(Permissions wanted) {
        return (read || !wanted.read) && (write || !wanted.write) && (execute || !wanted.execute);
    }

    @Override
    public String toString() {
        return any ? "*" : (read ? "r" : "") + (write ? "w" : "") + (execute ? "x" : "");
    }
}
