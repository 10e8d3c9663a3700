package io.spirula.it.interop;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.spirula.common.encoding.Bytes;
import io.spirula.common.types.PgId;
import io.spirula.librados.CommandResult;
import io.spirula.librados.Rados;
import io.spirula.tools.ceph.TypedCommand;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.regex.Pattern;

/** Runs a table on a cluster. */
final class CommandRun {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final String HOST = hostName();
    private static final int EINVAL = 22;
    /** More than {@code mgr stats period}. */
    private static final long CALM_NANOS = 2_500_000_000L;

    private static final long PAUSE_NANOS = 50_000_000;

    private final Rados rados;
    /** How words become arguments: as stock describes its commands, on either cluster. */
    private final Function<List<String>, TypedCommand> tool;

    private final boolean ours;
    private final List<CommandAnswer> answers = new ArrayList<>();
    private Bytes last = Bytes.EMPTY;

    CommandRun(Rados rados, Function<List<String>, TypedCommand> tool, boolean ours) {
        this.rados = rados;
        this.tool = tool;
        this.ours = ours;
    }

    private static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }

    List<CommandAnswer> run(CommandTable table) {
        for (CommandTable.Line line : table.lines()) {
            switch (line.kind()) {
                case INPUT -> last = Bytes.wrap(line.text().getBytes(StandardCharsets.ISO_8859_1));
                case SETTLE -> settle();
                case UNTIL -> await(line.text() + " says " + line.awaited(), () -> says(line));
                case RAW -> raw(line);
                case REFUSED -> refused(line);
                case TYPED -> typed(line);
            }
        }
        return answers;
    }

    private void refused(CommandTable.Line line) {
        if (ours) {
            raw(line);
        } else {
            answers.add(new CommandAnswer(line.number(), line.text(), "", "", "plain", -EINVAL, CommandAnswer.ANY, ""));
        }
    }

    private void raw(CommandTable.Line line) {
        boolean manager = line.text().startsWith("mgr {");
        boolean marked = manager || line.text().startsWith("raw ");
        String json = marked ? line.text().substring(4) : line.text();
        ask(line, manager ? "mgr" : "mon", json, "plain");
    }

    private void typed(CommandTable.Line line) {
        List<String> words = TypedCommand.words(line.text());
        if (words.get(0).equals("tell") && line.text().endsWith("}")) {
            ask(line, words.get(1), line.text().split(" ", 3)[2], "plain");
            return;
        }
        if (words.get(0).equals("tell")) {
            forDaemon(line, words.get(1), words.subList(2, words.size()));
            return;
        }
        if (words.get(0).equals("pg") && words.size() > 2 && words.get(1).matches("\\d+\\.[0-9a-f]+")) {
            forDaemon(line, "pg." + words.get(1), words.subList(2, words.size()));
            return;
        }
        TypedCommand command = parsed(line, words);
        String target = command.forManager() ? "mgr" : "mon";
        ask(line, target, command.json(), "plain");
        if (!command.changes()) {
            ask(line, target, with(command.json(), "format", "json"), "json");
        }
    }

    /** OSDs describe themselves to nobody here: all words are the prefix. */
    private void forDaemon(CommandTable.Line line, String target, List<String> words) {
        String json = with("{}", "prefix", String.join(" ", words));
        if (target.startsWith("pg.")) {
            json = with(json, "pgid", target.substring(3));
        }
        ask(line, target, json, "plain");
    }

    private TypedCommand parsed(CommandTable.Line line, List<String> words) {
        try {
            return tool.apply(words);
        } catch (IllegalArgumentException e) {
            throw new AssertionError("line " + line.number() + ", '" + line.text() + "': " + e.getMessage(), e);
        }
    }

    private static String with(String json, String name, String value) {
        try {
            ObjectNode node = (ObjectNode) MAPPER.readTree(json);
            return MAPPER.writeValueAsString(node.put(name, value));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void ask(CommandTable.Line line, String target, String json, String format) {
        CommandResult result = send(target, json, line.piped() ? last : Bytes.EMPTY);
        if (format.equals("plain")) {
            last = result.output();
        }
        if (line.compared()) {
            answers.add(new CommandAnswer(
                    line.number(), line.text(), target, json, format, result.code(), result.status(), text(result)));
        }
    }

    private CommandResult send(String target, String json, Bytes input) {
        if (target.equals("mon")) {
            return rados.monCommand(json, input);
        }
        if (target.equals("mgr")) {
            return rados.mgrCommand(json, input);
        }
        if (target.startsWith("mon.")) {
            return rados.tellMonitor(target.substring(4), json, input);
        }
        rados.latestOsdMap();
        String id = target.substring(target.indexOf('.') + 1);
        return target.startsWith("pg.")
                ? rados.pgCommand(PgId.parse(id), json, input)
                : rados.osdCommand(Integer.parseInt(id), json, input);
    }

    /** The output, with a word instead of the name of the host that the daemons run on. */
    private static String text(CommandResult result) {
        byte[] bytes = result.output().toArray();
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            return text.replaceAll("\\b(" + Pattern.quote(HOST) + "|localhost)\\b", "HOST");
        } catch (CharacterCodingException e) {
            return "base64:" + Base64.getEncoder().encodeToString(bytes);
        }
    }

    /** Until all groups are active and clean, and have been for longer than it takes a change to be reported. */
    private void settle() {
        long[] since = {0};
        await("all groups are active and clean", () -> {
            since[0] = !isSettled() ? 0 : since[0] == 0 ? System.nanoTime() : since[0];
            return since[0] != 0 && System.nanoTime() - since[0] > CALM_NANOS;
        });
    }

    private boolean isSettled() {
        CommandResult result = rados.mgrCommand(
                "{\"prefix\":\"pg dump\",\"format\":\"json\",\"dumpcontents\":[\"pgs_brief\"]}", Bytes.EMPTY);
        CommandResult pools = rados.monCommand("{\"prefix\":\"osd dump\",\"format\":\"json\"}");
        try {
            int wanted = 0;
            for (JsonNode pool : MAPPER.readTree(pools.output().toArray()).path("pools")) {
                wanted += pool.path("pg_num").asInt();
            }
            JsonNode groups = MAPPER.readTree(result.output().toArray()).path("pg_stats");
            for (JsonNode group : groups) {
                if (!group.path("state").asText().equals("active+clean")) {
                    return false;
                }
            }
            return groups.size() == wanted;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private boolean says(CommandTable.Line line) {
        TypedCommand command = parsed(line, TypedCommand.words(line.text()));
        CommandResult result =
                send(command.forManager() ? "mgr" : "mon", with(command.json(), "format", "json"), Bytes.EMPTY);
        String output = text(result).replace(" ", "");
        return line.awaited().startsWith("!")
                ? !output.contains(line.awaited().substring(1))
                : output.contains(line.awaited());
    }

    private static void await(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("after " + PATIENCE.toSeconds() + " s it is still not so that " + what);
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }
}
