package io.spirula.common.auth.caps;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The capabilities of file systems' clients at metadata servers: their syntax only, for there are no metadata servers here. Ceph: MDSAuthCaps. */
final class MdsCaps {
    /** The longest first, as the first that matches is taken. */
    private static final List<String> SPECS =
            List.of("*", "all", "rwfps", "rwps", "rwfp", "rwfs", "rwp", "rws", "rwf", "rw", "r");

    private MdsCaps() {}

    /** Throws CapsSyntaxException. */
    static void check(String text) {
        if (!text.equals("allow")) { // an old form that stands for everything
            Grants.parse(Grants.Dialect.MDS, text, MdsCaps::grant);
        }
    }

    /** The grant's text, of which nothing else is of interest. */
    private static @Nullable String grant(CapText in) {
        int start = in.position();
        boolean there = in.literal("allow") && in.spaces() && SPECS.stream().anyMatch(in::literal);
        if (!there) {
            in.backTo(start);
            return null;
        }
        match(in);
        in.network();
        return "allow";
    }

    /** Which files; the alternatives in Ceph's order. */
    private static void match(CapText in) {
        boolean matched = in.all(() -> fileSystem(in), () -> path(in), () -> squash(in))
                || in.all(() -> uid(in), () -> groups(in))
                || in.all(() -> path(in), () -> uid(in), () -> groups(in))
                || in.all(() -> fileSystem(in), () -> path(in))
                || in.all(() -> fileSystem(in), () -> squash(in));
        if (!matched) {
            fileSystem(in);
        }
    }

    private static boolean path(CapText in) {
        return in.all(() -> in.keyword("path"), () -> in.literal("="), () -> in.stringOrEmpty() != null);
    }

    /** May be missing, as groups may. */
    private static boolean fileSystem(CapText in) {
        in.all(() -> in.keyword("fsname"), () -> in.literal("="), () -> in.nameOfFileSystem() != null);
        return true;
    }

    private static boolean squash(CapText in) {
        return in.keyword("root_squash");
    }

    private static boolean uid(CapText in) {
        return in.all(() -> in.keyword("uid"), () -> in.literal("="), () -> number(in));
    }

    private static boolean groups(CapText in) {
        if (in.all(() -> in.keyword("gids"), () -> in.literal("="), () -> number(in))) {
            while (in.all(() -> in.literal(","), () -> number(in))) {
                // one more
            }
        }
        return true;
    }

    /** An unsigned number of 32 bits. */
    private static boolean number(CapText in) {
        int start = in.position();
        String digits = in.digits();
        boolean fits = digits != null && digits.length() <= 10 && Long.parseLong(digits) <= 0xffff_ffffL;
        if (!fits) {
            in.backTo(start);
        }
        return fits;
    }
}
