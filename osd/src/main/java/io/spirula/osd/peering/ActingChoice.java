package io.spirula.osd.peering;

import io.spirula.common.pg.PgInfo;
import io.spirula.common.pg.PgShard;
import io.spirula.common.types.EVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Whose log is authoritative, and who should act. Ceph: find_best_info, calc_replicated_acting, choose_async_recovery_replicated.
 *
 * @param want the OSDs that should act, the primary first
 * @param backfill those of them, or of the ones up, that need all objects copied; they take part without acting
 * @param asyncRecovery members who are up and could act, but miss so much that they are recovered first; they take part, too
 */
record ActingChoice(
        PgShard authority, List<Integer> want, SortedSet<PgShard> backfill, SortedSet<PgShard> asyncRecovery) {

    /** All members of the group as it will work: acting, and being backfilled or recovered. Ceph: acting_recovery_backfill. */
    SortedSet<PgShard> participants() {
        TreeSet<PgShard> all = Intervals.shards(want);
        all.addAll(backfill);
        all.addAll(asyncRecovery);
        return all;
    }

    /** Null where nobody has a complete copy that holds all that may have been acknowledged. */
    static @Nullable ActingChoice of(
            PgShard self, PeeringMap map, SortedMap<PgShard, PgInfo> infos, ActingCosts costs) {
        PgShard best = bestInfo(self, infos);
        return best == null ? null : choose(best, map, infos, costs);
    }

    /** Whether it is only by a peer's history, and by no whole copy, that it is known when the group was last active. Ceph: history_les_bound. */
    static boolean isBoundByHistory(SortedMap<PgShard, PgInfo> infos) {
        int byHistory = 0;
        int byCopies = 0;
        for (PgInfo info : infos.values()) {
            byHistory = Math.max(byHistory, info.history().lastEpochStarted());
            byCopies = info.isIncomplete() ? byCopies : Math.max(byCopies, info.lastEpochStarted());
        }
        return byHistory > byCopies;
    }

    private static @Nullable PgShard bestInfo(PgShard self, SortedMap<PgShard, PgInfo> infos) {
        int started = 0;
        for (PgInfo info : infos.values()) {
            started = Math.max(started, info.history().lastEpochStarted());
            if (!info.isIncomplete()) {
                started = Math.max(started, info.lastEpochStarted());
            }
        }
        // Every member of the last active interval has all that was acknowledged before: more than the least of them is
        // a write that was not acknowledged, which may be kept or not.
        EVersion acceptable = EVersion.MAX;
        for (PgInfo info : infos.values()) {
            if (started <= info.lastEpochStarted() && info.lastUpdate().compareTo(acceptable) < 0) {
                acceptable = info.lastUpdate();
            }
        }
        if (acceptable.equals(EVersion.MAX)) {
            return null;
        }
        Map.Entry<PgShard, PgInfo> best = null;
        for (Map.Entry<PgShard, PgInfo> e : infos.entrySet()) {
            PgInfo info = e.getValue();
            boolean qualifies = info.lastUpdate().compareTo(acceptable) >= 0
                    && info.lastEpochStarted() >= started
                    && !info.isIncomplete();
            if (qualifies && (best == null || isBetter(e, best, self))) {
                best = e;
            }
        }
        return best == null ? null : best.getKey();
    }

    private static boolean isBetter(
            Map.Entry<PgShard, PgInfo> candidate, Map.Entry<PgShard, PgInfo> best, PgShard self) {
        PgInfo a = candidate.getValue();
        PgInfo b = best.getValue();
        int c = a.lastUpdate().compareTo(b.lastUpdate());
        c = c != 0 ? c : b.logTail().compareTo(a.logTail()); // the longer log
        c = c != 0 ? c : Boolean.compare(b.hasMissing(), a.hasMissing());
        return c != 0 ? c > 0 : candidate.getKey().equals(self);
    }

    private static ActingChoice choose(
            PgShard authority, PeeringMap map, SortedMap<PgShard, PgInfo> infos, ActingCosts costs) {
        PgInfo best = infos.get(authority);
        if (best == null) {
            throw new IllegalStateException("the authority " + authority + " has no info");
        }
        EVersion oldest = best.logTail();
        PgShard upPrimary = PgShard.replica(map.upPrimary());
        PgInfo ofUpPrimary = infos.get(upPrimary);
        boolean upPrimaryWorks = ofUpPrimary != null
                && !ofUpPrimary.isIncomplete()
                && ofUpPrimary.lastUpdate().compareTo(oldest) >= 0
                && ActingCosts.of(ofUpPrimary, best) <= costs.primary();
        PgShard primary = upPrimaryWorks ? upPrimary : authority;
        if (upPrimaryWorks && ofUpPrimary != null && ofUpPrimary.logTail().compareTo(oldest) < 0) {
            oldest = ofUpPrimary.logTail(); // the primary's log goes further back, and gets what it lacks in front
        }
        List<Integer> want = new ArrayList<>(List.of(primary.osd()));
        TreeSet<PgShard> backfill = new TreeSet<>();
        for (PgShard shard : inOrder(map.up())) {
            if (!shard.equals(primary)) {
                if (continues(infos.get(shard), oldest)) {
                    want.add(shard.osd());
                } else {
                    backfill.add(shard);
                }
            }
        }
        List<PgShard> others = new ArrayList<>(inOrder(map.acting()));
        others.addAll(infos.keySet());
        for (PgShard shard : others) {
            if (want.size() >= map.size()) {
                break;
            }
            if (!want.contains(shard.osd()) && !map.up().contains(shard.osd()) && continues(infos.get(shard), oldest)) {
                want.add(shard.osd());
            }
        }
        SortedSet<PgShard> later = recoveredLater(want, best, map, infos, costs);
        want.removeIf(osd -> later.contains(PgShard.replica(osd)));
        while (want.size() > map.size()) {
            want.removeLast();
        }
        return new ActingChoice(authority, List.copyOf(want), backfill, later);
    }

    /** Those who need not act, because enough others do, and should not, because they miss much: as many as possible, who misses most first. */
    private static SortedSet<PgShard> recoveredLater(
            List<Integer> want, PgInfo best, PeeringMap map, SortedMap<PgShard, PgInfo> infos, ActingCosts costs) {
        TreeMap<Long, TreeSet<PgShard>> byCost = new TreeMap<>();
        for (PgShard shard : inOrder(want)) {
            PgInfo info = infos.get(shard);
            // Who is not up would not be a member at all any more.
            if (info != null && map.up().contains(shard.osd())) {
                byCost.computeIfAbsent(ActingCosts.of(info, best), c -> new TreeSet<>())
                        .add(shard);
            }
        }
        TreeSet<PgShard> later = new TreeSet<>();
        byCost.tailMap(costs.member(), false).descendingMap().forEach((cost, shards) -> {
            for (PgShard shard : shards.descendingSet()) {
                if (want.size() - later.size() > map.minSize()) {
                    later.add(shard);
                }
            }
        });
        return later;
    }

    private static boolean continues(@Nullable PgInfo info, EVersion oldest) {
        return info != null && !info.isIncomplete() && info.lastUpdate().compareTo(oldest) >= 0;
    }

    private static List<PgShard> inOrder(List<Integer> osds) {
        return osds.stream()
                .filter(o -> o != PeeringMap.NONE && o >= 0)
                .map(PgShard::replica)
                .toList();
    }
}
