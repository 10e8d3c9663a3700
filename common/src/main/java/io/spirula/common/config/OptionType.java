package io.spirula.common.config;

import io.spirula.common.command.Json;
import io.spirula.common.types.EntityAddr;
import io.spirula.common.types.Errno;
import io.spirula.common.types.Uuid;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What kind of value an option takes, how people write it and how it is kept. The rules and what is said of a bad value follow Ceph's common/options.cc, common/strtol.cc and common/ceph_time.cc. */
public enum OptionType {
    STR("str") {
        @Override
        String parse(String text) {
            return text;
        }
    },
    BOOL("bool") {
        @Override
        String parse(String text) {
            String word = text.toLowerCase(Locale.ROOT);
            return word.equals("true") || word.equals("false")
                    ? word
                    : Boolean.toString(whole(text).signum() != 0);
        }
    },
    INT("int") {
        @Override
        String parse(String text) {
            return si(text).toString();
        }
    },
    UINT("uint") {
        @Override
        String parse(String text) {
            return positive("strict_sistrtoll", si(text)).toString();
        }
    },
    FLOAT("float") {
        @Override
        String parse(String text) {
            return real(text);
        }
    },
    SIZE("size") {
        @Override
        String parse(String text) {
            return positive("strict_iecstrtoll", iec(text)).toString();
        }
    },
    SECS("secs") {
        @Override
        String parse(String text) {
            return span(text);
        }
    },
    MILLISECS("millisecs") {
        @Override
        String parse(String text) {
            if (!text.matches("[+-]?\\d{1,19}")) {
                throw new InvalidValue("bad lexical cast: source type value could not be interpreted as target");
            }
            return new BigInteger(text).mod(BigInteger.ONE.shiftLeft(64)).toString();
        }
    },
    ADDR("addr") {
        @Override
        String parse(String text) {
            return address(text);
        }
    },
    ADDRVEC("addrvec") {
        @Override
        String parse(String text) {
            String bare = text.startsWith("[") && text.endsWith("]") ? text.substring(1, text.length() - 1) : text;
            for (String one : bare.split(",", -1)) {
                address(one);
            }
            return text.startsWith("[") ? text : address(text);
        }
    },
    UUID("uuid") {
        @Override
        String parse(String text) {
            try {
                return Uuid.parse(text).toString();
            } catch (IllegalArgumentException e) {
                throw new InvalidValue("");
            }
        }
    },
    /** How much a subsystem logs: {@code 1/5}, one number for both. A string to whom it is described. */
    LEVELS("str") {
        @Override
        String parse(String text) {
            Matcher m = LEVEL.matcher(text);
            if (!m.find()) {
                throw new InvalidValue("value must take the form N or N/M, where N and M are integers");
            }
            long log = Long.parseLong(m.group(1));
            long gather = m.group(2) == null ? log : Long.parseLong(m.group(2));
            if (log < 0 || log > 99 || gather < 0 || gather > 99) {
                throw new InvalidValue(Errno.ERANGE, "value must be in range [0, 99]");
            }
            return log + "/" + gather;
        }
    };

    private static final Pattern LEVEL = Pattern.compile("^\\s*([+-]?\\d{1,9})(?:/\\s*([+-]?\\d{1,9}))?");
    private static final Pattern NUMBER_AND_REST = Pattern.compile("([\\d+-]*)(.*)", Pattern.DOTALL);
    private static final String SI = "KMGTPE";

    private final String label;

    OptionType(String label) {
        this.label = label;
    }

    /** Ceph's name of the type. */
    public String label() {
        return label;
    }

    /** The value as it is kept. Throws InvalidValue. */
    abstract String parse(String text);

    /** The value as it is kept. Throws InvalidValue. */
    public String normalized(String text) {
        return parse(text);
    }

    /** A kept value as JSON has it: numbers as numbers, sizes and spans as strings. */
    public Object json(String value) {
        return switch (this) {
            case BOOL -> value.equals("true");
            case INT, UINT -> Json.raw(value);
            case FLOAT -> Double.valueOf(value);
            case STR, SIZE, SECS, MILLISECS, ADDR, ADDRVEC, UUID, LEVELS -> value;
        };
    }

    boolean isNumber() {
        return switch (this) {
            case BOOL, INT, UINT, FLOAT, SIZE, SECS, MILLISECS -> true;
            case STR, ADDR, ADDRVEC, UUID, LEVELS -> false;
        };
    }

    private static BigInteger whole(String text) {
        String digits = text.stripLeading();
        if (!digits.matches("[+-]?\\d+")) {
            throw new InvalidValue("Expected option value to be integer, got '" + text + "'");
        }
        BigInteger value = new BigInteger(digits);
        if (value.bitLength() > 63) {
            throw new InvalidValue("The option value '" + text + "' seems to be invalid");
        }
        return value;
    }

    private static BigInteger positive(String parser, BigInteger value) {
        if (value.signum() < 0) {
            throw new InvalidValue(parser + ": value should not be negative");
        }
        return value;
    }

    private static BigInteger inRange(String parser, BigInteger value) {
        if (value.bitLength() > 63) {
            throw new InvalidValue(parser + ": value seems to be too " + (value.signum() < 0 ? "small" : "large"));
        }
        return value;
    }

    private static BigInteger si(String text) {
        if (text.isEmpty()) {
            throw new InvalidValue("strict_sistrtoll: value not specified");
        }
        Matcher m = split(text);
        String unit = m.group(2);
        if (unit.isEmpty() || unit.equals("B")) {
            return whole(text); // a lone B is taken for a unit, and then for a part of the number
        }
        int power = unit.length() == 1 ? SI.indexOf(unit) : -1;
        if (power < 0) {
            throw new InvalidValue("strict_si_cast: unit prefix not recognized");
        }
        return inRange("strict_sistrtoll", whole(m.group(1)).multiply(BigInteger.TEN.pow(3 * (power + 1))));
    }

    private static BigInteger iec(String text) {
        if (text.isEmpty()) {
            throw new InvalidValue("strict_iecstrtoll: value not specified");
        }
        Matcher m = split(text);
        String unit = m.group(2);
        if (unit.equals("Bi")) {
            throw new InvalidValue("strict_iecstrtoll: illegal prefix \"Bi\"");
        }
        if (unit.length() > 2) {
            throw new InvalidValue("strict_iecstrtoll: illegal prefix (length > 2)");
        }
        int power = unit.isEmpty() || unit.startsWith("B") ? 0 : SI.indexOf(unit.charAt(0)) + 1;
        if (power == 0 && !unit.isEmpty() && !unit.startsWith("B")) {
            throw new InvalidValue("strict_iecstrtoll: unit prefix not recognized");
        }
        return inRange("strict_iecstrtoll", whole(m.group(1)).shiftLeft(10 * power));
    }

    private static Matcher split(String text) {
        Matcher m = NUMBER_AND_REST.matcher(text);
        if (!m.matches()) {
            throw new IllegalStateException(text);
        }
        return m;
    }

    private static String real(String text) {
        String bare = text.stripLeading();
        Matcher m = Pattern.compile("[+-]?(?:0[xX][\\da-fA-F]+|(?:\\d+\\.?\\d*|\\.\\d+)(?:[eE][+-]?\\d+)?|nan|inf)")
                .matcher(bare);
        if (!m.lookingAt()) {
            throw new InvalidValue("strict_strtod: expected double, got: '" + text + "'");
        }
        if (m.end() < bare.length()) {
            throw new InvalidValue("strict_strtod: garbage at end of string. got: '" + text + "'");
        }
        if (bare.endsWith("nan") || bare.endsWith("inf")) {
            return bare;
        }
        boolean hex = bare.toLowerCase(Locale.ROOT).contains("0x");
        double value = hex ? Double.parseDouble(bare + "p0") : Double.parseDouble(bare);
        if (Double.isInfinite(value)) {
            throw new InvalidValue("strict_strtod: floating point overflow parsing '" + text + "'");
        }
        return fixed(value);
    }

    /** As printf's %f has it. */
    static String fixed(double value) {
        return String.format(Locale.ROOT, "%.6f", new BigDecimal(value));
    }

    private static String span(String text) {
        long total = 0;
        int at = 0;
        while (true) {
            at = skipBlanks(text, at);
            if (at == text.length()) {
                return Long.toString(total);
            }
            int from = at;
            while (at < text.length() && Character.isDigit(text.charAt(at))) {
                at++;
            }
            if (at == from) {
                throw new InvalidValue("expected digit");
            }
            long number = whole(text.substring(from, at)).longValue();
            int unitFrom = skipBlanks(text, at);
            at = unitFrom;
            while (at < text.length() && Character.isLetter(text.charAt(at))) {
                at++;
            }
            String unit = text.substring(unitFrom, at);
            if (unit.isEmpty() && at < text.length() && !Character.isDigit(text.charAt(at))) {
                throw new InvalidValue("unexpected trailing '" + text.substring(at) + "'");
            }
            total += number * seconds(unit);
        }
    }

    private static int skipBlanks(String text, int from) {
        int at = from;
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
        return at;
    }

    private static long seconds(String unit) {
        return switch (unit) {
            case "", "s", "sec", "second", "seconds" -> 1;
            case "m", "min", "minute", "minutes" -> 60;
            case "h", "hr", "hour", "hours" -> 3_600;
            case "d", "day", "days" -> 86_400;
            case "w", "wk", "week", "weeks" -> 604_800;
            case "mo", "month", "months" -> 2_592_000;
            case "y", "yr", "year", "years" -> 31_536_000;
            default -> throw new InvalidValue("unrecogized unit '" + unit + "'");
        };
    }

    private static String address(String text) {
        if (text.equals("-") || text.equals("-1")) {
            return "-";
        }
        String bare = text.replaceFirst("^(v2|any):", "");
        Matcher m = Pattern.compile("(\\d{1,3}(?:\\.\\d{1,3}){3}|\\[[0-9a-fA-F:.]+])(?::(\\d{1,5}))?(?:/(\\d{1,10}))?")
                .matcher(bare);
        if (!m.matches()) {
            throw new InvalidValue("");
        }
        int port = m.group(2) == null ? 0 : Integer.parseInt(m.group(2));
        long nonce = m.group(3) == null ? 0 : Long.parseLong(m.group(3));
        return EntityAddr.msgr2(m.group(1).replaceAll("[\\[\\]]", ""), port, (int) nonce)
                .toString();
    }
}
