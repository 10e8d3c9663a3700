package io.spirula.tools.crush;

import io.spirula.crush.CppFloat;
import io.spirula.crush.DumpSink;
import java.util.ArrayDeque;
import java.util.Deque;

/** A dump as JSON, laid out as Ceph's JSONFormatter does. */
final class JsonSink implements DumpSink {
    private final StringBuilder out = new StringBuilder();
    private final boolean pretty;
    private final Deque<Level> levels = new ArrayDeque<>();

    private static final class Level {
        final boolean array;
        boolean empty = true;

        Level(boolean array) {
            this.array = array;
        }
    }

    JsonSink(boolean pretty) {
        this.pretty = pretty;
    }

    String text() {
        return out + (pretty ? "\n" : "");
    }

    @Override
    public void openObject(String name) {
        begin(name);
        out.append('{');
        levels.push(new Level(false));
    }

    @Override
    public void openArray(String name) {
        begin(name);
        out.append('[');
        levels.push(new Level(true));
    }

    @Override
    public void close() {
        Level level = levels.pop();
        if (!level.empty) {
            newLine();
        }
        out.append(level.array ? ']' : '}');
    }

    @Override
    public void put(String name, long value) {
        begin(name);
        out.append(value);
    }

    @Override
    public void put(String name, double value) {
        begin(name);
        out.append(CppFloat.text(value, 17));
    }

    @Override
    public void put(String name, String value) {
        begin(name);
        quote(value);
    }

    private void begin(String name) {
        Level level = levels.peek();
        if (level == null) {
            return;
        }
        if (!level.empty) {
            out.append(',');
        }
        level.empty = false;
        newLine();
        if (!level.array) {
            quote(name);
            out.append(pretty ? ": " : ":");
        }
    }

    private void newLine() {
        if (pretty) {
            out.append('\n').append("    ".repeat(levels.size()));
        }
    }

    private void quote(String value) {
        out.append('"');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\t' -> out.append("\\t");
                default -> {
                    if (c < 0x20 || c == 0x7f) {
                        out.append("\\u00").append(Character.forDigit(c >> 4, 16));
                        out.append(Character.forDigit(c & 15, 16));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }
}
