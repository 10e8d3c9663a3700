package io.spirula.common.pg;

import io.spirula.common.command.Json;
import io.spirula.common.format.Times;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;

/** Heartbeats' round trips, in the JSON of {@code pg dump} and {@code dump_osd_network}: in milliseconds. Source: osd/osd_types.cc, osd_stat_t::dump_ping_time. */
public final class PingDump {
    private static final String[] SPANS = {"1min", "5min", "15min"};

    private PingDump() {}

    /** Of all of an OSD's peers. */
    public static List<Object> peers(OsdStat stat) {
        return Json.list(
                stat.pingTimes().entrySet(),
                e -> Json.object()
                        .put("osd", e.getKey())
                        .put("last update", day(e.getValue().lastUpdate()))
                        .put("interfaces", interfaces(e.getValue())));
    }

    private static List<Object> interfaces(OsdStat.PingTimes times) {
        Json back = Json.object().put("interface", "back").putAll(network(times.back()));
        // Where there is no network of its own in front, no answer ever came from there.
        return times.front().average().get(0) == 0
                ? List.of(back)
                : List.of(back, Json.object().put("interface", "front").putAll(network(times.front())));
    }

    public static Json network(OsdStat.Network times) {
        return Json.object()
                .put("average", spans(times.average()))
                .put("min", spans(times.minimum()))
                .put("max", spans(times.maximum()))
                .put("last", milliseconds(times.last()));
    }

    private static Json spans(List<Integer> microseconds) {
        Json json = Json.object();
        for (int i = 0; i < SPANS.length; i++) {
            json.put(SPANS[i], milliseconds(microseconds.get(i)));
        }
        return json;
    }

    private static Object milliseconds(int microseconds) {
        return Json.raw(String.format(Locale.ROOT, "%d.%03d", microseconds / 1000, microseconds % 1000));
    }

    /** @param second since 1970 */
    public static String day(int second) {
        return Times.calendar(Instant.ofEpochSecond(second), ZoneOffset.UTC);
    }
}
