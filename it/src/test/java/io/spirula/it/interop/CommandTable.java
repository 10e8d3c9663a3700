package io.spirula.it.interop;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Command lines in the order in which they are run, on stock Ceph once and on ours whenever tests run. The file's notation, a line each:
 *
 * <ul>
 *   <li>{@code osd tree} a command as it is typed, words quoted as in a shell; one that only reads is asked for plain text and for JSON
 *   <li>{@code {"prefix":"osd tree"}} a command as daemons get it, however wrong; {@code mgr {...}} for the manager, {@code raw ...} for what is no JSON object
 *   <li>{@code x {"prefix":"osd set"}} one that lacks an argument or has one out of its range: stock leaves that to its tool, its monitor believes or dies of it; ours answers EINVAL. Not sent to stock
 *   <li>{@code tell osd.0 ...}, {@code tell mon.0 ...}, {@code pg 1.0 query}: for an OSD, or a monitor by its rank; {@code tell osd.0 {"prefix":"bench"}} with arguments
 *   <li>{@code | osd setcrushmap} with the output of the command before as input
 *   <li>{@code @input TEXT} what the next piped command gets as input, with Java's escapes; a character is a byte
 *   <li>{@code ! balancer off} run, but not compared
 *   <li>{@code @settle} waits until every placement group is active and clean
 *   <li>{@code @until WHAT COMMAND} repeats a command, as JSON, until its output contains what is named (written without spaces), or does not for {@code !WHAT}
 *   <li>{@code # ...} a comment
 * </ul>
 */
record CommandTable(List<Line> lines) {
    enum Kind {
        TYPED,
        RAW,
        REFUSED,
        INPUT,
        SETTLE,
        UNTIL
    }

    /**
     * @param number in the file, from 1
     * @param text the command alone
     * @param awaited what an {@code @until} waits for
     */
    record Line(int number, Kind kind, String text, boolean piped, boolean compared, String awaited) {}

    static CommandTable read(String name) {
        List<Line> lines = new ArrayList<>();
        int number = 0;
        for (String raw : resource(name + ".table").split("\n", -1)) {
            number++;
            String text = raw.strip();
            if (text.isEmpty() || text.startsWith("#")) {
                continue;
            }
            boolean piped = text.startsWith("| ");
            boolean compared = !text.startsWith("! ");
            boolean refused = text.startsWith("x ");
            String command = piped || !compared || refused ? text.substring(2).strip() : text;
            if (command.equals("@settle")) {
                lines.add(new Line(number, Kind.SETTLE, command, false, false, ""));
            } else if (command.startsWith("@input ")) {
                String input = command.substring("@input ".length()).translateEscapes();
                lines.add(new Line(number, Kind.INPUT, input, false, false, ""));
            } else if (command.startsWith("@until ")) {
                String[] words = command.split(" ", 3);
                lines.add(new Line(number, Kind.UNTIL, words[2], false, false, words[1]));
            } else {
                boolean isRaw = command.startsWith("{") || command.startsWith("raw ") || command.startsWith("mgr {");
                lines.add(new Line(
                        number, refused ? Kind.REFUSED : isRaw ? Kind.RAW : Kind.TYPED, command, piped, compared, ""));
            }
        }
        return new CommandTable(lines);
    }

    static String resource(String name) {
        try (InputStream in = CommandTable.class.getResourceAsStream("/commands/" + name)) {
            if (in == null) {
                throw new AssertionError("no resource commands/" + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
