package io.spirula.common.command;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.types.EntityAddr;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** JSON in the order it was put together, printed as Ceph's JSONFormatter prints it: compact, or pretty with four spaces. */
public final class Json {
    /** Text that is JSON already. */
    private record Raw(String text) {}

    private final Map<String, @Nullable Object> members = new LinkedHashMap<>();

    public static Json object() {
        return new Json();
    }

    /** A string, number, boolean, other Json, a list of these, or null. */
    public Json put(String name, @Nullable Object value) {
        members.put(name, value);
        return this;
    }

    public Json putAll(Json other) {
        members.putAll(other.members);
        return this;
    }

    public boolean has(String name) {
        return members.containsKey(name);
    }

    /** JSON made elsewhere, in the compact form. */
    public static Object raw(String compact) {
        return new Raw(compact);
    }

    /** The answer to a command: as {@code format} asks. */
    public static Outcome answer(CommandCall call, Object value) {
        return Outcome.output(render(value, call.format()));
    }

    public static Bytes render(Object value, String format) {
        StringBuilder out = new StringBuilder(1024);
        boolean pretty = format.equals("json-pretty") || !format.startsWith("json");
        write(value, pretty ? 0 : -1, out);
        if (pretty) {
            out.append('\n');
        }
        return Bytes.of(out.toString());
    }

    private static void write(@Nullable Object value, int depth, StringBuilder out) {
        switch (value) {
            case null -> out.append("null");
            case String s -> quote(s, out);
            case Double d -> out.append(number(d));
            case Float f -> out.append(number((double) f));
            case Number n -> out.append(n.longValue());
            case Boolean b -> out.append(b.booleanValue());
            case Json j -> writeObject(j, depth, out);
            case Collection<?> list -> writeArray(list, depth, out);
            case Raw r -> out.append(depth < 0 ? r.text : reindented(r.text, depth));
            default -> quote(value.toString(), out);
        }
    }

    private static void writeObject(Json json, int depth, StringBuilder out) {
        out.append('{');
        boolean first = true;
        for (Map.Entry<String, @Nullable Object> e : json.members.entrySet()) {
            separate(first, depth, out);
            first = false;
            quote(e.getKey(), out);
            out.append(depth < 0 ? ":" : ": ");
            write(e.getValue(), deeper(depth), out);
        }
        close(first, depth, out);
        out.append('}');
    }

    private static void writeArray(Collection<?> list, int depth, StringBuilder out) {
        out.append('[');
        boolean first = true;
        for (Object o : list) {
            separate(first, depth, out);
            first = false;
            write(o, deeper(depth), out);
        }
        close(first, depth, out);
        out.append(']');
    }

    private static int deeper(int depth) {
        return depth < 0 ? depth : depth + 1;
    }

    private static void separate(boolean first, int depth, StringBuilder out) {
        if (!first) {
            out.append(',');
        }
        if (depth >= 0) {
            out.append('\n').append("    ".repeat(depth + 1));
        }
    }

    private static void close(boolean empty, int depth, StringBuilder out) {
        if (!empty && depth >= 0) {
            out.append('\n').append("    ".repeat(depth));
        }
    }

    /** Compact JSON laid out with four spaces. */
    private static String reindented(String compact, int depth) {
        StringBuilder out = new StringBuilder(compact.length() * 2);
        int level = depth;
        boolean inString = false;
        for (int i = 0; i < compact.length(); i++) {
            char c = compact.charAt(i);
            if (inString) {
                out.append(c);
                if (c == '\\') {
                    out.append(compact.charAt(++i));
                } else if (c == '"') {
                    inString = false;
                }
                continue;
            }
            char next = i + 1 < compact.length() ? compact.charAt(i + 1) : 0;
            switch (c) {
                case '"' -> {
                    inString = true;
                    out.append(c);
                }
                case '{', '[' -> {
                    out.append(c);
                    level++;
                    if (next != '}' && next != ']') {
                        out.append('\n').append("    ".repeat(level));
                    }
                }
                case '}', ']' -> {
                    level--;
                    char previous = compact.charAt(i - 1);
                    if (previous != '{' && previous != '[') {
                        out.append('\n').append("    ".repeat(level));
                    }
                    out.append(c);
                }
                case ',' -> out.append(",\n").append("    ".repeat(level));
                case ':' -> out.append(": ");
                default -> out.append(c);
            }
        }
        return out.toString();
    }

    /** A floating point number with up to 17 significant digits, as {@code %.17g} prints it. */
    public static String number(double value) {
        return number(value, 17);
    }

    /** A floating point number with so many significant digits at most, as C++ streams print it. */
    public static String number(double value, int digits) {
        if (value == 0 || Double.isNaN(value) || Double.isInfinite(value)) {
            return "0";
        }
        BigDecimal rounded =
                new BigDecimal(value).round(new MathContext(digits)).stripTrailingZeros();
        int exponent = rounded.precision() - rounded.scale() - 1;
        if (exponent >= -5 && exponent < digits) {
            return rounded.toPlainString();
        }
        String mantissa = rounded.unscaledValue().toString();
        boolean negative = mantissa.startsWith("-");
        String figures = negative ? mantissa.substring(1) : mantissa;
        return (negative ? "-" : "")
                + figures.charAt(0)
                + (figures.length() > 1 ? "." + figures.substring(1) : "")
                + "e"
                + (exponent < 0 ? "-" : "+")
                + (Math.abs(exponent) < 10 ? "0" : "")
                + Math.abs(exponent);
    }

    private static void quote(String s, StringBuilder out) {
        out.append('"');
        for (int i = 0; i < s.length(); i++) {
            char c = s.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\t' -> out.append("\\t");
                case '\r' -> out.append("\\r");
                case '\b' -> out.append("\\b");
                case '\f' -> out.append("\\f");
                default -> {
                    if (c < 0x20 || c == 0x7f) {
                        out.append(String.format("\\u%04x", (int) c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }

    /** Ceph: entity_addr_t::dump. */
    public static Json address(EntityAddr addr) {
        return object().put("type", addr.kind().toString())
                .put("addr", addr.hostPort())
                .put("nonce", Integer.toUnsignedLong(addr.nonce()));
    }

    /** A list made of what a function makes of each element. */
    public static <T> List<Object> list(Iterable<T> elements, java.util.function.Function<T, Object> each) {
        List<Object> list = new ArrayList<>();
        for (T e : elements) {
            list.add(each.apply(e));
        }
        return list;
    }
}
