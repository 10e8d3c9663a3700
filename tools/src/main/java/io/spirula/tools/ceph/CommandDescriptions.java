package io.spirula.tools.ceph;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reads the answer to {@code get_command_descriptions}, as a stream: a command line can't wait for a tree of it. */
final class CommandDescriptions {
    private CommandDescriptions() {}

    /** Throws IOException for what is not a description of commands. */
    static List<CommandSignature> parse(byte[] json) throws IOException {
        List<CommandSignature> all = new ArrayList<>();
        try (JsonParser in = new JsonFactory().createParser(json)) {
            expect(in.nextToken(), JsonToken.START_OBJECT);
            while (in.nextToken() == JsonToken.FIELD_NAME) {
                expect(in.nextToken(), JsonToken.START_OBJECT);
                all.add(signature(in));
            }
        }
        return all;
    }

    private static CommandSignature signature(JsonParser in) throws IOException {
        List<Argument> arguments = List.of();
        Map<String, String> fields = new HashMap<>();
        while (in.nextToken() == JsonToken.FIELD_NAME) {
            String field = in.currentName();
            if (in.nextToken() == JsonToken.START_ARRAY && field.equals("sig")) {
                arguments = arguments(in);
            } else {
                in.skipChildren();
                fields.put(field, in.getText());
            }
        }
        return new CommandSignature(
                arguments,
                fields.getOrDefault("help", ""),
                fields.getOrDefault("module", ""),
                fields.getOrDefault("perm", ""),
                Integer.parseInt(fields.getOrDefault("flags", "0")));
    }

    private static List<Argument> arguments(JsonParser in) throws IOException {
        List<Argument> arguments = new ArrayList<>();
        for (JsonToken token = in.nextToken(); token != JsonToken.END_ARRAY; token = in.nextToken()) {
            if (token == JsonToken.VALUE_STRING) {
                arguments.add(Argument.prefix(in.getText()));
                continue;
            }
            expect(token, JsonToken.START_OBJECT);
            Map<String, String> fields = new HashMap<>();
            while (in.nextToken() == JsonToken.FIELD_NAME) {
                String field = in.currentName();
                in.nextToken();
                in.skipChildren();
                fields.put(field, in.getText());
            }
            arguments.add(argument(fields));
        }
        return arguments;
    }

    private static Argument argument(Map<String, String> fields) throws IOException {
        String n = fields.getOrDefault("n", "1");
        boolean many = n.equalsIgnoreCase("n");
        try {
            return new Argument(
                    ArgumentType.of(fields.getOrDefault("type", "")),
                    fields.getOrDefault("name", ""),
                    fields.getOrDefault("prefix", ""),
                    many ? 1 : Integer.parseInt(n),
                    many,
                    fields.getOrDefault("req", "true").equalsIgnoreCase("true"),
                    ArgumentType.split(fields.getOrDefault("range", "")),
                    ArgumentType.split(fields.getOrDefault("strings", "")),
                    fields.getOrDefault("goodchars", ""));
        } catch (IllegalArgumentException e) {
            throw new IOException("the cluster describes an argument that this program does not know: " + fields, e);
        }
    }

    private static void expect(JsonToken is, JsonToken expected) throws IOException {
        if (is != expected) {
            throw new IOException("not a description of commands: " + is + " where " + expected + " belongs");
        }
    }
}
