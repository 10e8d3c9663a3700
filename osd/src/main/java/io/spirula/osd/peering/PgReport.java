package io.spirula.osd.peering;

import io.spirula.common.pg.LastReport;
import io.spirula.common.pg.ObjectStats;
import io.spirula.common.pg.ObjectStats.Counter;
import io.spirula.common.pg.PgInfo;
import io.spirula.common.pg.PgMissing;
import io.spirula.common.pg.PgShard;
import io.spirula.common.pg.PgState;
import io.spirula.common.pg.PgStats;
import io.spirula.common.types.EVersion;
import io.spirula.common.types.ObjectId;
import io.spirula.osd.pglog.MissingSet;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** What a primary reports about its group: Ceph's state bits, and statistics with what is degraded. Ceph: PeeringState::prepare_stats_for_publish, PG_STATE_*. */
public final class PgReport {
    /** What is counted by scrubs and repairs alone. */
    static final List<Counter> SCRUB_COUNTERS = List.of(
            Counter.SCRUB_ERRORS,
            Counter.SHALLOW_SCRUB_ERRORS,
            Counter.DEEP_SCRUB_ERRORS,
            Counter.LARGE_OMAP_OBJECTS,
            Counter.OMAP_BYTES,
            Counter.OMAP_KEYS,
            Counter.OBJECTS_REPAIRED);

    private static final int MOST_LOCATED = 1000;

    private final PgCore core;
    private PeeringState state = new PeeringState.Initial();

    PgReport(PgCore core) {
        this.core = core;
    }

    void state(PeeringState now) {
        state = now;
    }

    /** The group's PG_STATE_* bits. */
    public long stateBits() {
        long bits = remapped();
        if (state instanceof PeeringState.Active && !(state instanceof PeeringState.Activating)) {
            bits |= core.lease.isWaiting() ? PgState.WAIT : 0;
            bits |= core.lease.isLaggy() ? PgState.LAGGY : 0;
        }
        if (state instanceof PeeringState.Active) {
            bits |= core.isWhole() ? 0 : PgState.UNDERSIZED;
            bits |= copies().degraded() > 0 ? PgState.DEGRADED : 0;
        }
        long settled = core.map.isPendingMerge()
                ? PgState.PREMERGE | PgState.PEERED
                : core.isWriteable() ? PgState.ACTIVE : PgState.PEERED;
        return bits
                | switch (state) {
                    case PeeringState.Down s -> PgState.DOWN;
                    case PeeringState.Incomplete s -> PgState.INCOMPLETE;
                    case PeeringState.Peering s -> creatingOr(PgState.PEERING);
                    case PeeringState.Activating s -> creatingOr(PgState.ACTIVATING);
                    case RecoveryState s -> settled | forced() | recovery(s);
                    case PeeringState.Recovered s -> settled;
                    case PeeringState.Clean s -> settled | (core.isWhole() ? PgState.CLEAN : 0);
                    case PeeringState.Initial s -> 0;
                    case PeeringState.Reset s -> creatingOr(PgState.PEERING);
                    case PeeringState.Stray s -> 0;
                    case PeeringState.ReplicaActive s -> 0;
                };
    }

    private static long recovery(RecoveryState state) {
        return switch (state) {
            case RecoveryState.WaitLocalRecoveryReserved s -> PgState.RECOVERY_WAIT;
            case RecoveryState.WaitRemoteRecoveryReserved s -> PgState.RECOVERY_WAIT;
            case RecoveryState.Recovering s -> PgState.RECOVERING;
            case RecoveryState.NotRecovering s ->
                switch (s.why()) {
                    case TOOFULL -> PgState.RECOVERY_TOOFULL;
                    case UNFOUND -> PgState.RECOVERY_UNFOUND;
                };
            case RecoveryState.WaitLocalBackfillReserved s -> PgState.BACKFILL_WAIT;
            case RecoveryState.WaitRemoteBackfillReserved s -> PgState.BACKFILL_WAIT;
            case RecoveryState.Backfilling s -> PgState.BACKFILLING;
            case RecoveryState.NotBackfilling s ->
                switch (s.why()) {
                    case TOOFULL -> PgState.BACKFILL_TOOFULL;
                    case UNFOUND -> PgState.BACKFILL_UNFOUND;
                };
        };
    }

    private long forced() {
        return (core.forcedRecovery ? PgState.FORCED_RECOVERY : 0)
                | (core.forcedBackfill ? PgState.FORCED_BACKFILL : 0);
    }

    private long creatingOr(long otherwise) {
        return core.info.history().lastEpochStarted() == 0 ? PgState.CREATING | otherwise : otherwise;
    }

    private long remapped() {
        return core.map.up().equals(core.map.acting()) ? 0 : PgState.REMAPPED;
    }

    private CopyCounts copies() {
        return state instanceof PeeringState.Active && !isWholeAndClean()
                ? CopyCounts.of(core, core.info.stats().stats().get(Counter.OBJECTS))
                : CopyCounts.NONE;
    }

    private boolean isWholeAndClean() {
        return state instanceof PeeringState.Clean
                && core.map.up().equals(core.map.acting())
                && Intervals.shards(core.map.up()).size() >= core.map.size();
    }

    /** The statistics as they go to the manager now. */
    public PgStats stats(Instant now) {
        PgStats mine = core.info.stats();
        LastReport report = LastReport.of(mine).next(core.map.epoch(), stateBits(), now);
        core.reported(report);
        return new PgStats(
                core.info.lastUpdate(),
                report.sequence(),
                report.epoch(),
                report.state(),
                core.log.tail(),
                core.log.tail(),
                core.info.history().epochCreated(),
                core.info.history().lastEpochClean(),
                mine.parent(),
                mine.parentSplitBits(),
                core.info.history().scrub(),
                counted(mine.stats()),
                core.log.size(),
                core.log.size(),
                mapping(core.map, core.info.history().sameIntervalSince()),
                report.stamps(),
                mine.invalid(),
                blockedBy(),
                0,
                mine.purgedSnaps(),
                complete(),
                locations());
    }

    private static PgStats.Mapping mapping(PeeringMap map, int since) {
        return new PgStats.Mapping(map.up(), map.upPrimary(), map.acting(), map.actingPrimary(), since);
    }

    private boolean isLackingSomething() {
        return state instanceof PeeringState.Active && !(state instanceof PeeringState.Clean);
    }

    /** Members that lack nothing, told while others do. */
    private List<PgShard> complete() {
        if (!isLackingSomething()) {
            return List.of();
        }
        return core.participants.stream().filter(this::lacksNothing).toList();
    }

    private boolean lacksNothing(PgShard shard) {
        if (shard.equals(core.self)) {
            return core.missing.isEmpty();
        }
        MissingSet theirs = core.peerMissing.get(shard);
        PgInfo info = core.peerInfo.get(shard);
        return theirs != null && theirs.isEmpty() && info != null && !info.isIncomplete();
    }

    /** How many objects are where, told while somebody lacks some, and not too many to be looked up for each report. Ceph: MissingLoc's missing_by_count. */
    private Map<SortedSet<PgShard>, Integer> locations() {
        Map<SortedSet<PgShard>, Integer> counts = new LinkedHashMap<>();
        TreeMap<ObjectId, EVersion> lacked = isLackingSomething() ? lacked() : new TreeMap<>();
        if (lacked.isEmpty() || lacked.size() > MOST_LOCATED) {
            return counts;
        }
        lacked.forEach((object, need) -> {
            TreeSet<PgShard> have = new TreeSet<>(core.unfound.having(object, need));
            if (!core.missing.contains(object)) {
                have.add(core.self);
            }
            counts.merge(have, 1, Integer::sum);
        });
        long rest = core.info.stats().stats().get(Counter.OBJECTS) - lacked.size();
        if (rest > 0) {
            counts.merge(Intervals.shards(core.map.acting()), (int) rest, Integer::sum);
        }
        return counts;
    }

    /** The objects that a member lacks: at most one more than are of interest. */
    private TreeMap<ObjectId, EVersion> lacked() {
        List<MissingSet> sets = new ArrayList<>(List.of(core.missing));
        core.otherParticipants().stream()
                .map(p -> core.peerMissing.get(p))
                .filter(Objects::nonNull)
                .forEach(sets::add);
        TreeMap<ObjectId, EVersion> lacked = new TreeMap<>();
        for (MissingSet set : sets) {
            for (Map.Entry<ObjectId, PgMissing.Item> e : set.items().entrySet()) {
                if (lacked.size() > MOST_LOCATED) {
                    return lacked;
                }
                lacked.put(e.getKey(), e.getValue().need());
            }
        }
        return lacked;
    }

    private List<Integer> blockedBy() {
        return switch (state) {
            case PeeringState.GetInfo s ->
                s.awaited().stream().map(PgShard::osd).toList();
            case PeeringState.GetMissing s ->
                s.awaited().stream().map(PgShard::osd).toList();
            case PeeringState.GetLog s -> List.of(s.authority().osd());
            case PeeringState.Down s -> List.copyOf(s.prior().blockedBy().keySet());
            case PeeringState.Incomplete s -> List.copyOf(s.prior().down());
            default -> List.of();
        };
    }

    private ObjectStats counted(ObjectStats stats) {
        long objects = stats.get(Counter.OBJECTS);
        CopyCounts copies = copies();
        return stats.with(Counter.OBJECT_COPIES, objects * core.map.size())
                .with(Counter.OBJECTS_MISSING_ON_PRIMARY, core.missing.size())
                .with(
                        Counter.OBJECTS_UNFOUND,
                        state instanceof PeeringState.Active
                                ? core.unfound.objects().size()
                                : 0)
                .with(Counter.OBJECTS_DEGRADED, copies.degraded())
                .with(Counter.OBJECTS_MISPLACED, copies.misplaced());
    }

    /** On a replica, too, the statistics show who served the group when. */
    static PgStats withMapping(PgStats s, PeeringMap map) {
        return s.toBuilder().mapping(mapping(map, map.epoch())).build();
    }

    static PgStats withObjectStats(PgStats s, ObjectStats stats) {
        return s.toBuilder().stats(stats).build();
    }
}
