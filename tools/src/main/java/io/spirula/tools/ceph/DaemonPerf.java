package io.spirula.tools.ceph;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/** {@code ceph daemonperf}: what a daemon's counters do, a line each interval. Those with a heading of their own are shown. Source: pybind/ceph_daemon.py, DaemonWatcher. */
final class DaemonPerf {
    private static final int WIDTH = 5;
    private static final int SHOWN = 8;
    private static final int COUNTER = 8;
    private static final int LONGRUNAVG = 4;

    private record Column(String group, String counter, String heading, int type) {}

    private final AdminClient daemon;
    private final PrintStream out;
    private final ObjectMapper json = new ObjectMapper();

    DaemonPerf(AdminClient daemon, PrintStream out) {
        this.daemon = daemon;
        this.out = out;
    }

    /** @param count how many lines; negative for as many as there is patience */
    void run(long intervalSeconds, long count) throws IOException {
        List<Column> columns = columns();
        StringBuilder groups = new StringBuilder();
        StringBuilder headings = new StringBuilder();
        String group = "";
        for (Column c : columns) {
            if (!c.group.equals(group)) {
                long wide =
                        columns.stream().filter(o -> o.group.equals(c.group)).count() * WIDTH - 1;
                groups.append(centered(c.group, (int) wide)).append(' ');
                group = c.group;
            }
            headings.append(String.format("%-" + (WIDTH - 1) + "s ", c.heading));
        }
        out.println(groups.toString().stripTrailing());
        out.println(headings.toString().stripTrailing());
        JsonNode before = dump();
        for (long line = 0; count < 0 || line < count; line++) {
            out.flush();
            LockSupport.parkNanos(intervalSeconds * 1_000_000_000L);
            JsonNode now = dump();
            StringBuilder values = new StringBuilder();
            for (Column c : columns) {
                values.append(String.format("%" + (WIDTH - 1) + "s ", value(c, before, now, intervalSeconds)));
            }
            out.println(values.toString().stripTrailing());
            before = now;
        }
    }

    private static String centered(String text, int width) {
        int left = Math.max(0, (width - text.length()) / 2);
        return "-".repeat(left) + text + "-".repeat(Math.max(0, width - text.length() - left));
    }

    private JsonNode dump() throws IOException {
        return json.readTree(daemon.ask(Map.of("prefix", "perf dump", "format", "json")));
    }

    private List<Column> columns() throws IOException {
        List<Column> columns = new ArrayList<>();
        JsonNode schema = json.readTree(daemon.ask(Map.of("prefix", "perf schema", "format", "json")));
        schema.properties()
                .forEach(group -> group.getValue().properties().forEach(counter -> {
                    JsonNode about = counter.getValue();
                    String nick = about.path("nick").asText();
                    if (!nick.isEmpty() && about.path("priority").asInt() >= SHOWN) {
                        columns.add(new Column(
                                group.getKey(),
                                counter.getKey(),
                                nick,
                                about.path("type").asInt()));
                    }
                }));
        return columns;
    }

    private static String value(Column c, JsonNode before, JsonNode now, long seconds) {
        JsonNode is = now.path(c.group).path(c.counter);
        JsonNode was = before.path(c.group).path(c.counter);
        if ((c.type & LONGRUNAVG) != 0) {
            long count = is.path("avgcount").asLong() - was.path("avgcount").asLong();
            double sum = is.path("sum").asDouble() - was.path("sum").asDouble();
            return count == 0 ? "0" : short4(sum / count);
        }
        return short4((c.type & COUNTER) != 0 ? (is.asDouble() - was.asDouble()) / seconds : is.asDouble());
    }

    /** A number in four letters at most. */
    private static String short4(double value) {
        String units = " kMGTPE";
        double rest = value;
        int unit = 0;
        while (rest >= 1000 && unit < units.length() - 1) {
            rest /= 1024;
            unit++;
        }
        String number = rest > 0 && rest < 1
                ? String.format(java.util.Locale.ROOT, "%.2f", rest).substring(1)
                : Long.toString((long) rest);
        return unit == 0 ? number : number + units.charAt(unit);
    }
}
