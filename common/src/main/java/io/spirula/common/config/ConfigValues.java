package io.spirula.common.config;

import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How Ceph spells the values of its options. */
public final class ConfigValues {
    private static final Pattern NUMBER_AND_UNIT = Pattern.compile("([+-]?\\d+(?:\\.\\d+)?)\\s*([A-Za-z]*)");

    private ConfigValues() {}

    public static boolean bool(String option, String value) {
        return switch (value.strip().toLowerCase(Locale.ROOT)) {
            case "true", "yes", "on", "1" -> true;
            case "false", "no", "off", "0" -> false;
            default -> throw new ConfigException(option + " is neither true nor false: '" + value + "'");
        };
    }

    /** A whole number, with a binary unit if there is one: {@code 4K}, {@code 1_G}, {@code 2 MiB}. */
    public static long size(String option, String value) {
        Matcher m = NUMBER_AND_UNIT.matcher(value.strip().replace("_", ""));
        if (!m.matches()) {
            throw new ConfigException(option + " is not a number: '" + value + "'");
        }
        String unit = m.group(2).toUpperCase(Locale.ROOT).replaceAll("I?B?$", "");
        int power = unit.isEmpty() ? 0 : "KMGTPE".indexOf(unit) + 1;
        if (unit.length() > 1 || power == 0 && !unit.isEmpty()) {
            throw new ConfigException(option + " has no known unit: '" + value + "'");
        }
        try {
            return m.group(1).indexOf('.') >= 0
                    ? (long) (Double.parseDouble(m.group(1)) * (1L << 10 * power))
                    : Math.multiplyExact(Long.parseLong(m.group(1)), 1L << 10 * power);
        } catch (ArithmeticException | NumberFormatException e) {
            throw new ConfigException(option + " is too large: '" + value + "'", e);
        }
    }

    public static double real(String option, String value) {
        try {
            return Double.parseDouble(value.strip());
        } catch (NumberFormatException e) {
            throw new ConfigException(option + " is not a number: '" + value + "'", e);
        }
    }

    /** Seconds, or a number with {@code us ms s m h d w} and their long forms. */
    public static Duration span(String option, String value) {
        Matcher m = NUMBER_AND_UNIT.matcher(value.strip());
        if (!m.matches()) {
            throw new ConfigException(option + " is not a time span: '" + value + "'");
        }
        double seconds = Double.parseDouble(m.group(1));
        double unit = switch (m.group(2).toLowerCase(Locale.ROOT)) {
            case "us", "usec" -> 1e-6;
            case "ms", "msec" -> 1e-3;
            case "", "s", "sec", "second", "seconds" -> 1;
            case "m", "min", "minute", "minutes" -> 60;
            case "h", "hr", "hour", "hours" -> 3600;
            case "d", "day", "days" -> 86400;
            case "w", "week", "weeks" -> 604800;
            default -> throw new ConfigException(option + " has no known unit: '" + value + "'");
        };
        return Duration.ofNanos((long) (seconds * unit * 1e9));
    }
}
