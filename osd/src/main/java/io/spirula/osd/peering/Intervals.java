package io.spirula.osd.peering;

import io.spirula.common.maps.PgLineage;
import io.spirula.common.pg.PastIntervals;
import io.spirula.common.pg.PgHistory;
import io.spirula.common.pg.PgShard;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** When an interval ends, and what is remembered of it. Ceph: PastIntervals::is_new_interval, check_new_interval. */
public final class Intervals {
    private Intervals() {}

    /** Whether the group {@code seed} of its pool begins a new interval with {@code after}. */
    public static boolean isNew(int seed, PeeringMap before, PeeringMap after) {
        return before.actingPrimary() != after.actingPrimary()
                || before.upPrimary() != after.upPrimary()
                || !before.acting().equals(after.acting())
                || !before.up().equals(after.up())
                || before.size() != after.size()
                || before.minSize() != after.minSize()
                || changes(seed, before.pgNum(), after.pgNum())
                || changes(seed, before.pgNumPending(), after.pgNumPending())
                || PgLineage.isMergeSource(seed, after.pgNumPending(), before.pgNumPending());
    }

    /** Whether a group splits, or is a part of a merge. */
    private static boolean changes(int seed, int before, int after) {
        return PgLineage.splits(seed, before, after)
                || PgLineage.isMergeSource(seed, before, after)
                || PgLineage.isMergeTarget(seed, before, after);
    }

    /** The past intervals with the one that ended with {@code last}, the last map of it. */
    static PastIntervals extend(PastIntervals past, PgHistory history, PeeringMap last, int nextEpoch) {
        int first = history.sameIntervalSince();
        int end = nextEpoch - 1;
        TreeSet<PgShard> acting = shards(last.acting());
        TreeSet<PgShard> all = new TreeSet<>(past.allParticipants());
        all.addAll(acting);
        List<PastIntervals.Interval> intervals = new ArrayList<>(past.intervals());
        if (maybeWentReadWrite(history, last, acting.size(), first, end)) {
            intervals.add(new PastIntervals.Interval(first, end, acting));
        }
        return new PastIntervals(past.isEmpty() ? first : past.first(), end, all, intervals);
    }

    private static boolean maybeWentReadWrite(PgHistory history, PeeringMap last, int acting, int first, int end) {
        int primary = last.actingPrimary();
        if (acting == 0 || primary < 0 || acting < last.minSize()) {
            return false;
        }
        if (last.upThru(primary) >= first && last.upFrom(primary) <= first) {
            return true;
        }
        // It was clean in it, so it was active, whatever the map says of its primary.
        return history.lastEpochClean() >= first && history.lastEpochClean() <= end;
    }

    static TreeSet<PgShard> shards(List<Integer> osds) {
        TreeSet<PgShard> shards = new TreeSet<>();
        for (int osd : osds) {
            if (osd != PeeringMap.NONE && osd >= 0) {
                shards.add(PgShard.replica(osd));
            }
        }
        return shards;
    }
}
