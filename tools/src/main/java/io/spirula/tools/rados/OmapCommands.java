package io.spirula.tools.rados;

import io.spirula.common.encoding.Bytes;
import io.spirula.librados.OperationResult;
import io.spirula.librados.RadosException;
import io.spirula.librados.ReadOperation;
import io.spirula.librados.Step;
import io.spirula.librados.WriteOperation;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Commands on an object's sorted map. */
final class OmapCommands {
    private OmapCommands() {}

    static boolean set(Session s) {
        String input = s.arguments().find("input-file");
        List<String> words = s.words(2);
        Bytes value = input != null
                ? DataCommands.readFile(Path.of(input))
                : words.size() > 2
                        ? Bytes.of(words.get(2))
                        : DataCommands.readAll(s.console().in());
        try {
            s.io().setOmap(s.object(), Map.of(Bytes.of(words.get(1)), value));
            return true;
        } catch (RadosException e) {
            throw new CommandFailed(
                    "error setting omap value " + s.path(s.object()) + "/" + words.get(1) + ": " + Texts.error(e));
        }
    }

    static boolean get(Session s) {
        List<String> words = s.words(2);
        Bytes key = Bytes.of(words.get(1));
        String path = s.path(s.object()) + "/" + key;
        ReadOperation op = new ReadOperation();
        Step<Map<Bytes, Bytes>> values = op.omapValues(List.of(key));
        Bytes value;
        try {
            value = s.io().operate(s.object(), op).get(values).get(key);
        } catch (RadosException e) {
            throw new CommandFailed("error getting omap value " + path + ": " + Texts.error(e));
        }
        if (value == null) {
            s.console().out().println("No such key: " + path);
            return false;
        }
        print(s, "value", value, words.size() > 2 ? words.get(2) : null);
        return true;
    }

    static boolean remove(Session s) {
        List<String> words = s.words(2);
        return write(
                s,
                new WriteOperation().removeOmap(List.of(Bytes.of(words.get(1)))),
                "error removing omap key " + s.path(s.object()) + "/" + words.get(1));
    }

    static boolean clear(Session s) {
        for (String object : s.words(1)) {
            try {
                s.io().operate(Bytes.of(object), new WriteOperation().clearOmap());
            } catch (RadosException e) {
                throw new CommandFailed("error clearing omap keys " + s.path(object) + ": " + Texts.error(e));
            }
        }
        return true;
    }

    static boolean listKeys(Session s) {
        entries(s).keySet().forEach(s.console().out()::println);
        return true;
    }

    static boolean listValues(Session s) {
        entries(s).forEach((key, value) -> {
            s.console().out().println(key);
            print(s, "value", value, null);
        });
        return true;
    }

    private static Map<Bytes, Bytes> entries(Session s) {
        try {
            return s.io().omap(s.object());
        } catch (RadosException e) {
            throw new CommandFailed("error getting omap key set " + s.path(s.object()) + ": " + Texts.error(e));
        }
    }

    static boolean getHeader(Session s) {
        ReadOperation op = new ReadOperation();
        Step<Bytes> header = op.omapHeader();
        try {
            OperationResult result = s.io().operate(s.object(), op);
            print(
                    s,
                    "header",
                    result.get(header),
                    s.words().size() > 1 ? s.words().get(1) : null);
            return true;
        } catch (RadosException e) {
            throw new CommandFailed("error getting omap header " + s.path(s.object()) + ": " + Texts.error(e));
        }
    }

    static boolean setHeader(Session s) {
        return write(
                s,
                new WriteOperation().setOmapHeader(Bytes.of(s.words(2).get(1))),
                "error setting omap header " + s.path(s.object()));
    }

    private static boolean write(Session s, WriteOperation op, String trouble) {
        try {
            s.io().operate(s.object(), op);
            return true;
        } catch (RadosException e) {
            throw new CommandFailed(trouble + ": " + Texts.error(e));
        }
    }

    private static void print(Session s, String kind, Bytes value, @Nullable String file) {
        PrintStream out = s.console().out();
        if (file == null) {
            out.println(kind + " (" + value.size() + " bytes) :");
            out.print(Texts.hexdump(value));
            out.println();
            return;
        }
        out.println("Writing to " + file);
        try {
            Files.write(Path.of(file), value.toArray());
        } catch (IOException e) {
            throw new CommandFailed("error writing " + file + ": " + e.getMessage());
        }
    }
}
