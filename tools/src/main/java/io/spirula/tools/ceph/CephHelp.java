package io.spirula.tools.ceph;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;

/** What {@code ceph --help} and the shell's completion print. */
final class CephHelp {
    private static final int HELP_COLUMN = 40;
    private static final int WIDTH = 100;

    private CephHelp() {}

    static void basic(PrintStream out) {
        out.print("""

             General usage:
             ==============
            usage: ceph [-h] [-c CEPHCONF] [-i INPUT_FILE] [-o OUTPUT_FILE]
                        [--id CLIENT_ID] [--name CLIENT_NAME] [-k KEYRING] [-m MON_HOST]
                        [--cluster CLUSTER] [-s] [-w] [--watch-debug] [--watch-info]
                        [--watch-sec] [--watch-warn] [--watch-error] [-W WATCH_CHANNEL]
                        [--version] [--verbose] [--concise]
                        [-f {json,json-pretty,xml,xml-pretty,plain,yaml}]
                        [--connect-timeout CLUSTER_TIMEOUT]
                        [COMMAND [ARGUMENT ...]]

             Local commands:
             ===============
            tell <name.id> <command> [options...]   Send a command to a daemon.
            tell <name.id> help                     List a daemon's commands.

            """);
    }

    /** The commands that begin with some words, with their help. */
    static int extended(List<CommandSignature> commands, List<String> words, PrintStream out) {
        out.println("\n Monitor commands:\n =================");
        commands.stream()
                .filter(c -> !c.has(CommandSignature.OBSOLETE)
                        && !c.has(CommandSignature.DEPRECATED)
                        && !c.has(CommandSignature.HIDDEN))
                .filter(c -> words.isEmpty()
                        || CommandMatcher.matchCount(c, words, true) >= Math.min(words.size(), c.requiredCount()))
                .sorted(Comparator.comparing(CommandSignature::usage))
                .forEach(c -> describe(c, out));
        return 0;
    }

    private static void describe(CommandSignature command, PrintStream out) {
        List<String> usage = wrap(command.usage(), HELP_COLUMN - 1);
        List<String> help = wrap(command.help(), WIDTH - HELP_COLUMN);
        for (int i = 0; i < Math.max(usage.size(), help.size()); i++) {
            String left = i < usage.size() ? usage.get(i) : "";
            String right = i < help.size() ? help.get(i) : "";
            out.println((left + " ".repeat(Math.max(1, HELP_COLUMN - left.length())) + right).stripTrailing());
        }
    }

    private static List<String> wrap(String text, int width) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (String word : text.split("\\s+")) {
            if (!line.isEmpty() && line.length() + 1 + word.length() > width) {
                lines.add(line.toString());
                line.setLength(0);
                line.append(' ');
            }
            line.append(line.isEmpty() || line.charAt(line.length() - 1) == ' ' ? "" : " ")
                    .append(word);
        }
        lines.add(line.toString());
        return lines;
    }

    /** Prints what could stand where the last word begins, a line each. */
    static void complete(List<CommandSignature> commands, List<String> words, PrintStream out) {
        TreeSet<String> found = new TreeSet<>();
        CommandSignature only = null;
        int matching = 0;
        for (CommandSignature command : commands) {
            if (command.has(CommandSignature.OBSOLETE) || command.has(CommandSignature.HIDDEN)) {
                continue;
            }
            int place = placeOfLastWord(command, words);
            if (place >= 0) {
                matching++;
                only = command;
                if (place < command.arguments().size() && !words.isEmpty()) {
                    found.addAll(command.arguments().get(place).completions(words.get(words.size() - 1)));
                }
            }
        }
        if (matching == 1 && found.isEmpty() && only != null) {
            found.add(" ");
            found.add("#" + only.help());
        }
        out.println(String.join("\n", found));
    }

    /** Which argument the last word would be, or -1 where the words before it are not this command's. */
    private static int placeOfLastWord(CommandSignature command, List<String> words) {
        int place = 0;
        for (String word : words.subList(0, Math.max(0, words.size() - 1))) {
            if (place == command.arguments().size()) {
                return -1;
            }
            Argument argument = command.arguments().get(place);
            if (argument.required() && !argument.completions(word).contains(word)) {
                return -1;
            }
            place += argument.many() ? 0 : 1;
        }
        return place;
    }
}
