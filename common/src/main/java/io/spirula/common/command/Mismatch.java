package io.spirula.common.command;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Where a call's arguments do not fit the signature of its command, in a line. */
final class Mismatch {
    private static final Pattern OSD_NAME = Pattern.compile("(osd\\.)?\\d{1,9}|-\\d{1,9}|\\*|all|any");
    private static final Pattern UUID = Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");
    private static final Pattern PGID = Pattern.compile("\\d{1,18}\\.[0-9a-fA-F]{1,8}");

    private Mismatch() {}

    /** The first that does not fit, or null. */
    static @Nullable String of(CommandSpec spec, Map<String, Object> arguments) {
        for (Argument a : spec.arguments()) {
            Object value = arguments.get(a.name());
            if (value == null) {
                if (a.required()) {
                    return missing(a.name());
                }
                continue;
            }
            if (a.many() != value instanceof List) {
                return badField(a.name());
            }
            List<?> values = value instanceof List<?> list ? list : List.of(value);
            if (values.isEmpty() && a.required()) {
                return missing(a.name());
            }
            for (Object v : values) {
                String wrong = of(a, v);
                if (wrong != null) {
                    return wrong;
                }
            }
        }
        return null;
    }

    private static @Nullable String of(Argument a, Object value) {
        String text = value.toString();
        boolean isText = value instanceof String;
        String badType = badField(a.name());
        return switch (a.type()) {
            case "CephInt" -> isNumber(a, value, Long.class, wholeOf(text)) ? outOfRange(a, text) : badType;
            case "CephFloat" -> isNumber(a, value, Double.class, doubleOf(text)) ? outOfRange(a, text) : badType;
            case "CephChoices" ->
                isText
                        ? a.choices().contains(text)
                                ? null
                                : "'" + CommandCall.shown(text) + "' belongs to none of "
                                        + String.join("|", a.choices())
                        : badType;
            case "CephPgid" -> PGID.matcher(text).matches() ? null : "invalid pgid '" + CommandCall.shown(text) + "'";
            case "CephUUID" ->
                UUID.matcher(text).matches() ? null : "invalid UUID value '" + CommandCall.shown(text) + "'.";
            // One id comes as a number, many as words.
            case "CephOsdName" -> OSD_NAME.matcher(text).matches() && isText == a.many() ? null : badType;
            case "CephBool" -> value instanceof Boolean || text.equals(switchOf(a.name())) ? null : badType;
            case "CephString" -> isText ? badCharacter(a, text) : badType;
            default -> isText ? null : badType;
        };
    }

    /** A number where one belongs, whole ones as Ceph has it only where no others do; within a list numbers may come as text. */
    private static boolean isNumber(Argument a, Object value, Class<?> type, @Nullable Double number) {
        return number != null && (type.isInstance(value) || a.many());
    }

    private static @Nullable String badCharacter(Argument a, String text) {
        String good = a.goodCharacters();
        if (good == null || !good.startsWith("[") || good.equals("[range]")) {
            return null;
        }
        // In Ceph's notation a dash between a digit and punctuation is just a dash.
        Pattern allowed =
                Pattern.compile("[" + good.substring(1, good.length() - 1).replace("9-_", "9\\-_") + "]*");
        return allowed.matcher(text).matches()
                ? null
                : "invalid chars in '" + CommandCall.shown(text) + "': only " + good;
    }

    private static @Nullable String outOfRange(Argument a, String text) {
        double number = Double.parseDouble(text.strip());
        List<String> range = a.range();
        boolean low = !range.isEmpty() && number < Double.parseDouble(range.get(0));
        boolean high = range.size() > 1 && number > Double.parseDouble(range.get(1));
        return low || high ? "'" + text + "' out of range: " + range : null;
    }

    static String missing(String name) {
        return "missing required parameter " + name;
    }

    static String badField(String name) {
        return "bad or missing field '" + name + "'";
    }

    static String switchOf(String name) {
        return "--" + name.replace('_', '-');
    }

    private static @Nullable Double wholeOf(String text) {
        try {
            return (double) Long.parseLong(text.strip());
        } catch (NumberFormatException e) {
            return null;
        }
    }

    private static @Nullable Double doubleOf(String text) {
        try {
            double d = Double.parseDouble(text.strip());
            return Double.isNaN(d) || Double.isInfinite(d) ? null : d;
        } catch (NumberFormatException e) {
            return null;
        }
    }
}
