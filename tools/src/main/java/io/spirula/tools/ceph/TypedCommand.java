package io.spirula.tools.ceph;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A command line as the daemons take it, for programs that are not the {@code ceph} command.
 *
 * @param json without a format
 * @param forManager whether the manager answers it, and not the monitors
 * @param changes whether it may change the cluster
 */
public record TypedCommand(String json, boolean forManager, boolean changes) {
    /**
     * Fits words to one of the commands that a cluster describes.
     *
     * @param descriptions the answer to {@code get_command_descriptions}
     * @throws IllegalArgumentException with the lines that {@code ceph} would print
     */
    public static TypedCommand of(byte[] descriptions, List<String> words) throws IOException {
        ByteArrayOutputStream complaints = new ByteArrayOutputStream();
        PrintStream err = new PrintStream(complaints, true, StandardCharsets.UTF_8);
        CommandSearch.Found found = new CommandSearch(CommandDescriptions.parse(descriptions), err).find(words);
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
