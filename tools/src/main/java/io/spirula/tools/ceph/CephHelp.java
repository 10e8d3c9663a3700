package io.spirula.tools.ceph;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;

/** What {@code ceph --help} and the shell's completion print. */
final class CephHelp {
    private static final int COLUMN = 40;
    /** Lines are broken after anything but these. */
    private static final String UNBROKEN = "{[<>]}";

    static final String USAGE = """
            usage: ceph [-h] [-c CEPHCONF] [-i INPUT_FILE] [-o OUTPUT_FILE] [-k KEYRING]
                        [-m MON_HOST] [--id CLIENT_ID] [--name CLIENT_NAME]
                        [--cluster CLUSTER] [--admin-daemon ADMIN_SOCKET] [-s] [-w]
                        [--watch-debug] [--watch-info] [--watch-sec] [--watch-warn]
                        [--watch-error] [-W WATCH_CHANNEL] [--version] [--verbose]
                        [--concise] [-f {json,json-pretty,xml,xml-pretty,plain,yaml}]
                        [--connect-timeout CLUSTER_TIMEOUT]
            """;

    private CephHelp() {}

    /** A heading as Ceph's tool has it, with a blank on either side. */
    static void heading(String text, PrintStream out) {
        out.println("\n " + text + " \n " + "=".repeat(text.length()));
    }

    static void basic(PrintStream out) {
        heading("General usage:", out);
        out.print(USAGE);
        out.print("""

            Ceph administration tool

            options:
              -h, --help            request mon help
              -c CEPHCONF, --conf CEPHCONF
                                    ceph configuration file
              -i INPUT_FILE, --in-file INPUT_FILE
                                    input file, or "-" for stdin
              -o OUTPUT_FILE, --out-file OUTPUT_FILE
                                    output file, or "-" for stdout
              -k KEYRING, --keyring KEYRING
                                    keyring of the client
              -m MON_HOST, --mon-host MON_HOST
                                    addresses of the monitors
              --id CLIENT_ID, --user CLIENT_ID
                                    client id for authentication
              --name CLIENT_NAME, -n CLIENT_NAME
                                    client name for authentication
              --cluster CLUSTER     cluster name
              --admin-daemon ADMIN_SOCKET
                                    submit admin-socket commands ("help" for help)
              -s, --status          show cluster status
              -w, --watch           watch live cluster changes
              --watch-debug         watch debug events
              --watch-info          watch info events
              --watch-sec           watch security events
              --watch-warn          watch warn events
              --watch-error         watch error events
              -W WATCH_CHANNEL, --watch-channel WATCH_CHANNEL
                                    watch live cluster changes on a specific channel
                                    (e.g., cluster, audit, or '*' for all)
              --version, -v         display version
              --verbose             make verbose
              --concise             make less verbose
              -f {json,json-pretty,xml,xml-pretty,plain,yaml}, --format {json,json-pretty,xml,xml-pretty,plain,yaml}
              --connect-timeout CLUSTER_TIMEOUT
                                    set a timeout for connecting to the cluster
            """);
        heading("Local commands:", out);
        out.print("""

            daemon {type.id|path} <cmd>
                                    Same as --admin-daemon, but auto-find admin socket
            daemonperf {type.id | path} [<interval>] [<count>]
                                    Get selected perf stats from daemon/admin socket
                                    Run <count> times (default forever),
                                     once per <interval> seconds (default 1)

            """);
    }

    /** The commands whose line begins with some words, with their help, in two columns. */
    static int extended(List<CommandSignature> commands, List<String> words, PrintStream out) {
        String beginning = String.join(" ", words);
        commands.stream()
                .filter(c -> !c.help().isEmpty()
                        && !c.has(CommandSignature.OBSOLETE)
                        && !c.has(CommandSignature.DEPRECATED)
                        && !c.has(CommandSignature.HIDDEN))
                .filter(c -> c.usage().startsWith(beginning))
                .sorted(Comparator.comparing(CommandSignature::usage))
                .forEach(c -> describe(c, out));
        return 0;
    }

    private static void describe(CommandSignature command, PrintStream out) {
        List<String> usage = broken(command.usage(), COLUMN - 1);
        List<String> help = broken(command.help(), COLUMN);
        for (int i = 0; i < Math.max(usage.size(), help.size()); i++) {
            String left = i < usage.size() ? usage.get(i) : "";
            String right = i < help.size() ? help.get(i) : "";
            out.println(left + " ".repeat(Math.max(0, COLUMN - left.length())) + right);
        }
    }

    /** A text in lines of a width at most; those after the first begin with a blank. */
    static List<String> broken(String text, int width) {
        List<String> lines = new ArrayList<>();
        String rest = text;
        while (!rest.isEmpty()) {
            int room = lines.isEmpty() ? width : width - 1;
            int end = rest.length() <= room ? rest.length() : lastBreak(rest, room);
            String line = rest.substring(0, end);
            lines.add((lines.isEmpty() ? "" : " ") + (end == rest.length() ? line : line.stripLeading()));
            rest = rest.substring(end);
        }
        return lines;
    }

    private static int lastBreak(String text, int width) {
        for (int end = width; end > 0; end--) {
            char before = text.charAt(end - 1);
            boolean letter = before >= 'a' && before <= 'z' || before >= 'A' && before <= 'Z';
            if (!letter && UNBROKEN.indexOf(before) < 0) {
                return end;
            }
        }
        return width;
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
