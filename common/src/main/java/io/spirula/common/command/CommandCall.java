package io.spirula.common.command;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.spirula.common.encoding.Bytes;
import io.spirula.common.encoding.EscapedUtf8;
import io.spirula.common.types.EntityAddrs;
import io.spirula.common.types.EntityId;
import io.spirula.common.types.EntityName;
import io.spirula.common.types.EntityType;
import io.spirula.common.types.Errno;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A command as somebody has sent it: its words, its arguments as JSON had them, and its input.
 *
 * @param arguments by name: a String, Long, BigInteger if it is longer than that, Double, Boolean, or a List of Strings
 * @param sender who sent it, for the audit log and for permissions
 * @param words how it came
 */
public record CommandCall(
        String prefix, Map<String, Object> arguments, Bytes input, Caller sender, List<String> words) {
    private static final String PLAIN = "plain";
    private static final List<String> FORMATS = List.of("json", "json-pretty", "xml", "xml-pretty");
    private static final int MAX_JSON = 1 << 20;
    private static final int MAX_SHOWN = 512;
    private static final Pattern CONTROL = Pattern.compile("[\\p{Cntrl}\\p{Cs}]");
    private static final Pattern OSD_NAME = Pattern.compile("(osd\\.)?\\d{1,9}|-\\d{1,9}|\\*|all|any");
    private static final Pattern UUID = Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");
    private static final Pattern PGID = Pattern.compile("\\d{1,18}\\.[0-9a-fA-F]{1,8}");

    /**
     * Who sends a command, as far as commands care.
     *
     * @param id who it is on the wire
     */
    public record Caller(EntityName name, EntityId id, EntityAddrs addrs) {
        public static final Caller NOBODY =
                new Caller(new EntityName(EntityType.NONE, ""), EntityId.NONE, EntityAddrs.NONE);

        public String entity() {
            return name.toString();
        }

        /** As the audit log has it. */
        @Override
        public String toString() {
            return "from='" + id + " " + addrs + "' entity='" + name + "'";
        }
    }

    /** Parses a command's JSON. Throws {@link Refusal} for anything that is not an object with a prefix. */
    public static CommandCall parse(List<String> command, Bytes input, Caller sender) {
        if (command.isEmpty() || command.get(0).isEmpty()) {
            throw new Refusal(Errno.EINVAL, "no command supplied");
        }
        String text = String.join("", command);
        if (text.length() > MAX_JSON) {
            throw new Refusal(Errno.EINVAL, "command too long");
        }
        Map<String, Object> arguments;
        if (text.strip().startsWith("[")) {
            throw new Refusal(Errno.EINVAL, "not JSON object " + shown(text));
        }
        try (JsonParser json = new JsonFactory().createParser(text)) {
            arguments = object(json);
            if (json.nextToken() != null) {
                throw new IOException("something after the object");
            }
        } catch (IOException e) {
            throw new Refusal(Errno.EINVAL, "unparseable JSON " + shown(text));
        }
        if (!isText(arguments)) {
            throw new Refusal(Errno.EINVAL, "invalid UTF-8 in command " + shown(text));
        }
        if (!(arguments.get("prefix") instanceof String prefix)) {
            throw new Refusal(Errno.EINVAL, "command prefix not found");
        }
        if (prefix.isBlank()) {
            throw new Refusal(Errno.EINVAL, "command prefix must not be empty");
        }
        arguments.remove("prefix");
        if (!(arguments.getOrDefault("format", "") instanceof String)) {
            throw new Refusal(Errno.EINVAL, "bad or missing field 'format'");
        }
        return new CommandCall(prefix.strip().replaceAll("\\s+", " "), arguments, input, sender, command);
    }

    private static boolean isText(Map<String, Object> arguments) {
        return arguments.entrySet().stream()
                .allMatch(e -> EscapedUtf8.isText(e.getKey())
                        && (e.getValue() instanceof List<?> list ? list : List.of(e.getValue()))
                                .stream().allMatch(v -> EscapedUtf8.isText(v.toString())));
    }

    /** What somebody has sent, as an answer repeats it: in a line, and not without end. */
    public static String shown(String text) {
        String start = text.length() <= MAX_SHOWN ? text : text.substring(0, MAX_SHOWN) + "...";
        return CONTROL.matcher(start).replaceAll("?");
    }

    private static Map<String, Object> object(JsonParser json) throws IOException {
        if (json.nextToken() != JsonToken.START_OBJECT) {
            throw new IOException("not an object");
        }
        Map<String, Object> map = new LinkedHashMap<>();
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            JsonToken token = json.nextToken();
            if (token == JsonToken.START_ARRAY) {
                List<String> list = new ArrayList<>();
                for (JsonToken t = json.nextToken(); t != JsonToken.END_ARRAY; t = json.nextToken()) {
                    if (t == null || !t.isScalarValue()) {
                        throw new IOException("a list within a list");
                    }
                    list.add(json.getText());
                }
                map.put(name, list);
            } else if (token != JsonToken.VALUE_NULL) {
                map.put(name, scalar(json, token));
            }
        }
        if (json.currentToken() != JsonToken.END_OBJECT) {
            throw new IOException("an object without end");
        }
        return map;
    }

    private static Object scalar(JsonParser json, @Nullable JsonToken token) throws IOException {
        if (token == null) {
            throw new IOException("an object without end");
        }
        return switch (token) {
            case VALUE_STRING -> json.getText();
            case VALUE_NUMBER_INT -> whole(json.getBigIntegerValue());
            case VALUE_NUMBER_FLOAT -> json.getDoubleValue();
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            default -> throw new IOException("an object within an object");
        };
    }

    private static Object whole(BigInteger number) throws IOException {
        if (number.bitLength() > Long.SIZE) {
            throw new IOException("a number of more than 64 bits");
        }
        return number.bitLength() < Long.SIZE ? (Object) number.longValue() : number;
    }

    /** What is wrong with the arguments for this signature, or null if nothing is. Arguments that the signature does not name are ignored, as Ceph's monitors ignore them. */
    public @Nullable String mismatch(CommandSpec spec) {
        for (Argument a : spec.arguments()) {
            Object value = arguments.get(a.name());
            if (value == null) {
                if (a.required()) {
                    return "missing required parameter " + a.name();
                }
                continue;
            }
            if (a.many() != value instanceof List) {
                return "bad or missing field '" + a.name() + "'";
            }
            List<?> values = value instanceof List<?> list ? list : List.of(value);
            if (values.isEmpty() && a.required()) {
                return "missing required parameter " + a.name();
            }
            for (Object v : values) {
                String wrong = mismatch(a, v);
                if (wrong != null) {
                    return wrong;
                }
            }
        }
        return null;
    }

    private static @Nullable String mismatch(Argument a, Object value) {
        String text = value.toString();
        boolean isText = value instanceof String;
        String badType = "bad or missing field '" + a.name() + "'";
        return switch (a.type()) {
            case "CephInt" -> isNumber(a, value, wholeOf(text)) ? outOfRange(a, text, wholeOf(text)) : badType;
            case "CephFloat" -> isNumber(a, value, doubleOf(text)) ? outOfRange(a, text, doubleOf(text)) : badType;
            case "CephChoices" -> {
                // Switches of old clients are words, those of new ones booleans.
                boolean fits = a.choices().contains(text) || value instanceof Boolean;
                yield fits
                        ? null
                        : isText
                                ? "'" + shown(text) + "' belongs to none of " + String.join("|", a.choices())
                                : badType;
            }
            case "CephPgid" -> PGID.matcher(text).matches() ? null : "invalid pgid '" + shown(text) + "'";
            case "CephUUID" -> UUID.matcher(text).matches() ? null : "invalid UUID value '" + shown(text) + "'.";
            // One id comes as a number, many as words.
            case "CephOsdName" -> OSD_NAME.matcher(text).matches() && isText == a.many() ? null : badType;
            case "CephBool" -> value instanceof Boolean || text.equals(switchOf(a.name())) ? null : badType;
            case "CephString" -> isText ? badCharacter(a, text) : badType;
            default -> isText ? null : badType;
        };
    }

    /** A number where one belongs; within a list numbers may come as text. */
    private static boolean isNumber(Argument a, Object value, @Nullable Double number) {
        return number != null && (value instanceof Number && !(value instanceof BigInteger) || a.many());
    }

    private static @Nullable String badCharacter(Argument a, String text) {
        String good = a.goodCharacters();
        if (good == null || !good.startsWith("[") || good.equals("[range]")) {
            return null;
        }
        // In Ceph's notation a dash between a digit and punctuation is just a dash.
        Pattern allowed =
                Pattern.compile("[" + good.substring(1, good.length() - 1).replace("9-_", "9\\-_") + "]*");
        return allowed.matcher(text).matches() ? null : "invalid chars in '" + shown(text) + "': only " + good;
    }

    private static @Nullable String outOfRange(Argument a, String text, @Nullable Double number) {
        if (number == null) {
            return null;
        }
        List<String> range = a.range();
        boolean low = !range.isEmpty() && number < Double.parseDouble(range.get(0));
        boolean high = range.size() > 1 && number > Double.parseDouble(range.get(1));
        return low || high ? "'" + text + "' out of range: " + range : null;
    }

    /**
     * The arguments as capabilities judge them: as texts by name, with the pairs of {@code caps} as {@code caps_mon}, {@code caps_osd} and so on. Ceph: Monitor::_generate_command_map.
     */
    public SortedMap<String, String> texts() {
        SortedMap<String, String> texts = new TreeMap<>();
        arguments.forEach((name, value) -> {
            if (name.equals("caps") && value instanceof List<?> pairs && pairs.size() % 2 == 0) {
                for (int i = 0; i < pairs.size(); i += 2) {
                    texts.put("caps_" + pairs.get(i), pairs.get(i + 1).toString());
                }
            } else {
                texts.put(name, text(value));
            }
        });
        return texts;
    }

    private static String text(Object value) {
        return switch (value) {
            case List<?> list -> list.stream().map(Object::toString).collect(Collectors.joining(",", "[", "]"));
            case Double d ->
                new BigDecimal(d, new MathContext(6)).stripTrailingZeros().toPlainString();
            default -> value.toString();
        };
    }

    public boolean has(String name) {
        return arguments.containsKey(name);
    }

    public @Nullable String find(String name) {
        Object value = arguments.get(name);
        return value == null ? null : value instanceof List<?> list ? joined(list) : value.toString();
    }

    public String string(String name) {
        String value = find(name);
        if (value == null) {
            throw new Refusal(Errno.EINVAL, "missing required parameter " + name);
        }
        return value;
    }

    public String string(String name, String fallback) {
        String value = find(name);
        return value == null ? fallback : value;
    }

    public List<String> strings(String name) {
        Object value = arguments.get(name);
        return value == null
                ? List.of()
                : value instanceof List<?> list
                        ? list.stream().map(Object::toString).toList()
                        : List.of(value.toString());
    }

    public long integer(String name, long fallback) {
        String value = find(name);
        Long number = value == null ? null : longOf(value);
        if (value != null && number == null) {
            throw new Refusal(Errno.EINVAL, "'" + value + "' is not a number, for " + name);
        }
        return number == null ? fallback : number;
    }

    public double real(String name, double fallback) {
        String value = find(name);
        Double number = value == null ? null : doubleOf(value);
        if (value != null && number == null) {
            throw new Refusal(Errno.EINVAL, "'" + value + "' is not a number, for " + name);
        }
        return number == null ? fallback : number;
    }

    /** Whether a switch was given: a true boolean, or in the form of clients older than nautilus its own name. */
    public boolean flag(String name) {
        Object value = arguments.get(name);
        return Boolean.TRUE.equals(value) || switchOf(name).equals(value);
    }

    private static String switchOf(String name) {
        return "--" + name.replace('_', '-');
    }

    /** {@code json}, {@code json-pretty}, {@code xml}, {@code xml-pretty}, or {@code plain} for whatever else somebody has asked for, {@code yaml} among it. Source: Formatter::create. */
    public String format() {
        String format = string("format", PLAIN);
        return FORMATS.contains(format) ? format : PLAIN;
    }

    private static @Nullable Long longOf(String text) {
        try {
            return Long.parseLong(text.strip());
        } catch (NumberFormatException e) {
            return null;
        }
    }

    private static @Nullable Double wholeOf(String text) {
        Long number = longOf(text);
        return number == null ? null : number.doubleValue();
    }

    private static @Nullable Double doubleOf(String text) {
        try {
            double d = Double.parseDouble(text.strip());
            return Double.isNaN(d) || Double.isInfinite(d) ? null : d;
        } catch (NumberFormatException e) {
            return null;
        }
    }

    private static String joined(List<?> list) {
        return String.join(" ", list.stream().map(Object::toString).toList());
    }
}
