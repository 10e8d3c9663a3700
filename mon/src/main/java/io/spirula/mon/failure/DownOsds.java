package io.spirula.mon.failure;

import io.spirula.common.maps.OperatorFlag;
import io.spirula.common.maps.Osd;
import io.spirula.common.maps.OsdMap;
import io.spirula.common.maps.OsdState;
import io.spirula.crush.Bucket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The OSDs that are down but in, with since when, and which of them are to be marked out. Ceph: OSDMonitor::tick with down_pending_out. */
public final class DownOsds {
    private final TreeMap<Integer, Long> sinceNanos = new TreeMap<>();

    /** An OSD is to be marked out. */
    public record Verdict(int osd, Duration down) {}

    /** Follows a new map. */
    public void follow(OsdMap map, long nowNanos) {
        sinceNanos.keySet().removeIf(osd -> !isWatched(map.osd(osd)));
        for (int osd = 0; osd < map.maxOsd(); osd++) {
            if (isWatched(map.osd(osd))) {
                sinceNanos.putIfAbsent(osd, nowNanos);
            }
        }
    }

    private static boolean isWatched(Osd row) {
        return row.exists() && !row.isUp() && row.isIn();
    }

    /** Those that have been down for long enough, the first ones where not all of them may go. */
    public List<Verdict> due(OsdMap map, Moment now, FailureSettings settings) {
        List<Verdict> due = new ArrayList<>();
        for (Map.Entry<Integer, Long> watched : sinceNanos.entrySet()) {
            int osd = watched.getKey();
            if (!MarkLimits.mayMarkMoreOut(map, due.size(), settings)) {
                break;
            }
            if (!isWatched(map.osd(osd)) || OperatorFlag.NOOUT.holds(map, osd)) {
                continue;
            }
            if (wholeSubtreeIsDown(map, osd, settings.out().subtreeLimit())) {
                watched.setValue(now.nanos()); // so much at once is no matter of failed disks: its time begins anew
                continue;
            }
            Duration down = now.since(watched.getValue());
            Duration wait = wait(map.osd(osd), down, settings);
            if (wait != null && down.toSeconds() >= wait.toSeconds()) {
                due.add(new Verdict(osd, down));
            }
        }
        return due;
    }

    /** How long it may be down; null for as long as it likes. */
    private static @Nullable Duration wait(Osd row, Duration down, FailureSettings settings) {
        FailureSettings.Out out = settings.out();
        if (row.has(OsdState.DESTROYED)) {
            return out.destroyedInterval().isZero() ? null : out.destroyedInterval();
        }
        if (out.downInterval().isZero()) {
            return null;
        }
        return out.adjust()
                ? out.downInterval().plus(LaggyHistory.extraGrace(row.xinfo(), down, settings.laggy()))
                : out.downInterval();
    }

    /** Whether everything in the bucket of this type around an OSD is down. */
    private static boolean wholeSubtreeIsDown(OsdMap map, int osd, String type) {
        int wanted = type.isEmpty() ? -1 : map.crushMap().typeId(type);
        int depthLeft = map.crushMap().maxBuckets();
        for (Bucket node = map.crushMap().parent(osd); wanted > 0 && node != null && depthLeft-- > 0; ) {
            if (node.type() == wanted) {
                return map.crushMap().leaves(node.id()).stream().allMatch(map::isDown);
            }
            node = map.crushMap().parent(node.id());
        }
        return false;
    }
}
