package io.spirula.it.interop;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/**
 * What a cluster answered to a line of a table.
 *
 * @param line its number in the table's file
 * @param target mon, mgr, osd.N or pg.N.N
 * @param json the command with its format
 * @param output text, or {@code base64:} and bytes that are none
 */
record CommandAnswer(
        int line, String command, String target, String json, String format, int result, String status, String output) {
    /** A status that stands for any. */
    static final String ANY = "*";

    private static final ObjectMapper MAPPER = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    /** Stock's answers to a table. */
    static List<CommandAnswer> recorded(String name) {
        try {
            return List.of(MAPPER.readValue(CommandTable.resource(name + ".answers.json"), CommandAnswer[].class));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static byte[] print(List<CommandAnswer> answers) {
        try {
            return MAPPER.writeValueAsBytes(answers);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String toString() {
        return line + ": " + command + (format.equals("plain") ? "" : " -f " + format);
    }
}
