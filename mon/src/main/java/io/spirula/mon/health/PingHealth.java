package io.spirula.mon.health;

import io.spirula.common.format.Numbers;
import io.spirula.common.maps.HealthCheck;
import io.spirula.common.pg.OsdStat;
import io.spirula.crush.CrushContent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Function;

/** Heartbeats between OSDs that take long. */
public final class PingHealth {
    private static final int MOST_DETAILS = 10;

    /** @param improving whether it takes less time of late than before */
    private record Slow(int micros, int from, int to, boolean improving) {}

    private static final Comparator<Slow> SLOWEST_FIRST = Comparator.comparingInt(Slow::micros)
            .thenComparingInt(Slow::from)
            .thenComparingInt(Slow::to)
            .reversed();

    private PingHealth() {}

    public static void check(HealthInput input, Consumer<HealthCheck> checks) {
        double limitMicros = limitMicros(input);
        if (limitMicros > 0) {
            check(input, limitMicros, "back", OsdStat.PingTimes::back, checks);
            check(input, limitMicros, "front", OsdStat.PingTimes::front, checks);
        }
    }

    private static Duration grace(HealthInput input) {
        return input.config().span("osd_heartbeat_grace", Duration.ofSeconds(20));
    }

    private static double limitMicros(HealthInput input) {
        double millis = input.config().real("mon_warn_on_slow_ping_time", 0);
        return millis != 0
                ? millis * 1000
                : grace(input).toSeconds() * 1e6 * input.config().real("mon_warn_on_slow_ping_ratio", 0.05);
    }

    private static void check(
            HealthInput input,
            double limitMicros,
            String network,
            Function<OsdStat.PingTimes, OsdStat.Network> side,
            Consumer<HealthCheck> checks) {
        List<Slow> slow = new ArrayList<>();
        long oldest = input.now().getEpochSecond() - grace(input).toSeconds() * 60;
        input.pgs()
                .osds()
                .forEach((from, stat) -> stat.pingTimes().forEach((to, times) -> {
                    List<Integer> averages = side.apply(times).average();
                    int micros = Collections.max(averages);
                    if (times.lastUpdate() >= oldest && micros > limitMicros) {
                        boolean improving = averages.get(0) < averages.get(1) && averages.get(1) < averages.get(2);
                        slow.add(new Slow(micros, from, to, improving));
                    }
                }));
        if (slow.isEmpty()) {
            return;
        }
        slow.sort(SLOWEST_FIRST);
        List<String> details = new ArrayList<>();
        for (Slow s : slow.subList(0, Math.min(slow.size(), MOST_DETAILS))) {
            details.add("Slow OSD heartbeats on " + network + " from " + where(input, s.from) + " to "
                    + where(input, s.to) + " " + millis(s.micros) + " msec"
                    + (s.improving ? " possibly improving" : ""));
        }
        if (slow.size() > MOST_DETAILS) {
            details.add("Truncated long network list.  Use ceph daemon mgr.# dump_osd_network for more information");
        }
        String summary = "Slow OSD heartbeats on " + network + " (longest " + millis(slow.getFirst().micros) + "ms)";
        String code = "OSD_SLOW_PING_TIME_" + network.toUpperCase(Locale.ROOT);
        checks.accept(new HealthCheck(code, HealthCheck.WARN, summary, slow.size(), details));
    }

    private static String millis(int micros) {
        return Numbers.fixed(micros / 1000.0, 3);
    }

    /** An OSD and where it is: the buckets above it but for the root and those that count as parts that fail together. */
    private static String where(HealthInput input, int osd) {
        String level = input.config().string("mon_osd_reporter_subtree_level", "host");
        TreeSet<String> above = new TreeSet<>();
        for (CrushContent.Location at : input.map().crushMap().fullLocation(osd)) {
            if (!at.type().equals("root") && !at.type().equals(level)) {
                above.add(at.name());
            }
        }
        return "osd." + osd + " [" + String.join(",", above) + "]"
                + (input.map().isDown(osd) ? " (down)" : "");
    }
}
