package io.spirula.common.config;

/** The lexical rules within one line of a ceph.conf. */
final class ConfLine {
    private ConfLine() {}

    /** The line up to a {@code #} or {@code ;} that stands neither in quotes nor behind a backslash. */
    static String withoutComment(String line) {
        char quote = 0;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c == '\\') {
                i++;
            } else if (quote != 0) {
                quote = c == quote ? 0 : quote;
            } else if ((c == '"' || c == '\'') && beginsValue(line, i)) {
                quote = c;
            } else if (c == '#' || c == ';') {
                return line.substring(0, i);
            }
        }
        return line;
    }

    /** A quote opens a quoted value only right behind the equals sign: elsewhere it is a character like any other. */
    private static boolean beginsValue(String line, int at) {
        int equals = line.indexOf('=');
        return equals >= 0 && equals < at && line.substring(equals + 1, at).isBlank();
    }

    static String unquote(String value) {
        if (value.length() >= 2) {
            char first = value.charAt(0);
            if ((first == '"' || first == '\'') && value.charAt(value.length() - 1) == first) {
                return unescape(value.substring(1, value.length() - 1));
            }
        }
        return unescape(value);
    }

    private static String unescape(String value) {
        if (value.indexOf('\\') < 0) {
            return value;
        }
        StringBuilder out = new StringBuilder(value.length());
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '\\' && i + 1 < value.length()) {
                out.append(value.charAt(++i));
            } else {
                out.append(c);
            }
        }
        return out.toString();
    }
}
