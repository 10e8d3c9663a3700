package io.spirula.mon.service;

import io.spirula.common.command.Refusal;
import io.spirula.common.types.Errno;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Numbers in a command's strings, refused in Ceph's words. Source: common/strtol.cc. */
final class StrictNumbers {
    private static final Pattern WITH_UNIT = Pattern.compile("([+-]?\\d+)([A-Za-z]*)");

    private StrictNumbers() {}

    /** {@code 17}. */
    static long integer(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw refused(
                    "integer",
                    text,
                    text.matches("[+-]?\\d+")
                            ? "The option value '" + text + "' seems to be invalid"
                            : "Expected option value to be integer, got '" + text + "'");
        }
    }

    /** {@code 1.5}. */
    static double real(String text) {
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException e) {
            throw refused("floating point", text, "strict_strtod: expected double, got: '" + text + "'");
        }
    }

    /** A number of bytes: {@code 10M}, {@code 10Mi} and {@code 10485760} are the same. */
    static long bytes(String text, String what) {
        Matcher m = WITH_UNIT.matcher(text);
        String unit = m.matches() ? m.group(2) : text;
        if (unit.length() > 2
                || !m.matches() && text.replaceAll("[+-]?\\d*", "").length() > 2) {
            throw refused(what, text, "strict_iecstrtoll: illegal prefix (length > 2)");
        }
        int power = m.matches() ? "BKMGTPE".indexOf(unit.isEmpty() ? 'B' : unit.charAt(0)) : -1;
        boolean known = power >= 0 && (unit.length() < 2 || unit.charAt(1) == 'i' && power > 0);
        if (!known) {
            throw refused(what, text, "strict_iecstrtoll: unit prefix not recognized");
        }
        return scaled(m.group(1), text, what, "strict_iecstrtoll", 1024, power);
    }

    /** A count: {@code 10K} is 10000. */
    static long count(String text, String what) {
        Matcher m = WITH_UNIT.matcher(text);
        String unit = m.matches() ? m.group(2) : text;
        if (unit.length() > 1) {
            throw refused(what, text, "strict_si_cast: illegal prefix (length > 1)");
        }
        int power = m.matches() ? "BKMGTPE".indexOf(unit.isEmpty() ? 'B' : unit.charAt(0)) : -1;
        if (power < 0) {
            throw refused(what, text, "strict_si_cast: unit prefix not recognized");
        }
        return scaled(m.group(1), text, what, "strict_si_cast", 1000, power);
    }

    private static long scaled(String digits, String text, String what, String where, long base, int power) {
        try {
            long value = Long.parseLong(digits);
            if (value < 0) {
                throw refused(what, text, where + ": value should not be negative");
            }
            for (int i = 0; i < power; i++) {
                value = Math.multiplyExact(value, base);
            }
            return value;
        } catch (ArithmeticException | NumberFormatException e) {
            throw refused(what, text, where + ": value seems to be too large");
        }
    }

    private static Refusal refused(String what, String text, String why) {
        return new Refusal(
                Errno.EINVAL, "error parsing " + what + (what.isEmpty() ? "" : " ") + "value '" + text + "': " + why);
    }
}
