package io.spirula.mon.service;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.spirula.common.command.CommandCall;
import io.spirula.common.command.CommandTable;
import io.spirula.common.command.Json;
import io.spirula.common.command.Outcome;
import io.spirula.common.config.Config;
import io.spirula.common.encoding.Bytes;
import io.spirula.common.env.Clock;
import io.spirula.common.format.TextTable;
import io.spirula.common.maps.HealthCheck;
import io.spirula.common.types.Errno;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reports of daemons that crashed, kept among the keys where stock's manager keeps them. Its module answers with positive error numbers, which tools do not take for errors. Source: pybind/mgr/crash/module.py. */
public final class CrashCommands {
    private static final String KEYS = "mgr/crash/crash/";
    private static final String ID = "crash_id";
    private static final ObjectMapper MAPPER =
            new ObjectMapper().configure(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS, true);
    private static final DateTimeFormatter ARCHIVED =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSSSSS").withZone(ZoneOffset.UTC);
    private static final Pattern ASSERTION = Pattern.compile("(?s)(.*) thread .* time .*(: .*)\n");

    private final ConfigKeyService keys;
    private final Config config;
    private final Clock clock;

    public CrashCommands(ConfigKeyService keys, Config config, Clock clock) {
        this.keys = keys;
        this.config = config;
        this.clock = clock;
    }

    public void register(CommandTable table) {
        String id = " name=id,type=CephString";
        table.add("crash ls", "Show new and archived crash dumps", "mgr", "r", 8, c -> list(c, crash -> true));
        table.add("crash ls-new", "Show new crash dumps", "mgr", "r", 8, c -> list(c, CrashCommands::isNew));
        table.add("crash info" + id, "show crash dump metadata", "mgr", "r", 8, this::info);
        table.add("crash post", "Add a crash dump (use -i <jsonfile>)", "mgr", "rw", 8, this::post);
        table.add("crash rm" + id, "Remove a saved crash <id>", "mgr", "rw", 8, this::remove);
        table.add(
                "crash prune name=keep,type=CephString",
                "Remove crashes older than <keep> days",
                "mgr",
                "rw",
                8,
                this::prune);
        table.add("crash stat", "Summarize recorded crashes", "mgr", "r", 8, this::stat);
        table.add(
                "crash json_report name=hours,type=CephString",
                "Crashes in the last <hours> hours",
                "mgr",
                "r",
                8,
                this::report);
        table.add(
                "crash archive" + id,
                "Acknowledge a crash and silence health warning(s)",
                "mgr",
                "w",
                8,
                this::archive);
        table.add(
                "crash archive-all",
                "Acknowledge all new crashes and silence health warning(s)",
                "mgr",
                "w",
                8,
                this::archiveAll);
    }

    /** The module's own way to fail. */
    private static Outcome failed(int errno, String text) {
        return new Outcome(errno, text, Bytes.EMPTY, false);
    }

    private Map<String, ObjectNode> all() {
        Map<String, ObjectNode> all = new TreeMap<>();
        keys.scan(KEYS, (key, value) -> {
            try {
                if (MAPPER.readTree(value.utf8()) instanceof ObjectNode crash) {
                    all.put(key.substring(KEYS.length()), crash);
                }
            } catch (JsonProcessingException e) {
                // Somebody has put something else there: not a crash.
            }
        });
        return all;
    }

    private static boolean isNew(ObjectNode crash) {
        return !crash.has("archived");
    }

    private static String text(ObjectNode crash, String field) {
        return crash.path(field).asText("");
    }

    private static Object json(JsonNode node) {
        try {
            return Json.raw(MAPPER.writeValueAsString(MAPPER.treeToValue(node, Object.class)));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private Outcome list(CommandCall call, Predicate<ObjectNode> wanted) {
        List<ObjectNode> crashes = all().values().stream().filter(wanted).toList();
        if (!call.format().equals("plain")) {
            return Outcome.output(Json.render(Json.list(crashes, CrashCommands::json), "json-pretty"));
        }
        TextTable table = new TextTable("ID", "ENTITY", "NEW");
        crashes.forEach(c -> table.row(text(c, ID), text(c, "entity_name"), isNew(c) ? " * " : ""));
        return Outcome.output(crashes.isEmpty() ? "" : table.toString().replace("\n", "  \n"));
    }

    private static String text(CommandCall call, String argument) {
        call.require(argument);
        return call.text(argument);
    }

    private static String id(CommandCall call) {
        return text(call, "id");
    }

    private Outcome info(CommandCall call) {
        ObjectNode crash = all().get(id(call));
        return crash == null
                ? failed(Errno.EINVAL, "crash info: " + id(call) + " not found")
                : Outcome.output(Json.render(json(crash), "json-pretty"));
    }

    private Outcome post(CommandCall call) {
        ObjectNode crash;
        try {
            if (!(MAPPER.readTree(call.input().utf8()) instanceof ObjectNode object)) {
                return failed(Errno.EINVAL, "malformed crash metadata: not an object");
            }
            crash = object;
        } catch (JsonProcessingException e) {
            return failed(Errno.EINVAL, "malformed crash metadata: " + e.getOriginalMessage());
        }
        for (String field : List.of(ID, "timestamp")) {
            if (!crash.path(field).isTextual()) {
                return failed(Errno.EINVAL, "malformed crash metadata: missing '" + field + "' field");
            }
        }
        crash.put("stack_sig", signature(crash));
        keys.put(KEYS + text(crash, ID), Bytes.of(crash.toString()));
        return Outcome.committed("");
    }

    /** The same for crashes at the same place: the functions' names without their offsets, and what was asserted without who, when and in which line. */
    private static String signature(ObjectNode crash) {
        StringBuilder functions = new StringBuilder();
        for (JsonNode line : crash.path("backtrace")) {
            String text = line.asText();
            int space = text.lastIndexOf(' ');
            String bracketed = space < 0 ? text : text.substring(0, space);
            if (bracketed.length() > 2) {
                functions.append(bracketed.substring(1, bracketed.length() - 1).split("\\+", 2)[0]);
            }
        }
        Matcher asserted = ASSERTION.matcher(text(crash, "assert_msg"));
        if (asserted.lookingAt()) {
            functions.append(asserted.group(1)).append(asserted.group(2));
        }
        try {
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(sha.digest(functions.toString().getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private Outcome remove(CommandCall call) {
        String id = id(call);
        if (!all().containsKey(id)) {
            return Outcome.text("");
        }
        keys.remove(KEYS + id);
        return Outcome.committed("");
    }

    private Outcome archive(CommandCall call) {
        ObjectNode crash = all().get(id(call));
        if (crash == null) {
            return failed(Errno.EINVAL, "crash info: " + id(call) + " not found");
        }
        if (isNew(crash)) {
            archive(id(call), crash);
        }
        return Outcome.committed("");
    }

    private void archive(String id, ObjectNode crash) {
        crash.put("archived", ARCHIVED.format(clock.now()));
        keys.put(KEYS + id, Bytes.of(crash.toString()));
    }

    private Outcome archiveAll(CommandCall call) {
        all().forEach((id, crash) -> {
            if (isNew(crash)) {
                archive(id, crash);
            }
        });
        return Outcome.committed("");
    }

    private Outcome prune(CommandCall call) {
        long days;
        try {
            days = Long.parseLong(text(call, "keep").strip());
        } catch (NumberFormatException e) {
            return failed(Errno.EINVAL, "keep argument must be integer");
        }
        olderThan(Duration.ofDays(days)).forEach(id -> keys.remove(KEYS + id));
        return Outcome.committed("");
    }

    private List<String> olderThan(Duration age) {
        List<String> older = new ArrayList<>();
        all().forEach((id, crash) -> {
            if (age(crash).compareTo(age) > 0) {
                older.add(id);
            }
        });
        return older;
    }

    private Duration age(ObjectNode crash) {
        try {
            return Duration.between(Instant.parse(text(crash, "timestamp").replace("Z", "") + "Z"), clock.now());
        } catch (DateTimeException e) {
            return Duration.ZERO;
        }
    }

    private Outcome stat(CommandCall call) {
        StringBuilder out = new StringBuilder(all().size() + " crashes recorded");
        for (int days : new int[] {1, 3, 7}) {
            List<String> older = olderThan(Duration.ofDays(days));
            if (!older.isEmpty()) {
                out.append("\n")
                        .append(older.size())
                        .append(" older than ")
                        .append(days)
                        .append(" days old:\n")
                        .append(String.join("\n", older));
            }
        }
        return Outcome.output(out.append('\n').toString());
    }

    private Outcome report(CommandCall call) {
        long hours;
        try {
            hours = Long.parseLong(text(call, "hours").strip());
        } catch (NumberFormatException e) {
            return failed(Errno.EINVAL, "<hours> argument must be integer");
        }
        Map<String, Integer> counts = new TreeMap<>();
        all().values().stream()
                .filter(c -> age(c).compareTo(Duration.ofHours(hours)) <= 0)
                .forEach(c -> counts.merge(text(c, "process_name"), 1, Integer::sum));
        return Outcome.text(Json.render(StatusCommands.counts(counts), "json").utf8());
    }

    /** Warns of crashes that nobody has acknowledged. */
    public void check(Consumer<HealthCheck> add) {
        Duration recent = config.span("mgr/crash/warn_recent_interval", Duration.ofDays(14));
        List<String> detail = new ArrayList<>();
        all().values().stream()
                .filter(c -> isNew(c) && age(c).compareTo(recent) <= 0)
                .forEach(c -> detail.add(text(c, "entity_name") + " crashed on host " + text(c, "utsname_hostname")
                        + " at " + text(c, "timestamp")));
        if (!detail.isEmpty()) {
            add.accept(new HealthCheck(
                    "RECENT_CRASH",
                    HealthCheck.WARN,
                    detail.size() + " daemons have recently crashed",
                    detail.size(),
                    detail));
        }
    }

    /** Forgets what is older than anybody asks for. */
    public void tick() {
        Duration kept = config.span("mgr/crash/retain_interval", Duration.ofDays(365));
        olderThan(kept).forEach(id -> keys.remove(KEYS + id));
    }
}
