package io.spirula.it.interop;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Commands with arguments that are wrong, made from the commands' descriptions: each argument in turn is left out, is of another type, is empty, negative or huge, while all others are right but name nothing that is there. So what is taken changes nothing either, as a rule.
 */
final class BadArguments {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final int MGR = 8;
    private static final int OBSOLETE = 2;
    /** What only {@code tell} brings to a daemon. */
    private static final int HIDDEN = 32;

    /** The groups that administrators live in: what is there of others is not there. */
    private static final Set<String> GROUPS = new TreeSet<>(List.of(
            "auth",
            "balancer",
            "config",
            "config-key",
            "crash",
            "df",
            "features",
            "fsid",
            "health",
            "iostat",
            "log",
            "mgr",
            "mon",
            "node",
            "osd",
            "pg",
            "progress",
            "quorum_status",
            "report",
            "status",
            "time-sync-status",
            "versions"));

    /** Texts that name nothing, where a plain word would not do. */
    private static final Map<String, String> NAMES = Map.ofEntries(
            Map.entry("entity", "client.nobody"),
            Map.entry("who", "osd.99"),
            Map.entry("addr", "127.0.0.1:1"),
            Map.entry("weights", "0.5"),
            Map.entry("target", "osd.99"));

    /** What is there: a pool, an OSD, a bucket. */
    private static final Map<String, String> THINGS = Map.ofEntries(
            Map.entry("pool", "data"),
            Map.entry("pool_name", "data"),
            Map.entry("var", "size"),
            Map.entry("val", "2"),
            Map.entry("app", "rbd"),
            Map.entry("name", "osd.0"),
            Map.entry("node", "default"),
            Map.entry("bucket", "default"),
            Map.entry("root", "default"),
            Map.entry("type", "osd"),
            Map.entry("args", "root=default"),
            Map.entry("ids", "0"),
            Map.entry("property", "hostname"),
            Map.entry("who", "osd.0"),
            Map.entry("target", "osd.0"),
            Map.entry("weights", "{'0':65536}"));

    /** The commands that are tried with what is there, too: what stock takes of them does the others no harm. */
    private static final Pattern OF_THINGS = Pattern.compile("osd pool (get|set|set-quota|get-quota|stats|mksnap|rmsnap"
            + "|scrub|application (disable|set|rm|get))|osd (reweight|reweightn|primary-affinity|find|metadata|info|map|ls-tree|tree-from"
            + "|last-stat-seq|scrub)"
            + "|osd crush (ls|rule dump|class ls-osd|set-device-class"
            + "|get-device-class|weight-set create|weight-set reweight)|pg (ls|ls-by-osd|ls-by-primary)"
            + "|config (get|set|rm|show)|mon (metadata|ok-to-stop|set-weight|set_location)|osd set-group");

    /** @param target mon or mgr */
    record Case(String target, String json) {
        @Override
        public String toString() {
            return target + " " + json;
        }
    }

    private BadArguments() {}

    /** Whether a described command is one of those that this is about. */
    static boolean concerns(JsonNode command) {
        return GROUPS.contains(command.path("sig").path(0).asText())
                && (command.path("flags").asInt() & (OBSOLETE | HIDDEN)) == 0;
    }

    /** @param descriptions the answer to {@code get_command_descriptions} */
    static List<Case> cases(String descriptions) {
        List<Case> cases = new ArrayList<>();
        Set<String> seen = new LinkedHashSet<>();
        for (JsonNode command : commands(descriptions)) {
            for (Case c : of(command, NAMES)) {
                if (seen.add(c.toString())) {
                    cases.add(c);
                }
            }
        }
        return cases;
    }

    /** More of them, with all else right and naming what is there. */
    static List<Case> casesOfThings(String descriptions) {
        List<Case> cases = new ArrayList<>();
        for (JsonNode command : commands(descriptions)) {
            if (OF_THINGS.matcher(prefix(command)).matches()) {
                cases.addAll(of(command, THINGS));
            }
        }
        cases.removeAll(cases(descriptions));
        return List.copyOf(new LinkedHashSet<>(cases));
    }

    private static List<JsonNode> commands(String descriptions) {
        List<JsonNode> commands = new ArrayList<>();
        try {
            MAPPER.readTree(descriptions).forEach(c -> {
                if (concerns(c)) {
                    commands.add(c);
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return commands;
    }

    private static String prefix(JsonNode command) {
        StringBuilder prefix = new StringBuilder();
        for (JsonNode part : command.path("sig")) {
            prefix.append(prefix.isEmpty() || !part.isTextual() ? "" : " ").append(part.asText());
        }
        return prefix.toString();
    }

    /** @param names values by the names of arguments */
    private static List<Case> of(JsonNode command, Map<String, String> names) {
        Map<String, JsonNode> arguments = new LinkedHashMap<>();
        for (JsonNode part : command.path("sig")) {
            // The format is every command's, and not told to its handler.
            if (part.isObject() && !part.path("name").asText().equals("format")) {
                arguments.put(part.path("name").asText(), part);
            }
        }
        String target = (command.path("flags").asInt() & MGR) != 0 ? "mgr" : "mon";
        ObjectNode right = MAPPER.createObjectNode().put("prefix", prefix(command));
        arguments.forEach((name, argument) -> {
            if (isRequired(argument)) {
                right.set(name, right(argument, names));
            }
        });
        if (prefix(command).equals("osd pool create")) {
            right.put("pg_num", 1_000_000); // too many: no pool is there afterwards
        }
        List<Case> cases = new ArrayList<>();
        arguments.forEach((name, argument) -> {
            if (isRequired(argument)) {
                ObjectNode without = right.deepCopy();
                without.remove(name);
                cases.add(new Case(target, without.toString()));
            }
            for (JsonNode value : wrong(argument, names).values()) {
                ObjectNode with = right.deepCopy();
                with.set(name, value);
                cases.add(new Case(target, with.toString()));
            }
        });
        return cases;
    }

    private static boolean isRequired(JsonNode argument) {
        return argument.path("req").asText("true").equalsIgnoreCase("true");
    }

    private static JsonNode right(JsonNode argument, Map<String, String> names) {
        String name = argument.path("name").asText();
        JsonNode value = switch (argument.path("type").asText()) {
            case "CephInt", "CephFloat" ->
                MAPPER.getNodeFactory()
                        .numberNode(argument.path("type").asText().equals("CephInt") ? 1 : 0.5);
            case "CephChoices" -> text(argument.path("strings").asText().split("\\|")[0]);
            case "CephPgid" -> text("77.0");
            case "CephUUID" -> text("00000000-0000-0000-0000-000000000000");
            case "CephOsdName" -> MAPPER.getNodeFactory().numberNode(names == THINGS ? 0 : 99);
            // A right one would make the cluster wait for a monitor that nobody starts.
            case "CephIPAddr" -> text("nowhere");
            case "CephEntityAddr" -> text("127.0.0.1:1");
            case "CephBool" -> MAPPER.getNodeFactory().booleanNode(false);
            default -> text(names.getOrDefault(name, "nothing"));
        };
        return argument.has("n") ? MAPPER.createArrayNode().add(value.isDouble() ? value : asText(value)) : value;
    }

    /** In lists there are texts only. */
    private static JsonNode asText(JsonNode value) {
        return text(value.asText());
    }

    private static JsonNode text(String text) {
        return MAPPER.getNodeFactory().textNode(text);
    }

    private static Map<String, JsonNode> wrong(JsonNode argument, Map<String, String> names) {
        String type = argument.path("type").asText();
        boolean isNumber = type.equals("CephInt") || type.equals("CephFloat");
        boolean isMany = argument.has("n");
        Map<String, JsonNode> values = new LinkedHashMap<>();
        if (isMany) {
            values.put("a text for a list", asText(right(argument, names).path(0)));
            values.put("an empty list", MAPPER.createArrayNode());
            values.put("empty", MAPPER.createArrayNode().add(""));
            values.put("a list of lists", MAPPER.createArrayNode().add(MAPPER.createArrayNode()));
        } else {
            values.put("a list", MAPPER.createArrayNode().add(asText(right(argument, names))));
            values.put("empty", text(""));
        }
        values.put("an object", MAPPER.createObjectNode().put("a", 1));
        values.put("nothing", MAPPER.nullNode());
        values.put("a boolean", MAPPER.getNodeFactory().booleanNode(true));
        values.put("a fraction", MAPPER.getNodeFactory().numberNode(1.5));
        values.put("a word", text("b\u00f6gus \"word\""));
        if (isNumber || type.equals("CephOsdName")) {
            values.put("negative", MAPPER.getNodeFactory().numberNode(-1));
            values.put("2^31", MAPPER.getNodeFactory().numberNode(1L << 31));
            values.put("2^63", MAPPER.getNodeFactory().numberNode(BigInteger.ONE.shiftLeft(63)));
            values.put("2^64", MAPPER.getNodeFactory().numberNode(BigInteger.ONE.shiftLeft(64)));
        } else {
            values.put("a number", MAPPER.getNodeFactory().numberNode(7));
            values.put("lines and slashes", text("a/../b\nc\t\u0001"));
        }
        if (type.equals("CephFloat")) {
            values.put("a fraction", MAPPER.getNodeFactory().numberNode(-1.5));
        }
        if (type.equals("CephBool")) {
            // To say in words that one is sure is an old way to do it.
            values.remove("a word");
            values.remove("a boolean");
        }
        return values;
    }
}
