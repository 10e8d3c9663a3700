package io.spirula.tools.ceph;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * A command line as the daemons take it, for programs that are not the {@code ceph} command.
 *
 * @param json without a format
 * @param forManager whether the manager answers it, and not the monitors
 * @param changes whether it may change the cluster
 */
public record TypedCommand(String json, boolean forManager, boolean changes) {
    /** Splits a line as the interpreter does: words, quotes, backslashes. */
    public static List<String> words(String line) {
        return CephCommand.words(line);
    }

    /**
     * Fits words to one of the commands that a cluster describes.
     *
     * @param descriptions the answer to {@code get_command_descriptions}
     * @throws IllegalArgumentException with the lines that {@code ceph} would print
     */
    public static TypedCommand of(byte[] descriptions, List<String> words) throws IOException {
        return fitting(descriptions).apply(words);
    }

    /** The same for many lines, with the descriptions read once. */
    public static Function<List<String>, TypedCommand> fitting(byte[] descriptions) throws IOException {
        List<CommandSignature> signatures = CommandDescriptions.parse(descriptions);
        return words -> of(signatures, words);
    }

    private static TypedCommand of(List<CommandSignature> signatures, List<String> words) {
        ByteArrayOutputStream complaints = new ByteArrayOutputStream();
        PrintStream err = new PrintStream(complaints, true, StandardCharsets.UTF_8);
        CommandSearch.Found found = new CommandSearch(signatures, err).find(words);
        if (found == null) {
            throw new IllegalArgumentException(complaints.toString(StandardCharsets.UTF_8));
        }
        Map<String, Object> arguments = new LinkedHashMap<>(found.arguments());
        return new TypedCommand(
                CommandJson.write(arguments),
                found.signature().has(CommandSignature.MGR),
                found.signature().permission().contains("w"));
    }
}
