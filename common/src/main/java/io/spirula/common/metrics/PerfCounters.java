package io.spirula.common.metrics;

import io.spirula.common.command.Json;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.LongSupplier;

/** The counters of one part of a daemon, in the order in which they were declared. Ceph: PerfCounters. */
public final class PerfCounters {
    private static final int TIME = 1;
    private static final int U64 = 2;
    private static final int LONGRUNAVG = 4;
    private static final int COUNTER = 8;
    private static final long NANOS = 1_000_000_000;

    /** From which on stock's daemonperf shows a counter. */
    public static final int SHOWN = 5;

    /** What is said of a counter: what it counts, a heading of a few letters or none, how much it matters, bytes or none. */
    public record Description(String text, String nick, int priority, String units) {
        public static Description of(String text) {
            return new Description(text, "", 0, "none");
        }

        public static Description bytes(String text) {
            return new Description(text, "", 0, "bytes");
        }

        public static Description shown(String text, String nick, int priority) {
            return new Description(text, nick, priority, "none");
        }
    }

    private sealed interface Value {
        record Count(Counter counter) implements Value {}

        record Gauge(LongSupplier now) implements Value {}

        record Time(Average average) implements Value {}

        record Mean(Average average) implements Value {}
    }

    private record Entry(Value value, Description description) {
        int type() {
            return switch (value) {
                case Value.Count c -> U64 | COUNTER;
                case Value.Gauge g -> U64;
                case Value.Time t -> TIME | LONGRUNAVG;
                case Value.Mean m -> U64 | LONGRUNAVG;
            };
        }
    }

    private final String name;
    private final Map<String, Entry> entries = new LinkedHashMap<>();

    public PerfCounters(String name) {
        this.name = name;
    }

    public String name() {
        return name;
    }

    public Counter counter(String counter, Description description) {
        Counter made = new Counter();
        entries.put(counter, new Entry(new Value.Count(made), description));
        return made;
    }

    /** A number that is asked for when it is shown. */
    public void gauge(String gauge, Description description, LongSupplier now) {
        entries.put(gauge, new Entry(new Value.Gauge(now), description));
    }

    /** Times, in nanoseconds. */
    public Average latency(String latency, Description description) {
        Average made = new Average();
        entries.put(latency, new Entry(new Value.Time(made), description));
        return made;
    }

    public Average average(String average, Description description) {
        Average made = new Average();
        entries.put(average, new Entry(new Value.Mean(made), description));
        return made;
    }

    void reset() {
        for (Entry e : entries.values()) {
            switch (e.value) {
                case Value.Count c -> c.counter.reset();
                case Value.Gauge g -> {}
                case Value.Time t -> t.average.reset();
                case Value.Mean m -> m.average.reset();
            }
        }
    }

    /** The values, or that of one counter if it is named. */
    Json dump(String only) {
        Json json = Json.object();
        entries.forEach((counter, e) -> {
            if (only.isEmpty() || only.equals(counter)) {
                json.put(counter, shown(e.value));
            }
        });
        return json;
    }

    private static Object shown(Value value) {
        return switch (value) {
            case Value.Count c -> c.counter.value();
            case Value.Gauge g -> g.now.getAsLong();
            case Value.Mean m ->
                Json.object().put("avgcount", m.average.count()).put("sum", m.average.sum());
            case Value.Time t ->
                Json.object()
                        .put("avgcount", t.average.count())
                        .put("sum", seconds(t.average.sum()))
                        .put("avgtime", seconds(t.average.count() == 0 ? 0 : t.average.sum() / t.average.count()));
        };
    }

    private static Object seconds(long nanos) {
        return Json.raw(String.format(Locale.ROOT, "%d.%09d", nanos / NANOS, nanos % NANOS));
    }

    Json schema() {
        Json json = Json.object();
        entries.forEach((counter, e) -> {
            int type = e.type();
            boolean pair = (type & LONGRUNAVG) != 0;
            String number = (type & TIME) != 0 ? "real" : "integer";
            json.put(
                    counter,
                    Json.object()
                            .put("type", type)
                            .put("metric_type", (type & COUNTER) != 0 ? "counter" : "gauge")
                            .put("value_type", pair ? number + "-integer-pair" : number)
                            .put("description", e.description.text)
                            .put("nick", e.description.nick)
                            .put("priority", e.description.priority)
                            .put("units", e.description.units));
        });
        return json;
    }
}
