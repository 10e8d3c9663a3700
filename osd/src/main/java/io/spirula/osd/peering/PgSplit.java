package io.spirula.osd.peering;

import io.spirula.common.maps.PgLineage;
import io.spirula.common.pg.ObjectStats;
import io.spirula.common.pg.PgHistory;
import io.spirula.common.pg.PgInfo;
import io.spirula.common.pg.PgStats;
import io.spirula.common.types.ObjectId;
import io.spirula.common.types.PgId;
import io.spirula.common.types.ShardPgId;
import io.spirula.osd.pglog.MissingSet;
import io.spirula.osd.pglog.PgLog;
import io.spirula.osd.pglog.PgMeta;
import io.spirula.osd.store.Transaction;
import java.util.function.Predicate;

/**
 * One group that becomes several, on one OSD: each child gets the objects whose hash is its own, what the log and the missing set say of them, and the parent's past. How many objects there are on either side is
 * estimated until somebody counts. Ceph: PG::split_into, PeeringState::split_into, start_split_stats.
 */
final class PgSplit {
    private final PgCore parent;
    private final PeeringMap before;
    private final ObjectStats share;
    private final Transaction transaction;

    /**
     * @param parent has followed the map already that makes it split
     * @param before the map before that one
     * @param children how many there will be
     */
    PgSplit(PgCore parent, PeeringMap before, int children, Transaction transaction) {
        this.parent = parent;
        this.before = before;
        this.share = parent.info.stats().stats().share(children + 1);
        this.transaction = transaction;
    }

    /** Takes out of the parent what belongs to {@code seed}. */
    PgCore child(int seed, PeeringMap map) {
        ShardPgId id = new ShardPgId(new PgId(parent.pg.pg().pool(), seed), parent.pg.shard());
        int bits = PgLineage.bits(seed, map.pgNum());
        PgMeta meta = new PgMeta(id);
        transaction.add(new Transaction.CreateCollection(meta.collection()));
        transaction.add(new Transaction.SplitCollection(parent.meta.collection(), bits, seed, meta.collection()));
        transaction.add(new Transaction.Touch(meta.collection(), meta.object()));

        PgLog log = new PgLog(meta, parent.log.limits());
        MissingSet missing = new MissingSet(meta);
        int mask = (int) ((1L << bits) - 1);
        Predicate<ObjectId> moves = object -> (object.hash() & mask) == seed;
        parent.log.splitInto(log, moves);
        parent.missing.splitInto(missing, moves);
        PgStats stats = parent.info.stats();
        parent.info(PgInfos.withStats(parent.info, estimate(stats, stats.stats().minus(share))));
        if (parent.info.isIncomplete()) {
            // What is there of either is not worth finding out: both are copied anew.
            parent.info(PgInfos.withBackfill(parent.info, ObjectId.MIN));
            parent.missing.clear();
            missing.clear();
        }
        PgCore child = new PgCore(
                parent.self,
                meta,
                log,
                missing,
                info(id, map),
                parent.past,
                map,
                parent.clock,
                parent.lease::interval,
                parent.costs);
        child.lease.inherit(parent.lease);
        child.followLog(parent.info.lastUserVersion());
        child.persist(transaction);
        return child;
    }

    /** When all children are born. */
    void end() {
        parent.followLog(parent.info.lastUserVersion());
        parent.persist(transaction);
    }

    private PgInfo info(ShardPgId id, PeeringMap map) {
        PgHistory h = parent.info.history();
        int epoch = map.epoch();
        boolean sameUp = before.up().equals(map.up());
        boolean samePrimary = before.actingPrimary() == map.actingPrimary();
        PgHistory history = h.toBuilder()
                .epochCreated(epoch)
                .lastEpochSplit(epoch)
                .sameUpSince(sameUp ? h.sameUpSince() : epoch)
                .samePrimarySince(samePrimary ? h.samePrimarySince() : epoch)
                .build();
        return parent.info.toBuilder()
                .pg(id)
                .stats(estimate(parent.info.stats(), share))
                .history(history)
                .build();
    }

    private static PgStats estimate(PgStats stats, ObjectStats sums) {
        return stats.toBuilder().stats(sums, true).build();
    }
}
