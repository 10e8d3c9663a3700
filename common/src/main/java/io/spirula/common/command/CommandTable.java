package io.spirula.common.command;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.spirula.common.encoding.Bytes;
import io.spirula.common.types.Errno;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** All commands of one daemon, with who carries each out. */
public final class CommandTable {
    /** What tools ask first. */
    public static final String DESCRIPTIONS = "get_command_descriptions";

    /**
     * A command and who carries it out.
     *
     * @param later who does where it takes its time; then {@code handler} only says so
     */
    public record Command(
            CommandSpec spec, Handler handler, @Nullable LaterHandler later) {}

    /** Several commands may begin with the same words and differ in their arguments. */
    private final Map<String, List<Command>> byPrefix = new LinkedHashMap<>();

    public CommandTable add(
            String signature, String help, String module, String permission, int flags, Handler handler) {
        CommandSpec spec = CommandSpec.parse(signature, help, module, permission, flags);
        byPrefix.computeIfAbsent(spec.prefix(), p -> new ArrayList<>()).add(new Command(spec, handler, null));
        return this;
    }

    public CommandTable addLater(String signature, String help, String module, String permission, LaterHandler later) {
        CommandSpec spec = CommandSpec.parse(signature, help, module, permission, 0);
        Handler now = call -> Outcome.refused(Errno.EOPNOTSUPP, "this takes its time");
        byPrefix.computeIfAbsent(spec.prefix(), p -> new ArrayList<>()).add(new Command(spec, now, later));
        return this;
    }

    public CommandTable add(String signature, String help, String module, String permission, Handler handler) {
        return add(signature, help, module, permission, 0, handler);
    }

    public List<Command> all() {
        return byPrefix.values().stream().flatMap(List::stream).toList();
    }

    /** Carries a call out at once: for a daemon whose commands need no commit. */
    public Outcome run(CommandCall call) {
        if (call.prefix().equals(DESCRIPTIONS)) {
            return Outcome.output(descriptions(all().stream().map(Command::spec).toList()));
        }
        Command command = find(call);
        if (command == null) {
            return Outcome.refused(Errno.EINVAL, "unknown command prefix " + CommandCall.shown(call.prefix()));
        }
        String mismatch = call.mismatch(command.spec());
        if (mismatch != null) {
            return Outcome.refused(Errno.EINVAL, mismatch);
        }
        try {
            return command.handler().handle(call);
        } catch (Refusal r) {
            return Outcome.refused(r.errno(), r.text());
        }
    }

    /** Carries a call out, at once or in its time. */
    public void run(CommandCall call, Consumer<Outcome> done) {
        Command command = find(call);
        if (command == null || command.later() == null || call.mismatch(command.spec()) != null) {
            done.accept(run(call));
        } else {
            command.later().handle(call, done);
        }
    }

    /** The command that a call means, or null. Of several with the same words the one is meant that knows the most of the arguments that are given, and whose arguments fit. */
    public @Nullable Command find(CommandCall call) {
        List<Command> candidates = byPrefix.get(call.prefix());
        if (candidates == null) {
            return null;
        }
        Command best = candidates.get(0);
        int bestRank = -1;
        for (Command c : candidates) {
            int known = (int) c.spec().arguments().stream()
                    .filter(a -> call.has(a.name()))
                    .count();
            int rank = candidates.size() == 1 ? 0 : 2 * known + (call.mismatch(c.spec()) == null ? 1 : 0);
            if (rank > bestRank) {
                best = c;
                bestRank = rank;
            }
        }
        return best;
    }

    /** The answer to {@code get_command_descriptions}: signatures as {@code cmd000}, {@code cmd001}, … in JSON. */
    public static Bytes descriptions(List<CommandSpec> specs) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(1 << 16);
        try (JsonGenerator json = new JsonFactory().createGenerator(out)) {
            json.writeStartObject();
            for (int i = 0; i < specs.size(); i++) {
                json.writeObjectFieldStart(String.format("cmd%03d", i));
                describe(specs.get(i), json);
                json.writeEndObject();
            }
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Bytes.wrap(out.toByteArray());
    }

    private static void describe(CommandSpec spec, JsonGenerator json) throws IOException {
        json.writeArrayFieldStart("sig");
        for (String word : spec.words()) {
            json.writeString(word);
        }
        for (Argument argument : spec.arguments()) {
            json.writeStartObject();
            for (Map.Entry<String, String> attribute : argument.attributes().entrySet()) {
                json.writeStringField(attribute.getKey(), attribute.getValue());
            }
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeStringField("help", spec.help());
        json.writeStringField("module", spec.module());
        json.writeStringField("perm", spec.permission());
        json.writeNumberField("flags", spec.flags());
    }
}
