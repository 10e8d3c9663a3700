package io.spirula.tools.rados;

import io.spirula.common.config.ConfigException;
import io.spirula.common.config.ConfigValues;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The rados command's own options and its words, in any order. */
final class RadosArguments {
    /** Options with a value, by every spelling, and the name by which they are asked for. */
    private static final Map<String, String> VALUED = Map.ofEntries(
            Map.entry("-p", "pool"),
            Map.entry("--pool", "pool"),
            Map.entry("-N", "namespace"),
            Map.entry("--namespace", "namespace"),
            Map.entry("--object-locator", "object-locator"),
            Map.entry("--object_locator", "object-locator"),
            Map.entry("-f", "format"),
            Map.entry("--format", "format"),
            Map.entry("-b", "block-size"),
            Map.entry("--block-size", "block-size"),
            Map.entry("-O", "object-size"),
            Map.entry("--object-size", "object-size"),
            Map.entry("-t", "concurrent-ios"),
            Map.entry("--concurrent-ios", "concurrent-ios"),
            Map.entry("--max-objects", "max-objects"),
            Map.entry("--run-name", "run-name"),
            Map.entry("--prefix", "prefix"),
            Map.entry("--offset", "offset"),
            Map.entry("--input-file", "input-file"),
            Map.entry("--omap-key-file", "omap-key-file"),
            Map.entry("--target-pool", "target-pool"),
            Map.entry("--target-locator", "target-locator"),
            Map.entry("--target-nspace", "target-nspace"),
            Map.entry("--pgid", "pgid"),
            Map.entry("--obj-name-file", "obj-name-file"));

    private static final Set<String> FLAGS = Set.of(
            "--all",
            "--default",
            "--create",
            "--force-full",
            "--no-cleanup",
            "--no-hints",
            "--no-verify",
            "--show-time",
            "--reuse-bench",
            "--write-object",
            "--yes-i-really-really-mean-it",
            "--yes-i-really-mean-it",
            "--no-mon-config",
            "--dry-run",
            "--no-overwrite",
            "--help",
            "-h",
            "--version",
            "-v");

    private final List<String> words = new ArrayList<>();
    private final Map<String, String> values = new HashMap<>();
    private final Set<String> flags = new HashSet<>();

    private RadosArguments() {}

    static RadosArguments parse(List<String> arguments) {
        RadosArguments parsed = new RadosArguments();
        int i = 0;
        while (i < arguments.size()) {
            String word = arguments.get(i++);
            int equals = word.startsWith("--") ? word.indexOf('=') : -1;
            String option = equals < 0 ? word : word.substring(0, equals);
            String name = VALUED.get(option);
            if (word.equals("--")) {
                parsed.words.addAll(arguments.subList(i, arguments.size()));
                break;
            } else if (name != null) {
                if (equals < 0 && i == arguments.size()) {
                    throw new UsageException("Option " + option + " requires an argument.");
                }
                parsed.values.put(name, equals < 0 ? arguments.get(i++) : word.substring(equals + 1));
            } else if (FLAGS.contains(word)) {
                parsed.flags.add(word);
            } else if (word.startsWith("-") && word.length() > 1 && !word.matches("-\\d+")) {
                throw new UsageException("unrecognized option " + word + "; -h or --help for usage");
            } else {
                parsed.words.add(word);
            }
        }
        return parsed;
    }

    List<String> words() {
        return words;
    }

    boolean has(String flag) {
        return flags.contains(flag);
    }

    @Nullable
    String find(String name) {
        return values.get(name);
    }

    String get(String name, String fallback) {
        return values.getOrDefault(name, fallback);
    }

    /** A number with an optional unit. */
    long size(String name, long fallback) {
        String value = values.get(name);
        try {
            return value == null ? fallback : ConfigValues.size("--" + name, value);
        } catch (ConfigException e) {
            throw new UsageException("Invalid value for " + name + ": '" + value + "'");
        }
    }
}
