package io.spirula.librados.objecter;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.maps.OsdMap;
import io.spirula.common.maps.OsdMapFlag;
import io.spirula.common.maps.PgPool;
import io.spirula.common.maps.PoolFlag;
import io.spirula.common.maps.UpActing;
import io.spirula.common.message.OsdOp;
import io.spirula.common.types.ObjectId;
import io.spirula.common.types.PgId;
import io.spirula.common.types.ShardPgId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One OSD map with the placement groups that were asked for, so that CRUSH runs once for each and map. */
final class Placement {
    private final OsdMap map;
    private final Map<PgId, PgTarget> targets = new HashMap<>();

    Placement(OsdMap map) {
        this.map = map;
    }

    OsdMap map() {
        return map;
    }

    int epoch() {
        return map.epoch();
    }

    @Nullable
    PgPool pool(long id) {
        return map.pool(id);
    }

    /** The pool that takes the operation: a cache tier's where there is one before this pool. */
    long overlay(Operation op, PgPool pool) {
        if ((op.flags & OsdOp.FLAG_IGNORE_OVERLAY) != 0 || op.place instanceof OperationTarget.OfPg) {
            return op.place.pool();
        }
        long tier = op.isWrite() && pool.writeTier() >= 0
                ? pool.writeTier()
                : op.isRead() && pool.readTier() >= 0 ? pool.readTier() : -1;
        return tier >= 0 && pool(tier) != null ? tier : op.place.pool();
    }

    static ObjectId object(OperationTarget place, long poolId, PgPool pool) {
        return switch (place) {
            case OperationTarget.OfObject o -> {
                Bytes hashed = o.key().isEmpty() ? o.name() : o.key();
                yield ObjectId.head(poolId, o.namespace(), o.key(), o.name(), pool.hashKey(hashed, o.namespace()));
            }
            case OperationTarget.OfPg g -> ObjectId.head(poolId, g.namespace(), Bytes.EMPTY, Bytes.EMPTY, g.seed());
        };
    }

    PgTarget target(long poolId, PgPool pool, int hash) {
        PgId pg = new PgId(poolId, pool.pgOf(hash));
        PgTarget known = targets.get(pg);
        if (known == null) {
            known = compute(pg, pool);
            targets.put(pg, known);
        }
        return known;
    }

    private PgTarget compute(PgId pg, PgPool pool) {
        UpActing where = map.pgToUpActing(pg);
        List<Integer> acting = where.acting();
        int primary = where.actingPrimary();
        int shard = pool.isErasure() ? acting.indexOf(primary) : ShardPgId.NO_SHARD;
        return new PgTarget(
                pg,
                new ShardPgId(pg, shard),
                primary,
                where.upPrimary(),
                where.up(),
                acting,
                pool.size(),
                pool.minSize(),
                pool.pgNum(),
                pool.pgNumPending());
    }

    boolean pausesReads() {
        return OsdMapFlag.PAUSERD.in(map.flags());
    }

    boolean pausesWrites() {
        return OsdMapFlag.PAUSEWR.in(map.flags());
    }

    boolean isFull(long poolId) {
        PgPool pool = pool(poolId);
        return OsdMapFlag.FULL.in(map.flags()) || pool != null && pool.has(PoolFlag.FULL);
    }

    /** Whether something is held back until a later map, so that all of them are wanted. */
    boolean wantsEveryMap() {
        return pausesReads()
                || pausesWrites()
                || OsdMapFlag.FULL.in(map.flags())
                || map.pools().values().stream().anyMatch(p -> p.has(PoolFlag.FULL));
    }
}
