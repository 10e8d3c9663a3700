package io.spirula.mon.service;

import io.spirula.common.env.Clock;
import io.spirula.common.maps.PgPool;
import io.spirula.common.maps.PoolFlag;
import io.spirula.common.maps.PoolSnap;
import io.spirula.common.types.IntervalSet;
import java.util.Optional;
import java.util.TreeMap;

/** Makes and removes snapshots of pools, whoever asks for it. */
final class PoolSnaps {
    private final OsdmapService osdmap;
    private final Clock clock;

    PoolSnaps(OsdmapService osdmap, Clock clock) {
        this.osdmap = osdmap;
        this.clock = clock;
    }

    private static Optional<PoolSnap> find(PgPool pool, String name) {
        return pool.snaps().values().stream().filter(s -> s.name().equals(name)).findFirst();
    }

    /** @return false if the pool has a snapshot of this name */
    boolean create(long id, PgPool pool, String name) {
        if (find(pool, name).isPresent()) {
            return false;
        }
        long snap = pool.snapSeq() + 1;
        TreeMap<Long, PoolSnap> snaps = new TreeMap<>(pool.snaps());
        snaps.put(snap, new PoolSnap(snap, clock.now(), name));
        change(
                id,
                pool.toBuilder()
                        .snapSeq(snap)
                        .snapEpoch(osdmap.map().epoch() + 1)
                        .snaps(snaps)
                        .flag(PoolFlag.POOL_SNAPS, true));
        return true;
    }

    /** @return false if the pool has no snapshot of this name */
    boolean remove(long id, PgPool pool, String name) {
        Optional<PoolSnap> found = find(pool, name);
        if (found.isEmpty()) {
            return false;
        }
        TreeMap<Long, PoolSnap> snaps = new TreeMap<>(pool.snaps());
        snaps.remove(found.get().id());
        removeId(id, pool.toBuilder().snaps(snaps), found.get().id());
        return true;
    }

    /** Has the OSDs forget a snapshot, whichever kind it is. */
    void removeId(long pool, PgPool.Builder changed, long snap) {
        change(
                pool,
                changed.snapSeq(changed.build().snapSeq() + 1)
                        .snapEpoch(osdmap.map().epoch() + 1));
        osdmap.change(inc -> inc.putRemovedSnaps(pool, IntervalSet.of(snap, 1)));
    }

    void change(long id, PgPool.Builder changed) {
        int epoch = osdmap.map().epoch() + 1;
        osdmap.change(inc -> inc.putPool(id, changed.lastChange(epoch).build()));
    }
}
