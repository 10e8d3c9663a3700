package io.spirula.mon.mgr;

import io.spirula.common.maps.HealthCheck;
import io.spirula.common.message.DaemonHealthMetric;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Consumer;

/** What daemons themselves say of their health. Ceph: DaemonHealthMetricCollector. */
public final class DaemonHealth {
    private static final int MOST_NAMES = 10;

    private final TreeMap<String, List<DaemonHealthMetric>> metrics = new TreeMap<>(DaemonHealth::byTypeAndNumber);

    /** {@code osd.2} before {@code osd.10}. */
    private static int byTypeAndNumber(String a, String b) {
        int byLength = Integer.compare(a.length(), b.length());
        return byLength != 0 ? byLength : a.compareTo(b);
    }

    /** Takes what a daemon, {@code osd.3}, says now instead of what it said before. */
    public void apply(String daemon, List<DaemonHealthMetric> now) {
        if (now.stream().allMatch(m -> m.value() == 0)) {
            metrics.remove(daemon);
        } else {
            metrics.put(daemon, List.copyOf(now));
        }
    }

    /** A daemon is gone, and with it what it said. */
    public void forget(String daemon) {
        metrics.remove(daemon);
    }

    public void clear() {
        metrics.clear();
    }

    public void check(Consumer<HealthCheck> checks) {
        long slow = 0;
        long oldestSeconds = 0;
        long pending = 0;
        List<String> slowDaemons = new ArrayList<>();
        List<String> pendingDaemons = new ArrayList<>();
        for (var e : metrics.entrySet()) {
            for (DaemonHealthMetric m : e.getValue()) {
                // Two numbers in one: how many, and for how many seconds.
                long count = m.value() & 0xffffffffL;
                if (m.kind() == DaemonHealthMetric.SLOW_OPS && m.value() != 0) {
                    slow += count;
                    oldestSeconds = Math.max(oldestSeconds, m.value() >>> 32);
                    slowDaemons.add(e.getKey());
                } else if (m.kind() == DaemonHealthMetric.PENDING_CREATING_PGS && m.value() != 0) {
                    pending += m.value();
                    pendingDaemons.add(e.getKey());
                }
            }
        }
        if (!slowDaemons.isEmpty()) {
            String summary =
                    slow + " slow ops, oldest one blocked for " + oldestSeconds + " sec, " + whose(slowDaemons);
            checks.accept(new HealthCheck("SLOW_OPS", HealthCheck.WARN, summary, slow, List.of()));
        }
        if (!pendingDaemons.isEmpty()) {
            List<String> details = List.of("osds " + list(pendingDaemons) + " have pending PGs.");
            checks.accept(new HealthCheck(
                    "PENDING_CREATING_PGS", HealthCheck.WARN, pending + " PGs pending on creation", pending, details));
        }
    }

    private static String whose(List<String> daemons) {
        if (daemons.size() == 1) {
            return daemons.getFirst() + " has slow ops";
        }
        boolean many = daemons.size() > MOST_NAMES;
        return "daemons " + list(many ? daemons.subList(0, MOST_NAMES) : daemons) + (many ? "..." : "")
                + " have slow ops.";
    }

    private static String list(Collection<String> names) {
        return "[" + String.join(",", names) + "]";
    }
}
