package io.spirula.mon.failure;

import io.spirula.common.maps.OsdMap;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** When each OSD was last heard of by the monitors themselves. Ceph: last_osd_report, OSDMonitor::handle_osd_timeouts. */
public final class Beacons {
    private record Heard(long atNanos, Duration interval) {}

    private final TreeMap<Integer, Heard> heard = new TreeMap<>();
    private long listeningSinceNanos;

    /** An OSD is to be marked down. */
    public record Verdict(int osd, Duration silent) {}

    /** Begins anew: nobody may be blamed for silence before. */
    public void begin(long nowNanos) {
        heard.clear();
        listeningSinceNanos = nowNanos;
    }

    /** @param interval how often the OSD means to be heard */
    public void heard(int osd, long nowNanos, Duration interval) {
        heard.put(osd, new Heard(nowNanos, interval));
    }

    /** Those silent for longer than the time-out and than two of their own intervals: one beacon may get lost. */
    public List<Verdict> silent(OsdMap map, Moment now, FailureSettings settings) {
        List<Verdict> silent = new ArrayList<>();
        if (now.since(listeningSinceNanos).compareTo(settings.reportTimeout()) < 0) {
            return silent;
        }
        heard.keySet().removeIf(osd -> !map.exists(osd));
        for (int osd = 0; osd < map.maxOsd(); osd++) {
            if (!map.isUp(osd)) {
                continue;
            }
            Heard last = heard.computeIfAbsent(osd, o -> new Heard(now.nanos(), Duration.ZERO));
            Duration quiet = now.since(last.atNanos);
            Duration twice = last.interval.multipliedBy(2);
            Duration most = twice.compareTo(settings.reportTimeout()) > 0 ? twice : settings.reportTimeout();
            if (quiet.compareTo(most) > 0 && MarkLimits.mayMarkDown(map, osd, silent.size(), settings)) {
                silent.add(new Verdict(osd, quiet));
            }
        }
        return silent;
    }
}
