package io.spirula.common.auth.caps;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A capability's text while it is being read. Every rule moves the position on where it matches and leaves it alone where it does not, so rules are tried in order and the first that matches is taken for good: the
 * grammars are Ceph's, which are of that kind (Boost.Spirit).
 */
final class CapText {
    private static final String WORD = "_./-";
    private static final String NETWORK = "/.:][";

    private final String text;
    private final String blanks;
    private int at;

    /** @param blanks the characters that separate words */
    CapText(String text, String blanks) {
        this.text = text;
        this.blanks = blanks;
    }

    int position() {
        return at;
    }

    /** True, so that it ends a chain of alternatives. */
    boolean backTo(int position) {
        at = position;
        return true;
    }

    boolean atEnd() {
        return at == text.length();
    }

    String rest() {
        return text.substring(at);
    }

    boolean literal(String expected) {
        boolean there = text.startsWith(expected, at);
        at += there ? expected.length() : 0;
        return there;
    }

    /** One blank or more. */
    boolean spaces() {
        return !run(blanks).isEmpty();
    }

    /** Blanks, or none. */
    boolean anySpaces() {
        run(blanks);
        return true;
    }

    /** As many of these characters as there are. */
    String run(String of) {
        int from = at;
        while (at < text.length() && of.indexOf(text.charAt(at)) >= 0) {
            at++;
        }
        return text.substring(from, at);
    }

    /** {@code " word"}. */
    boolean keyword(String word) {
        return all(this::spaces, () -> literal(word));
    }

    /** {@code " word "} or {@code " word="}: what introduces a value. */
    boolean introduces(String word) {
        return all(this::spaces, () -> literal(word), this::equalsOrSpaces);
    }

    boolean equalsOrSpaces() {
        return literal("=") || spaces();
    }

    /** Rules one after the other, or none of them. */
    @SafeVarargs
    final boolean all(Supplier<Boolean>... rules) {
        int start = at;
        for (Supplier<Boolean> rule : rules) {
            if (!rule.get()) {
                at = start;
                return false;
            }
        }
        return true;
    }

    /** A quoted string or a word; null where there is neither. */
    @Nullable
    String string() {
        String quoted = quoted(false);
        return quoted != null ? quoted : word();
    }

    /** The same, where quotes may enclose nothing. */
    @Nullable
    String stringOrEmpty() {
        String quoted = quoted(true);
        return quoted != null ? quoted : word();
    }

    private @Nullable String quoted(boolean mayBeEmpty) {
        if (atEnd() || text.charAt(at) != '"' && text.charAt(at) != '\'') {
            return null;
        }
        int end = text.indexOf(text.charAt(at), at + 1);
        if (end < 0 || end == at + 1 && !mayBeEmpty) {
            return null;
        }
        String inside = text.substring(at + 1, end);
        at = end + 1;
        return inside;
    }

    @Nullable
    String word() {
        return characters(WORD, 'z');
    }

    /** A file system's name. */
    @Nullable
    String nameOfFileSystem() {
        return characters("_.-", 'z');
    }

    /** {@code " network 10.0.0.0/8"}, or nothing. */
    @Nullable
    String network() {
        int start = at;
        String network = keyword("network") && spaces() ? characters(NETWORK, 'f') : null;
        if (network == null) {
            at = start;
        }
        return network;
    }

    @Nullable
    String digits() {
        int from = at;
        while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
            at++;
        }
        return at == from ? null : text.substring(from, at);
    }

    /** Digits, letters up to {@code lastLetter} and these others; null for none. */
    private @Nullable String characters(String others, char lastLetter) {
        int from = at;
        while (at < text.length()) {
            char c = text.charAt(at);
            char lower = c >= 'A' && c <= 'Z' ? (char) (c + ('a' - 'A')) : c;
            boolean good = c >= '0' && c <= '9' || lower >= 'a' && lower <= lastLetter || others.indexOf(c) >= 0;
            if (!good) {
                break;
            }
            at++;
        }
        return at == from ? null : text.substring(from, at);
    }

    @Override
    public String toString() {
        return text;
    }
}
