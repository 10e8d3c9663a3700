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
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A command as somebody has sent it: its words, its arguments as JSON had them, and its input. As in Ceph's daemons an argument is judged when it is read: what is of another type is refused then,
 * what is missing is an empty text. Ceph: cmd_getval.
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

    /** The same of what came over the network; null where it can't be read, and then that has been answered. */
    public static @Nullable CommandCall parse(
            List<String> command, Bytes input, Caller sender, Consumer<Outcome> reply) {
        try {
            return parse(command, input, sender);
        } catch (Refusal r) {
            reply.accept(Outcome.refused(r.errno(), r.text()));
            return null;
        }
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

    /** Whether it has what would make more of an answer than a line: arguments with line breaks and their like, or long ones. */
    public boolean isOdd() {
        return texts().values().stream()
                .anyMatch(t -> t.length() > MAX_SHOWN || CONTROL.matcher(t).find());
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
            } else {
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
            default -> throw new IOException("an object or nothing for a value");
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
        return Mismatch.of(spec, arguments);
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

    /** Refuses a call that lacks one of these. */
    public void require(String... names) {
        for (String name : names) {
            if (!has(name)) {
                throw new Refusal(Errno.EINVAL, Mismatch.missing(name));
            }
        }
    }

    /** A number or a boolean as a text, too: to Ceph's modules in Python they are all the same. */
    public String text(String name) {
        Object value = arguments.get(name);
        return value == null || value instanceof List ? string(name) : value.toString();
    }

    /** A text, or null where none was given. */
    public @Nullable String find(String name) {
        Object value = arguments.get(name);
        if (value != null && !(value instanceof String)) {
            throw ofAnotherType(name);
        }
        return (String) value;
    }

    public String string(String name) {
        return string(name, "");
    }

    public String string(String name, String fallback) {
        String value = find(name);
        return value == null ? fallback : value;
    }

    public List<String> strings(String name) {
        Object value = arguments.get(name);
        if (value == null) {
            return List.of();
        }
        if (!(value instanceof List<?> list)) {
            throw ofAnotherType(name);
        }
        return list.stream().map(Object::toString).toList();
    }

    /** A whole number; what needs a 64th bit is negative. */
    public long integer(String name, long fallback) {
        Object value = arguments.get(name);
        return switch (value) {
            case null -> fallback;
            case Long number -> number;
            case BigInteger number -> number.longValue();
            default -> throw ofAnotherType(name);
        };
    }

    public double real(String name, double fallback) {
        Object value = arguments.get(name);
        return switch (value) {
            case null -> fallback;
            case Double number -> number;
            default -> throw ofAnotherType(name);
        };
    }

    /** Whether a switch was given: a true boolean, or in the form of clients older than nautilus its own name. */
    public boolean flag(String name) {
        Object value = arguments.get(name);
        if (value != null && !(value instanceof Boolean) && !value.equals(Mismatch.switchOf(name))) {
            throw ofAnotherType(name);
        }
        return value != null && !value.equals(false);
    }

    private static Refusal ofAnotherType(String name) {
        return new Refusal(Errno.EINVAL, Mismatch.badField(name));
    }

    /** {@code json}, {@code json-pretty}, {@code xml}, {@code xml-pretty}, or {@code plain} for whatever else somebody has asked for, {@code yaml} among it. Source: Formatter::create. */
    public String format() {
        String format = string("format", PLAIN);
        return FORMATS.contains(format) ? format : PLAIN;
    }
}
