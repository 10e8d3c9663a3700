package io.spirula.common.format;

import java.util.ArrayDeque;
import java.util.Deque;

/** JSON as Ceph lays it out: compact without a space, or pretty with four spaces a level. Source: common/Formatter.cc, JSONFormatter. */
public final class JsonFormatter implements Formatter {
    private static final String INDENT = "    ";

    private final boolean pretty;
    private final StringBuilder out = new StringBuilder();
    private final Deque<Section> open = new ArrayDeque<>();

    private static final class Section {
        final boolean array;
        boolean empty = true;

        Section(boolean array) {
            this.array = array;
        }
    }

    private JsonFormatter(boolean pretty) {
        this.pretty = pretty;
    }

    /** {@code --format json}. */
    public static JsonFormatter compact() {
        return new JsonFormatter(false);
    }

    /** {@code --format json-pretty}. The text ends with a newline. */
    public static JsonFormatter pretty() {
        return new JsonFormatter(true);
    }

    @Override
    public Formatter openObject(String name) {
        return open(name, '{', false);
    }

    @Override
    public Formatter openArray(String name) {
        return open(name, '[', true);
    }

    private Formatter open(String name, char bracket, boolean array) {
        name(name);
        out.append(bracket);
        open.push(new Section(array));
        return this;
    }

    @Override
    public Formatter close() {
        Section section = open.pop();
        if (pretty && !section.empty) {
            newLine(open.size());
        }
        out.append(section.array ? ']' : '}');
        if (pretty && open.isEmpty()) {
            out.append('\n');
        }
        return this;
    }

    @Override
    public Formatter put(String name, String value) {
        name(name);
        quote(value, out);
        return this;
    }

    @Override
    public Formatter put(String name, long value) {
        name(name);
        out.append(value);
        return this;
    }

    @Override
    public Formatter put(String name, boolean value) {
        return putRaw(name, value ? "true" : "false");
    }

    @Override
    public Formatter put(String name, double value) {
        return putRaw(name, Numbers.exact(value));
    }

    @Override
    public Formatter putUnsigned(String name, long value) {
        return putRaw(name, Long.toUnsignedString(value));
    }

    @Override
    public Formatter putRaw(String name, String text) {
        name(name);
        out.append(text);
        return this;
    }

    private void name(String name) {
        Section section = open.peek();
        if (section == null) {
            return;
        }
        if (!section.empty) {
            out.append(',');
        }
        section.empty = false;
        if (pretty) {
            newLine(open.size());
        }
        if (!section.array) {
            quote(name, out);
            out.append(pretty ? ": " : ":");
        }
    }

    private void newLine(int depth) {
        out.append('\n');
        for (int i = 0; i < depth; i++) {
            out.append(INDENT);
        }
    }

    private static void quote(String text, StringBuilder out) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\t' -> out.append("\\t");
                default -> {
                    if (c < 0x20 || c == 0x7f) {
                        out.append("\\u00")
                                .append(Character.forDigit(c >> 4, 16))
                                .append(Character.forDigit(c & 15, 16));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }

    /** What was written so far. */
    @Override
    public String toString() {
        return out.toString();
    }
}
