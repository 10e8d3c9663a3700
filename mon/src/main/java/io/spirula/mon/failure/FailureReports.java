package io.spirula.mon.failure;

import io.spirula.common.maps.OsdMap;
import io.spirula.common.maps.OsdXInfo;
import io.spirula.crush.CrushContent;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Who says of whom that it does not answer, and whether that suffices to take it for down. Ceph: failure_info_t, OSDMonitor::check_failure. */
public final class FailureReports {
    /** Since when each reporter has had no answer, by the OSD that is reported: the monotonic clock's nanoseconds. */
    private final TreeMap<Integer, TreeMap<Integer, Long>> reports = new TreeMap<>();

    /**
     * An OSD is to be marked down.
     *
     * @param subtrees how many parts of the hierarchy its reporters are in
     */
    public record Verdict(int osd, int subtrees, Duration failedFor, Duration grace) {}

    /** Takes a report; what a reporter said first stands until it takes it back. */
    public void add(int target, int reporter, long failedSinceNanos) {
        reports.computeIfAbsent(target, t -> new TreeMap<>()).putIfAbsent(reporter, failedSinceNanos);
    }

    public void cancel(int target, int reporter) {
        Map<Integer, Long> said = reports.get(target);
        if (said != null && said.remove(reporter) != null && said.isEmpty()) {
            reports.remove(target);
        }
    }

    /** Nothing that was said of this OSD holds any more. */
    public void forget(int target) {
        reports.remove(target);
    }

    public void forgetAll() {
        reports.clear();
    }

    public boolean isEmpty() {
        return reports.isEmpty();
    }

    /** Reports of OSDs that are not up have led to what they wanted, or are void. */
    public void follow(OsdMap map) {
        reports.keySet().removeIf(map::isDown);
    }

    /** Those reported who may be marked down now, and forgets reports that have led to nothing for long: their makers can't have taken them back. */
    public List<Verdict> judge(OsdMap map, Moment now, FailureSettings settings) {
        List<Verdict> verdicts = new ArrayList<>();
        Duration stale = settings.heartbeatGrace().plus(settings.heartbeatStale());
        for (int target : List.copyOf(reports.keySet())) {
            boolean may = MarkLimits.mayMarkDown(map, target, verdicts.size(), settings);
            Verdict verdict = may ? judge(map, target, now, settings) : null;
            TreeMap<Integer, Long> said = reports.get(target);
            if (verdict != null) {
                verdicts.add(verdict);
            } else if (said != null && now.since(failedSince(said)).compareTo(stale) >= 0) {
                reports.remove(target);
            }
        }
        return verdicts;
    }

    /** Whether what is said of one OSD suffices; null where it does not. */
    public @Nullable Verdict judge(OsdMap map, int target, Moment now, FailureSettings settings) {
        TreeMap<Integer, Long> said = reports.get(target);
        if (said == null || map.isDown(target)) {
            return null;
        }
        said.keySet().removeIf(reporter -> !map.exists(reporter));
        if (said.isEmpty()) {
            reports.remove(target);
            return null;
        }
        TreeSet<String> subtrees = new TreeSet<>();
        said.keySet().forEach(reporter -> subtrees.add(subtree(map, reporter, settings.reporterSubtreeLevel())));
        if (subtrees.size() < settings.minDownReporters()) {
            return null;
        }
        Duration failedFor = now.since(failedSince(said));
        Duration grace = grace(map, target, said, failedFor, now.wall(), settings);
        return failedFor.compareTo(grace) >= 0 ? new Verdict(target, subtrees.size(), failedFor, grace) : null;
    }

    /** The last of the reporters' moments: all of them must have waited long enough. */
    private static long failedSince(TreeMap<Integer, Long> said) {
        return said.values().stream().mapToLong(Long::longValue).max().orElseThrow();
    }

    /** The bucket of this type that an OSD is in; the OSD itself where there is none. */
    private static String subtree(OsdMap map, int osd, String type) {
        for (CrushContent.Location above : map.crushMap().fullLocation(osd)) {
            if (above.type().equals(type)) {
                return above.name();
            }
        }
        return "osd." + osd;
    }

    /** What was laggy before is waited for longer, and so is what laggy OSDs report: they may be in one troubled part of the network. */
    private static Duration grace(
            OsdMap map,
            int target,
            TreeMap<Integer, Long> said,
            Duration failedFor,
            Instant now,
            FailureSettings settings) {
        Duration grace = settings.heartbeatGrace();
        if (!settings.adjustHeartbeatGrace()) {
            return grace;
        }
        Duration own = LaggyHistory.extraGrace(map.osd(target).xinfo(), failedFor, settings.laggy());
        Duration peers = Duration.ZERO;
        for (int reporter : said.keySet()) {
            OsdXInfo xinfo = map.osd(reporter).xinfo();
            peers = peers.plus(
                    LaggyHistory.extraGrace(xinfo, Duration.between(xinfo.downStamp(), now), settings.laggy()));
        }
        return grace.plus(own).plus(peers.dividedBy(said.size()));
    }
}
