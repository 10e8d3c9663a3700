package io.spirula.it.interop;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What differs between stock's answer and ours, but for what differs between any two runs of a cluster. {@code volatile.txt} lists that: keys of JSON whose values, and patterns of text whose matches are not compared.
 */
final class AnswerComparison {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    /** A path such as {@code osds[].up_from}, or a key wherever it is. */
    private final TreeSet<String> volatileKeys = new TreeSet<>();

    /** Arrays of which only the elements' shape is compared, where both have any. */
    private final TreeSet<String> volatileArrays = new TreeSet<>();

    /** Arrays in no order, with what tells their elements apart. */
    private final Map<String, String> unordered = new TreeMap<>();

    /** Commands whose lines are in no order. */
    private final List<String> unorderedLines = new ArrayList<>();

    /** Keys of objects, and texts in arrays, that may be there or not. */
    private final List<String> ignored = new ArrayList<>();

    private final List<Pattern> volatileText = new ArrayList<>();
    /** Differences that are accepted: {@code COMMAND TAB PATH}, the path being {@code text} for plain output. */
    private final List<String[]> accepted = new ArrayList<>();

    AnswerComparison() {
        for (String line : lines("volatile.txt")) {
            String[] parts = line.split("\\s+", 2);
            switch (parts[0]) {
                case "key" -> volatileKeys.add(parts[1]);
                case "array" -> volatileArrays.add(parts[1]);
                case "unordered" -> {
                    String[] names = parts[1].split("\\s+");
                    unordered.put(names[0], names[1]);
                }
                case "ignore" -> ignored.add(parts[1]);
                case "lines" -> unorderedLines.add(parts[1]);
                case "text" -> volatileText.add(Pattern.compile(parts[1], Pattern.MULTILINE));
                default -> throw new AssertionError("volatile.txt: " + line);
            }
        }
        for (String line : lines("accepted.txt")) {
            accepted.add(line.split(" \\|\\s*", 3));
        }
    }

    private static List<String> lines(String resource) {
        return CommandTable.resource(resource)
                .lines()
                .filter(l -> !l.isBlank() && !l.startsWith("#"))
                .toList();
    }

    /** A line for each difference. */
    List<String> differences(CommandAnswer stock, CommandAnswer ours) {
        List<String> found = new ArrayList<>();
        boolean anyOrder = unorderedLines.stream().anyMatch(stock.command()::matches);
        if (stock.result() != ours.result()) {
            found.add("result: " + ours.result() + " for stock's " + stock.result());
        }
        if (!stock.status().equals(CommandAnswer.ANY)) {
            text("status", stock.status(), ours.status(), found);
        }
        if (!isJson(stock.output())) {
            text("text", ordered(stock.output(), anyOrder), ordered(ours.output(), anyOrder), found);
        } else {
            json(stock.output(), ours.output(), found);
        }
        found.removeIf(difference -> isAccepted(stock.command(), difference));
        return found;
    }

    private boolean isAccepted(String command, String difference) {
        return accepted.stream()
                .anyMatch(a -> command.matches(a[0]) && (a[1].equals("*") || difference.startsWith(a[1])));
    }

    private static boolean isJson(String output) {
        if (!output.stripLeading().startsWith("{") && !output.startsWith("[")) {
            return false;
        }
        try {
            MAPPER.readTree(output);
            return true;
        } catch (JsonProcessingException e) {
            return false; // a keyring begins with a bracket, too
        }
    }

    private void text(String what, String stock, String ours, List<String> found) {
        String a = masked(stock);
        String b = masked(ours);
        if (!a.equals(b)) {
            found.add(what + ":\n  stock: " + a.replace("\n", "\n         ") + "\n  ours:  "
                    + b.replace("\n", "\n         "));
        }
    }

    private String ordered(String text, boolean anyOrder) {
        return anyOrder ? masked(text).lines().sorted().collect(Collectors.joining("\n")) : text;
    }

    private String masked(String text) {
        String masked = text;
        for (Pattern p : volatileText) {
            // What ends a line is taken out with it.
            masked = p.matcher(masked).replaceAll(p.pattern().endsWith("\\n") ? "" : "~");
        }
        return masked.replaceAll(" +", " ").replaceAll("(?m) $", "");
    }

    private void json(String stock, String ours, List<String> found) {
        try {
            json("", MAPPER.readTree(stock), MAPPER.readTree(ours), found);
        } catch (JsonProcessingException e) {
            found.add("json: " + e.getOriginalMessage() + ": " + ours);
        }
    }

    private void json(String path, JsonNode stock, JsonNode ours, List<String> found) {
        if (stock.getNodeType() != ours.getNodeType()
                || stock.isIntegralNumber() != ours.isIntegralNumber() && !isVolatile(path)) {
            found.add(path + ": " + ours + " for stock's " + stock);
        } else if (stock.isObject()) {
            objects(path, stock, ours, found);
        } else if (stock.isArray()) {
            arrays(path, stock, ours, found);
        } else if (!isVolatile(path) && !same(stock, ours)) {
            found.add(path + ": " + ours + " for stock's " + stock);
        }
    }

    private boolean same(JsonNode stock, JsonNode ours) {
        return stock.isTextual() ? masked(stock.asText()).equals(masked(ours.asText())) : stock.equals(ours);
    }

    private void objects(String path, JsonNode stock, JsonNode ours, List<String> found) {
        List<String> names = names(stock);
        List<String> own = names(ours);
        if (isVolatile(path)) {
            return;
        }
        if (!names.equals(own)) {
            List<String> lacking = new ArrayList<>(names);
            lacking.removeAll(own);
            List<String> extra = new ArrayList<>(own);
            extra.removeAll(names);
            found.add(path + ": "
                    + (lacking.isEmpty() && extra.isEmpty()
                            ? "another order of keys: " + own
                            : "lacks " + lacking + ", has besides " + extra));
        }
        for (String name : names) {
            if (ours.has(name)) {
                json(path.isEmpty() ? name : path + "." + name, stock.get(name), ours.get(name), found);
            }
        }
    }

    private List<String> names(JsonNode object) {
        List<String> names = new ArrayList<>();
        for (Iterator<String> i = object.fieldNames(); i.hasNext(); ) {
            names.add(i.next());
        }
        names.removeIf(this::isIgnored);
        return names;
    }

    private void arrays(String path, JsonNode stock, JsonNode ours, List<String> found) {
        if (volatileArrays.contains(path) || volatileArrays.contains(lastKey(path))) {
            if (!stock.isEmpty() && !ours.isEmpty()) {
                json(path + "[]", stock.get(0), ours.get(0), found);
            }
            return;
        }
        List<JsonNode> mine = elements(path, ours);
        List<JsonNode> theirs = elements(path, stock);
        if (theirs.size() != mine.size()) {
            found.add(path + ": " + mine.size() + " elements for stock's " + theirs.size() + ": " + ours + " for "
                    + stock);
            return;
        }
        for (int i = 0; i < theirs.size(); i++) {
            json(path + "[]", theirs.get(i), mine.get(i), found);
        }
    }

    private List<JsonNode> elements(String path, JsonNode array) {
        List<JsonNode> elements = new ArrayList<>();
        array.forEach(elements::add);
        elements.removeIf(e -> e.isTextual() && isIgnored(e.asText()));
        String key = unordered.get(lastKey(path));
        if (key != null) {
            elements.sort(Comparator.comparing(e -> e.path(key).asText()));
        }
        return elements;
    }

    private boolean isIgnored(String name) {
        return ignored.stream().anyMatch(name::matches);
    }

    private boolean isVolatile(String path) {
        return volatileKeys.contains(path) || volatileKeys.contains(lastKey(path));
    }

    private static String lastKey(String path) {
        return path.substring(path.lastIndexOf('.') + 1);
    }
}
