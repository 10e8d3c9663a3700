package io.spirula.tools.ceph;

import io.spirula.tools.ceph.ArgumentError.Kind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Fits typed words to one command's description, and gives the command's arguments by name. */
final class CommandMatcher {
    private static final Pattern NAMED_EQUALS = Pattern.compile("--([^=]+)=(.+)", Pattern.DOTALL);
    private static final Pattern NAMED = Pattern.compile("--(.+)");
    /** Confirmations that older daemons describe as strings and not as flags. */
    private static final List<String> CONFIRMATIONS = List.of(
            "--yes-i-really-mean-it",
            "--yes-i-really-really-mean-it",
            "--yes-i-really-really-mean-it-not-faking",
            "--force");

    private final CommandSignature signature;
    private final Deque<String> words;
    private final Map<String, Object> values = new LinkedHashMap<>();
    private final boolean injectArgs;
    private int matched;
    private @Nullable String rejected;

    private CommandMatcher(CommandSignature signature, List<String> words) {
        this.signature = signature;
        this.words = new ArrayDeque<>(words);
        this.injectArgs = !words.isEmpty() && words.get(0).equals("injectargs");
    }

    /** The arguments by name, {@code prefix} among them. */
    static Map<String, Object> match(CommandSignature signature, List<String> words) throws ArgumentError {
        return new CommandMatcher(signature, words).match();
    }

    /** How many required places the words fill from the left. */
    static int matchCount(CommandSignature signature, List<String> words, boolean partial) {
        int count = 0;
        int at = 0;
        for (Argument argument : signature.arguments()) {
            for (int seen = 0; seen < argument.count() || argument.many(); seen++) {
                if (at == words.size()) {
                    return count;
                }
                try {
                    valuesOf(words.get(at), argument, false, partial && at == words.size() - 1);
                    at++;
                } catch (ArgumentError e) {
                    if (argument.required()) {
                        return count;
                    }
                    break;
                }
            }
            count += argument.required() ? 1 : 0;
        }
        return count;
    }

    private Map<String, Object> match() throws ArgumentError {
        for (Argument argument : signature.arguments()) {
            fill(argument);
        }
        if (matched < signature.requiredCount()) {
            throw new ArgumentError(Kind.TOO_FEW, "not enough arguments given");
        }
        if (!words.isEmpty()) {
            throw new ArgumentError(
                    Kind.INVALID,
                    "unused arguments: "
                            + words.stream().map(CommandMatcher::quoted).collect(Collectors.joining(", ", "[", "]")),
                    rejected == null ? "" : rejected);
        }
        return values;
    }

    /** As Python shows a text. */
    private static String quoted(String word) {
        char quote = word.indexOf('\'') >= 0 && word.indexOf('"') < 0 ? '"' : '\'';
        return quote + word.replace("\\", "\\\\").replace("" + quote, "\\" + quote) + quote;
    }

    private void fill(Argument argument) throws ArgumentError {
        int seen = 0;
        int limit = argument.count();
        while (seen < limit) {
            String word = words.peek();
            if (word == null) {
                if (!argument.required() || values.containsKey(argument.name()) && !argument.isPrefix()) {
                    return;
                }
                throw absent(argument, seen);
            }
            if (takeNamed(word)) {
                continue;
            }
            refuseStrayOption(word, argument);
            try {
                List<Object> found = valuesOf(word, argument, false, false);
                words.remove();
                store(argument, found);
                matched++;
                rejected = null;
            } catch (ArgumentError e) {
                if (argument.required() && !(argument.many() && seen > 0)) {
                    throw e;
                }
                rejected = word + " not valid:  " + e.getMessage();
                return;
            }
            seen++;
            limit = argument.many() ? seen + 1 : limit;
            if (argument.many() && words.isEmpty()) {
                return;
            }
        }
    }

    private static ArgumentError absent(Argument argument, int seen) {
        if (argument.many()) {
            return new ArgumentError(
                    Kind.INVALID, "saw " + seen + " of " + argument.describe() + ", expected at least 1");
        }
        return argument.count() == 1
                ? new ArgumentError(Kind.MISSING, "missing required parameter " + argument.describe())
                : new ArgumentError(
                        Kind.INVALID, "saw " + seen + " of " + argument.describe() + ", expected " + argument.count());
    }

    /** Takes {@code --name=value}, {@code --name value} or a flag, if it names one of the command's arguments. */
    private boolean takeNamed(String word) throws ArgumentError {
        Matcher equals = NAMED_EQUALS.matcher(word);
        if (equals.matches()) {
            Argument named = byName(equals.group(1));
            if (named == null) {
                return false;
            }
            words.remove();
            storeNamed(named, equals.group(2));
            return true;
        }
        Matcher bare = NAMED.matcher(word);
        Argument named = bare.matches() ? byName(bare.group(1)) : null;
        if (named == null || named.type() != ArgumentType.BOOL && words.size() < 2) {
            return false;
        }
        words.remove();
        storeNamed(named, named.type() == ArgumentType.BOOL ? "true" : words.remove());
        return true;
    }

    private @Nullable Argument byName(String spelled) {
        String name = spelled.replace('-', '_');
        for (Argument argument : signature.arguments()) {
            if (!argument.isPrefix() && argument.name().equals(name)) {
                return argument;
            }
        }
        return null;
    }

    private void storeNamed(Argument argument, String value) throws ArgumentError {
        store(argument, valuesOf(value, argument, true, false));
        matched++;
    }

    /** A mistyped option must not become the value of a positional argument. */
    private void refuseStrayOption(String word, Argument argument) throws ArgumentError {
        boolean value = argument.type() == ArgumentType.CHOICES || CONFIRMATIONS.contains(word) || injectArgs;
        if (word.startsWith("--") && !value) {
            throw new ArgumentError(Kind.INVALID, "Unexpected argument '" + word + "'");
        }
    }

    private static List<Object> valuesOf(String word, Argument argument, boolean named, boolean partial)
            throws ArgumentError {
        List<Object> found = new ArrayList<>();
        boolean commas = argument.many() && (named || argument.type() != ArgumentType.STRING);
        for (String part : commas ? word.split(",", -1) : new String[] {word}) {
            found.add(argument.type().value(part, argument, partial));
        }
        return found;
    }

    private void store(Argument argument, List<Object> found) {
        if (argument.many()) {
            @SuppressWarnings("unchecked")
            List<Object> list = (List<Object>) values.computeIfAbsent(argument.name(), n -> new ArrayList<>());
            list.addAll(found);
        } else if (argument.isPrefix()) {
            values.merge("prefix", found.get(0), (a, b) -> a + " " + b);
        } else {
            values.put(argument.name(), found.get(0));
        }
    }
}
