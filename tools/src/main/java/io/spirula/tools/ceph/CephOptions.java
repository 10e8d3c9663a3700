package io.spirula.tools.ceph;

import io.spirula.common.config.CommonOptions;
import io.spirula.common.config.Config;
import io.spirula.common.types.EntityType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What the user typed, apart: the options of the {@code ceph} program itself, and the words that are the command.
 *
 * @param format {@code json}, {@code json-pretty}, {@code plain}, …, or null for what the command prints by itself
 * @param watch the cluster log's least level to follow, or null
 */
record CephOptions(
        Config config,
        List<String> words,
        @Nullable String format,
        @Nullable String inputFile,
        @Nullable String outputFile,
        @Nullable String watch,
        String watchChannel,
        @Nullable String adminDaemon,
        boolean help,
        boolean version,
        boolean verbose,
        boolean completion) {

    private static final List<String> FORMATS = List.of("json", "json-pretty", "xml", "xml-pretty", "plain", "yaml");
    private static final Map<String, String> VALUED = Map.of(
            "-f", "format",
            "--format", "format",
            "-i", "in",
            "--in-file", "in",
            "-o", "out",
            "--out-file", "out",
            "--admin-daemon", "daemon",
            "-W", "channel",
            "--watch-channel", "channel");

    /** How messages name those that have two names. */
    private static final Map<String, String> NAMES = Map.of(
            "-f", "-f/--format",
            "--format", "-f/--format",
            "-i", "-i/--in-file",
            "--in-file", "-i/--in-file",
            "-o", "-o/--out-file",
            "--out-file", "-o/--out-file",
            "-W", "-W/--watch-channel",
            "--watch-channel", "-W/--watch-channel");

    /** What is not used as it is meant; the message says what. */
    static final class UsageError extends RuntimeException {
        UsageError(String message) {
            super(message);
        }
    }

    /** Throws UsageError, or ConfigException with a line for the user. */
    static CephOptions parse(List<String> arguments, Map<String, String> environment) {
        CommonOptions common =
                CommonOptions.parse(arguments, EntityType.CLIENT, CommonOptions.Kind.CLIENT, environment);
        Map<String, String> given = new LinkedHashMap<>();
        List<String> words = new ArrayList<>();
        List<String> rest = common.rest();
        for (int i = 0; i < rest.size(); i++) {
            String word = rest.get(i);
            int equals = word.startsWith("--") ? word.indexOf('=') : -1;
            String valued = VALUED.get(equals < 0 ? word : word.substring(0, equals));
            if (word.equals("--")) {
                words.addAll(rest.subList(i + 1, rest.size()));
                break;
            } else if (valued != null) {
                if (equals < 0 && i + 1 == rest.size()) {
                    throw new UsageError("argument " + NAMES.getOrDefault(word, word) + ": expected one argument");
                }
                given.put(valued, equals < 0 ? rest.get(++i) : word.substring(equals + 1));
            } else if (!takeFlag(word, given, words)) {
                words.add(word);
            }
        }
        String format = given.get("format");
        if (format != null && !FORMATS.contains(format)) {
            throw new UsageError("argument -f/--format: invalid choice: '" + format + "' (choose from "
                    + FORMATS.stream().map(f -> "'" + f + "'").collect(Collectors.joining(", ")) + ")");
        }
        String watch = given.get("watch");
        return new CephOptions(
                common.config(),
                List.copyOf(words),
                format,
                given.get("in"),
                given.get("out"),
                watch == null && given.containsKey("channel") ? "info" : watch,
                given.getOrDefault("channel", "cluster"),
                given.get("daemon"),
                given.containsKey("help"),
                given.containsKey("version"),
                given.containsKey("verbose"),
                given.containsKey("completion"));
    }

    private static boolean takeFlag(String word, Map<String, String> given, List<String> words) {
        switch (word) {
            case "-h", "--help" -> given.put("help", "");
            case "-v", "--version" -> given.put("version", "");
            case "--verbose" -> given.put("verbose", "");
            case "--concise" -> given.remove("verbose");
            case "--completion" -> given.put("completion", "");
            case "-s", "--status" -> words.add(0, "status");
            case "-w", "--watch", "--watch-info" -> given.put("watch", "info");
            case "--watch-debug" -> given.put("watch", "debug");
            case "--watch-sec" -> given.put("watch", "sec");
            case "--watch-warn" -> given.put("watch", "warn");
            case "--watch-error" -> given.put("watch", "error");
            default -> {
                return false;
            }
        }
        return true;
    }
}
