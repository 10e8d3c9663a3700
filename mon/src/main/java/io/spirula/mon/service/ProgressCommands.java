package io.spirula.mon.service;

import io.spirula.common.command.CommandTable;
import io.spirula.common.command.Json;
import io.spirula.common.command.Outcome;
import io.spirula.mon.mgr.Progress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** {@code ceph progress} and its like, and what {@code ceph -s} shows of it. Source: the manager's module {@code progress}. */
final class ProgressCommands {
    private static final int BAR = 28;

    private final Progress progress;
    private final ConfigService config;
    private final Supplier<Instant> now;

    ProgressCommands(Progress progress, ConfigService config, Supplier<Instant> now) {
        this.progress = progress;
        this.config = config;
        this.now = now;
    }

    void register(CommandTable table) {
        table.add("progress", "Show progress of recovery operations", "mgr", "r", 8, c -> list());
        table.add("progress json", "Show machine readable progress information", "mgr", "r", 8, c -> json());
        table.add("progress clear", "Reset progress tracking", "mgr", "rw", 8, c -> {
            progress.clear();
            return Outcome.text("");
        });
        table.add("progress on", "Enable progress tracking", "mgr", "rw", 8, c -> set(true));
        table.add("progress off", "Disable progress tracking", "mgr", "rw", 8, c -> set(false));
    }

    private Outcome set(boolean on) {
        String word = on ? "enabled" : "disabled";
        if (progress.isEnabled() == on) {
            return Outcome.text("progress already " + word + "!");
        }
        config.put("mgr/mgr/progress/enabled", Boolean.toString(on));
        if (!on) {
            progress.clear();
        }
        return Outcome.committed("progress " + word);
    }

    private Outcome list() {
        if (progress.events().isEmpty() && progress.completed().isEmpty()) {
            return Outcome.text("Nothing in progress");
        }
        StringBuilder out = new StringBuilder();
        progress.events().reversed().forEach(e -> out.append(twoLines(e, 4)).append('\n'));
        if (!progress.completed().isEmpty()) {
            out.append('\n');
        }
        progress.completed()
                .forEach(e -> out.append("[Complete]: ").append(twoLines(e, 4)).append('\n'));
        return Outcome.output(out.toString());
    }

    private Outcome json() {
        List<Json> events = new ArrayList<>();
        for (Progress.Event e : progress.events()) {
            Duration remaining = e.remaining(now.get());
            events.add(Json.object()
                    .put("duration", duration(e))
                    .put("id", e.id())
                    .put("message", e.message())
                    .put("progress", e.done())
                    .put("refs", refs(e.osd()))
                    .put("started_at", seconds(e.startedAt()))
                    .put("time_remaining", remaining == null ? null : remaining.toSeconds()));
        }
        List<Json> completed = new ArrayList<>();
        for (Progress.Event e : progress.completed()) {
            completed.add(Json.object()
                    .put("add_to_ceph_s:", e.isInStatus()) // with the colon, as stock has it
                    .put("finished_at", seconds(e.finishedAt()))
                    .put("id", e.id())
                    .put("message", e.message())
                    .put("refs", refs(e.osd()))
                    .put("started_at", seconds(e.startedAt())));
        }
        return Outcome.output(
                Json.render(Json.object().put("completed", completed).put("events", events), "json-pretty"));
    }

    private static List<Object> refs(@Nullable Integer osd) {
        return List.of(osd == null ? List.of("global", "") : List.of("osd", osd));
    }

    private static double seconds(Instant at) {
        return at.getEpochSecond() + at.getNano() / 1e9;
    }

    private String duration(Progress.Event e) {
        return "(" + Stamps.span(Duration.between(e.startedAt(), now.get())) + ")";
    }

    private String twoLines(Progress.Event e, int indent) {
        int done = (int) (e.done() * BAR);
        Duration remaining = e.remaining(now.get());
        String left = remaining == null || remaining.isZero() ? "" : "(remaining: " + Stamps.span(remaining) + ")";
        return e.message() + " " + duration(e) + "\n" + " ".repeat(indent) + "[" + "=".repeat(done)
                + ".".repeat(BAR - done) + "] " + left;
    }

    /** For {@code ceph -s} in JSON: all events by id. */
    Json statusJson() {
        Json all = Json.object();
        for (Progress.Event e : progress.events()) {
            all.put(
                    e.id(),
                    Json.object()
                            .put("message", twoLines(e, 6))
                            .put("progress", e.done())
                            .put("add_to_ceph_s", e.isInStatus()));
        }
        return all;
    }

    /** The section of {@code ceph -s}; empty where nothing goes on. */
    String statusText() {
        if (progress.events().isEmpty()) {
            return "";
        }
        StringBuilder out = new StringBuilder(" \n  progress:\n");
        for (Progress.Event e : progress.events()) {
            out.append(e.isInStatus() ? "    " + twoLines(e, 6) + "\n" : "");
        }
        return out.toString();
    }
}
