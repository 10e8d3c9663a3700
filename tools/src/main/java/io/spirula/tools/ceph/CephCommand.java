package io.spirula.tools.ceph;

import io.spirula.common.config.ConfigException;
import io.spirula.common.encoding.Bytes;
import io.spirula.common.message.LogEntry;
import io.spirula.common.types.Errno;
import io.spirula.librados.CommandResult;
import io.spirula.librados.Rados;
import io.spirula.librados.RadosException;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The {@code ceph} command. Options, output and exit codes follow Ceph's ceph.in. */
public final class CephCommand {
    private static final String VERSION = "ceph version 16.2.15 (spirula) pacific (stable)";

    /** What the JDK makes of bytes that are no text. */
    private static final char REPLACEMENT = '\ufffd';

    private static final int LOG_LINES = 10_000;
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'+0000'").withZone(ZoneOffset.UTC);

    private final CephOptions options;
    private final InputStream in;
    private final PrintStream out;
    private final PrintStream err;

    private CephCommand(CephOptions options, InputStream in, PrintStream out, PrintStream err) {
        this.options = options;
        this.in = in;
        this.out = out;
        this.err = err;
    }

    public static void main(String[] args) {
        PrintStream out = new PrintStream(new java.io.FileOutputStream(java.io.FileDescriptor.out), false);
        int code = run(args, System.getenv(), System.in, out, System.err);
        out.flush();
        // Not by the end of main: threads of the client must not keep a command from ending.
        System.exit(code);
    }

    /** @return the exit code: 0, or the errno of what went wrong as stock has it */
    public static int run(
            String[] args, Map<String, String> environment, InputStream in, PrintStream out, PrintStream err) {
        for (int i = 0; i < args.length; i++) {
            if (args[i].indexOf(REPLACEMENT) >= 0) {
                err.println("ceph: word " + (i + 1) + " is no UTF-8 text");
                return 1;
            }
        }
        try {
            return new CephCommand(CephOptions.parse(List.of(args), environment), in, out, err).run();
        } catch (CephOptions.UsageError e) {
            err.print(CephHelp.USAGE);
            err.println("ceph: error: " + e.getMessage());
            return 2;
        } catch (Failure e) {
            err.println(e.getMessage());
            return e.code;
        } catch (ConfigException e) {
            err.println(e.getMessage());
            return 1;
        } catch (RadosException e) {
            err.println(e.getMessage());
            return e.errno() == Errno.EACCES ? Errno.EACCES : 1;
        } catch (IOException e) {
            err.println("ceph: " + e);
            return 1;
        }
    }

    /** What ends the program, with the line that says why. */
    private static final class Failure extends RuntimeException {
        private final int code;

        Failure(int code, String message) {
            super(message, null, false, false);
            this.code = code;
        }
    }

    private int run() throws IOException {
        if (options.version()) {
            out.println(VERSION);
            return 0;
        }
        if (options.adminDaemon() != null) {
            return daemon(AdminClient.of(options.adminDaemon(), options.config()), options.words());
        }
        List<String> first = options.words();
        if (!first.isEmpty() && first.get(0).equals("daemon")) {
            if (first.size() < 3) {
                err.println("daemon requires at least 3 arguments");
                return Errno.EINVAL;
            }
            return daemon(AdminClient.of(first.get(1), options.config()), first.subList(2, first.size()));
        }
        if (first.size() >= 2 && first.get(0).equals("daemonperf")) {
            return daemonPerf(first.subList(1, first.size()));
        }
        if (options.help()) {
            CephHelp.basic(out);
        }
        CommandTarget target;
        try {
            target = CommandTarget.of(options.words());
        } catch (ArgumentError e) {
            err.println("error handling command target: " + e.getMessage());
            return 1;
        }
        List<String> words = options.words();
        if (!words.isEmpty() && words.get(0).equals("tell")) {
            words = words.subList(Math.min(2, words.size()), words.size());
            if (words.isEmpty() && !options.help()) {
                err.println("\"ceph tell\" requires additional arguments."
                        + " Try \"ceph tell <name> <command> [options...]\" instead.");
                return Errno.EINVAL;
            }
        }
        try (Rados rados = Rados.connect(options.config())) {
            CommandLink link = new CommandLink(rados);
            if (options.watch() != null) {
                return watch(rados, link, options.watch());
            }
            boolean told = !target.equals(CommandTarget.MONITORS);
            boolean asks = told && words.equals(List.of("help"));
            if (options.help() || asks) {
                String whose =
                        !told ? "Monitor commands:" : "Tell " + link.kind(target) + " commands" + (asks ? "" : ":");
                CephHelp.heading(whose, out);
                return CephHelp.extended(descriptions(link, target), asks ? List.of() : words, out);
            }
            int last = 0;
            List<CommandTarget> targets = link.expand(target);
            for (CommandTarget one : targets) {
                int code = run(link, one, words, targets.size() > 1);
                last = code != 0 ? code : last;
            }
            return last;
        }
    }

    /** Gives a daemon of this machine a command. */
    private int daemon(AdminClient daemon, List<String> words) throws IOException {
        try {
            List<CommandSignature> commands =
                    CommandDescriptions.parse(daemon.ask(Map.of("prefix", "get_command_descriptions")));
            if (words.isEmpty()) {
                return CephHelp.extended(commands, words, out);
            }
            CommandSearch.@Nullable Found found = new CommandSearch(commands, err).find(words);
            if (found == null) {
                err.println("admin_socket: invalid command");
                return Errno.EINVAL;
            }
            Map<String, Object> arguments = new LinkedHashMap<>(found.arguments());
            arguments.put("format", options.format() == null ? "json-pretty" : options.format());
            byte[] answer = daemon.ask(arguments);
            out.write(answer);
            if (answer.length > 0 && answer[answer.length - 1] != '\n') {
                out.println();
            }
            out.flush();
            return 0;
        } catch (java.net.SocketException e) {
            err.println("admin_socket: exception getting command descriptions: [Errno " + errnoOf(e) + "] "
                    + e.getMessage());
            return Errno.EINVAL;
        }
    }

    /** {@code daemonperf NAME [INTERVAL [COUNT]]}. */
    private int daemonPerf(List<String> words) throws IOException {
        long interval;
        long count;
        try {
            interval = words.size() > 1 ? Long.parseLong(words.get(1)) : 1;
            count = words.size() > 2 ? Long.parseLong(words.get(2)) : -1;
        } catch (NumberFormatException e) {
            err.println("daemonperf: the interval and the count are whole numbers");
            return Errno.EINVAL;
        }
        if (interval < 1) {
            err.println("daemonperf: interval should be a positive number");
            return Errno.EINVAL;
        }
        new DaemonPerf(AdminClient.of(words.get(0), options.config()), out).run(interval, count);
        return 0;
    }

    /** The cluster's state, and then its log as it grows, until somebody ends this. */
    private int watch(Rados rados, CommandLink link, String level) throws IOException {
        print(link.send(CommandTarget.MONITORS, Map.of("prefix", "status"), Bytes.EMPTY), "", false);
        out.println();
        BlockingQueue<LogEntry> lines = new ArrayBlockingQueue<>(LOG_LINES);
        rados.watchLog(level, line -> {
            if (!lines.offer(line)) {
                lines.poll(); // whoever reads too slowly misses the oldest
                lines.offer(line);
            }
        });
        String channel = options.watchChannel();
        try {
            while (!out.checkError()) {
                LogEntry line = lines.poll(1, TimeUnit.SECONDS);
                if (line != null && (channel.equals("*") || channel.equals(line.channel()))) {
                    out.println(
                            STAMP.format(line.stamp()) + " " + line.name() + " [" + line.level() + "] " + line.text());
                }
                out.flush();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return 0;
    }

    private int run(CommandLink link, CommandTarget target, List<String> words, boolean several) throws IOException {
        List<CommandSignature> commands = descriptions(link, target);
        if (options.completion()) {
            CephHelp.complete(commands, words, out);
            return 0;
        }
        if (words.isEmpty()) {
            return new Interpreter(line -> answer(execute(link, CommandTarget.MONITORS, commands, line)), in, out)
                    .run();
        }
        CommandResult result = execute(link, target, commands, words);
        return print(result, several ? link.name(target) + ": " : "", several);
    }

    private static List<CommandSignature> descriptions(CommandLink link, CommandTarget target) throws IOException {
        CommandResult answer;
        try {
            answer = link.send(target, Map.of("prefix", "get_command_descriptions"), Bytes.EMPTY);
        } catch (RadosException e) {
            if (e.errno() != Errno.ENOENT) {
                throw e;
            }
            answer = new CommandResult(-Errno.ENOENT, "", Bytes.EMPTY);
        }
        if (answer.code() < 0) {
            throw new Failure(
                    -answer.code(),
                    "Error " + Errno.nameOf(-answer.code()) + ": problem getting command descriptions from "
                            + link.name(target));
        }
        return CommandDescriptions.parse(answer.output().toReadOnlyArray());
    }

    private CommandResult execute(
            CommandLink link, CommandTarget target, List<CommandSignature> commands, List<String> words)
            throws IOException {
        CommandSearch.@Nullable Found found = new CommandSearch(commands, err).find(words);
        if (found == null) {
            return new CommandResult(-Errno.EINVAL, "invalid command", Bytes.EMPTY);
        }
        Map<String, Object> arguments = new LinkedHashMap<>(found.arguments());
        if (options.format() != null) {
            arguments.put("format", options.format());
        }
        if (options.verbose()) {
            err.println("Submitting command: " + arguments);
        }
        boolean managers = found.signature().has(CommandSignature.MGR) && target instanceof CommandTarget.Monitor;
        return link.send(managers ? new CommandTarget.Mgr() : target, arguments, input());
    }

    private Bytes input() throws IOException {
        String file = options.inputFile();
        if (file == null) {
            return Bytes.EMPTY;
        }
        try {
            return Bytes.wrap(file.equals("-") ? in.readAllBytes() : Files.readAllBytes(Path.of(file)));
        } catch (IOException e) {
            throw new Failure(1, "Can't open input file " + file + ": " + reason(e, file));
        }
    }

    /** The interpreter's answer to a line: a blank line after each output sets it apart. */
    private void answer(CommandResult result) {
        Bytes output = result.output();
        if (!output.isEmpty()) {
            out.write(output.backingArray(), output.backingOffset(), output.size());
            out.println();
        }
        out.flush();
        if (result.code() < 0) {
            err.println("Error " + Errno.nameOf(-result.code()) + ": " + result.status());
        } else if (!result.status().isEmpty()) {
            err.println(result.status());
        }
    }

    /** As Python says it. */
    private static String reason(IOException e, String file) {
        int errno = errnoOf(e);
        return errno == 0 ? e.toString() : "[Errno " + errno + "] " + Errno.textOf(errno) + ": '" + file + "'";
    }

    private static int errnoOf(IOException e) {
        return switch (e) {
            case NoSuchFileException f -> Errno.ENOENT;
            case AccessDeniedException f -> Errno.EACCES;
            default -> {
                String text = String.valueOf(e.getMessage());
                yield text.contains(Errno.textOf(Errno.ENOENT))
                        ? Errno.ENOENT
                        : text.contains("Connection refused") ? Errno.ECONNREFUSED : 0;
            }
        };
    }

    private int print(CommandResult result, String prefix, boolean several) throws IOException {
        Bytes output = result.output();
        String file = options.outputFile();
        if (file != null && !file.equals("-")) {
            try {
                Files.write(Path.of(file), output.toReadOnlyArray());
            } catch (IOException e) {
                throw new Failure(1, "Can't open output file " + file + ": " + reason(e, file));
            }
        } else {
            if (options.format() != null && options.format().startsWith("json")) {
                out.println(); // stock puts an empty line there, which some readers skip
            }
            if (!output.isEmpty()) {
                out.print(prefix);
                out.write(output.backingArray(), output.backingOffset(), output.size());
                if (several) {
                    out.println();
                }
            }
        }
        out.flush();
        if (result.code() < 0) {
            err.println("Error " + Errno.nameOf(-result.code()) + ": " + result.status());
            return -result.code();
        }
        if (!result.status().isEmpty()) {
            err.println(prefix + result.status());
        }
        return 0;
    }

    /** Splits a line of the interpreter as a shell does: words, quotes, backslashes. */
    static List<String> words(String line) {
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        boolean begun = false;
        char quote = 0;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c == '\\' && quote != '\'' && i + 1 < line.length()) {
                word.append(line.charAt(++i));
                begun = true;
            } else if (quote != 0) {
                if (c == quote) {
                    quote = 0;
                } else {
                    word.append(c);
                }
            } else if (c == '"' || c == '\'') {
                quote = c;
                begun = true;
            } else if (Character.isWhitespace(c)) {
                if (begun) {
                    words.add(word.toString());
                    word.setLength(0);
                    begun = false;
                }
            } else {
                word.append(c);
                begun = true;
            }
        }
        if (begun) {
            words.add(word.toString());
        }
        return words;
    }
}
