package io.spirula.osd.peering;

import io.spirula.common.maps.PgMergeMeta;
import io.spirula.common.pg.PgHistory;
import io.spirula.common.pg.PgInfo;
import io.spirula.common.pg.PgStats;
import io.spirula.common.types.EVersion;
import io.spirula.common.types.ObjectId;
import io.spirula.common.types.PgId;
import io.spirula.osd.pglog.PgLog;
import io.spirula.osd.store.Transaction;
import java.util.ArrayList;
import java.util.List;

/**
 * Groups that become one, on one OSD. All were at rest and complete when the monitors let them merge, in the versions that they noted; where this OSD's part is anything else, the whole is not complete and is copied anew
 * from who has it. Ceph: PeeringState::merge_from.
 */
final class PgMerge {
    private final PgCore target;
    private final PgMergeMeta meta;
    private final Transaction transaction;

    PgMerge(PgCore target, PgMergeMeta meta, Transaction transaction) {
        this.target = target;
        this.meta = meta;
        this.transaction = transaction;
    }

    /** Moves all that the sources have into the target, and ends them. {@code allThere}: none is missing on this OSD. */
    void take(List<PgCore> sources, boolean allThere) {
        boolean complete = allThere && isComplete(target.info) && targetIsAsNoted();
        EVersion lastUpdate = target.info.lastUpdate();
        long userVersion = target.info.lastUserVersion();
        PgStats stats = target.info.stats();
        List<PgLog> logs = new ArrayList<>();
        for (PgCore source : sources) {
            complete &= isComplete(source.info) && sourceIsAsNoted(source);
            lastUpdate = later(lastUpdate, source.info.lastUpdate());
            userVersion = Math.max(userVersion, source.info.lastUserVersion());
            stats = sum(stats, source.info.stats());
            logs.add(source.log);
            target.lease.inherit(source.lease);
            if (target.past.isEmpty()) {
                target.past(source.past); // they were mapped alike before they could merge
            }
            transaction.add(new Transaction.Remove(source.meta.collection(), source.meta.object()));
            transaction.add(new Transaction.SplitCollection(source.meta.collection(), 0, 0, target.meta.collection()));
            transaction.add(new Transaction.RemoveCollection(source.meta.collection()));
        }
        target.missing.clear();
        target.log.mergeFrom(logs, lastUpdate);
        PgInfo info = PgInfos.withUpdate(target.info, lastUpdate, lastUpdate, userVersion);
        info = PgInfos.withStats(PgInfos.withLogTail(info, lastUpdate), stats);
        target.info(complete ? info : PgInfos.withBackfill(info, ObjectId.MIN));
        if (target.info.doesNotExist() && !sources.isEmpty()) {
            adopt(sources.getFirst().info.history());
        }
    }

    private boolean targetIsAsNoted() {
        return isNotNoted()
                || parent(meta.source()) == target.pg.pg().seed()
                        && target.info.lastUpdate().equals(meta.targetVersion());
    }

    private boolean sourceIsAsNoted(PgCore source) {
        return isNotNoted()
                || source.pg.pg().seed() == meta.source().seed()
                        && source.info.lastUpdate().equals(meta.sourceVersion());
    }

    private boolean isNotNoted() {
        return meta.equals(PgMergeMeta.NONE);
    }

    /** Ceph: pg_t::get_parent. */
    private static int parent(PgId pg) {
        return pg.seed() & ~Integer.highestOneBit(pg.seed());
    }

    private static boolean isComplete(PgInfo info) {
        return !info.hasMissing() && !info.isIncomplete() && !info.doesNotExist();
    }

    private static EVersion later(EVersion a, EVersion b) {
        return a.compareTo(b) >= 0 ? a : b;
    }

    private static PgStats sum(PgStats a, PgStats b) {
        return a.toBuilder()
                .stats(
                        a.stats().plus(b.stats()),
                        a.invalid().stats() || b.invalid().stats())
                .build();
    }

    /** This OSD had nothing of the target itself: it was what its source was, and started and clean when they were found ready. */
    private void adopt(PgHistory source) {
        PgHistory history = PgInfos.withClean(
                PgInfos.withStarted(source, meta.lastEpochStarted(), source.lastIntervalStarted()),
                meta.lastEpochClean(),
                source.lastIntervalClean());
        target.info(PgInfos.withHistory(
                PgInfos.withStarted(target.info, meta.lastEpochStarted(), target.info.lastIntervalStarted()), history));
    }
}
