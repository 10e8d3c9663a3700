package io.spirula.common.auth.caps;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What the four grammars have in common: grants one behind the other, and what is said of a text that is none. */
final class Grants {
    private Grants() {}

    /** How a grammar reads its blanks and separators, and what it calls itself. */
    enum Dialect {
        MON("mon", " \n\t", " ", false),
        MGR("mgr", " \n\t", " ", false),
        MDS("mds", " \n\t", " ", true),
        OSD("osd", " \n\t\r\f\u000b", "", true);

        private final String label;
        private final String blanks;
        private final String aroundSeparator;
        /** Whether blanks around the whole text are skipped before the grammar sees it. */
        private final boolean skipsBlanks;

        Dialect(String label, String blanks, String aroundSeparator, boolean skipsBlanks) {
            this.label = label;
            this.blanks = blanks;
            this.aroundSeparator = aroundSeparator;
            this.skipsBlanks = skipsBlanks;
        }
    }

    private static final String ALL_BLANKS = " \n\t\r\f\u000b";

    /**
     * Reads a whole text.
     *
     * @param grant reads one grant; null, with the position where it was, where there is none
     */
    static <G> List<G> parse(Dialect dialect, String text, Function<CapText, @Nullable G> grant) {
        CapText in = new CapText(text, dialect.blanks);
        if (dialect.skipsBlanks) {
            in.run(ALL_BLANKS);
        }
        List<G> grants = new ArrayList<>();
        int end = in.position();
        for (G next = grant.apply(in); next != null; next = separator(in, dialect) ? grant.apply(in) : null) {
            grants.add(next);
            end = in.position();
        }
        in.backTo(end);
        if (dialect.skipsBlanks && !grants.isEmpty()) {
            in.run(ALL_BLANKS);
        }
        if (grants.isEmpty() || !in.atEnd()) {
            boolean namesEnd = in.atEnd() && !dialect.skipsBlanks;
            throw new CapsSyntaxException(dialect.label + " capability parse failed, stopped at "
                    + (namesEnd ? "end" : "'" + in.rest() + "'") + " of '" + text + "'");
        }
        return List.copyOf(grants);
    }

    private static boolean separator(CapText in, Dialect dialect) {
        in.run(dialect.aroundSeparator);
        boolean there = in.literal(";") || in.literal(",");
        in.run(there ? dialect.aroundSeparator : "");
        return there;
    }

    /** A text as Ceph prints it: in quotes where it is more than a word. */
    static String quoted(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean plain =
                    c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-' || c == '_';
            if (!plain) {
                return '"' + text + '"';
            }
        }
        return text;
    }
}
