package io.spirula.mon.service;

import io.spirula.common.maps.PgMergeMeta;
import io.spirula.common.maps.PgPool;
import io.spirula.common.message.OsdPgReadyToMerge;

/** What comes of a group that is to merge: once its primary says that both are at rest, there is one group less; where it says that they cannot come to rest, none is to merge any more. Ceph: OSDMonitor::prepare_pg_ready_to_merge. */
final class PgMerges {
    private final OsdmapService osdmap;

    PgMerges(OsdmapService osdmap) {
        this.osdmap = osdmap;
    }

    /** Takes a primary's word. Runs while the map may be changed. */
    void ready(OsdPgReadyToMerge m) {
        long id = m.pg().pool();
        PgPool pool = osdmap.pendingMap().pool(id);
        if (pool == null || pool.pgNum() != m.pg().seed() + 1 || pool.pgNumPending() > m.pg().seed()) {
            return;
        }
        int epoch = osdmap.map().epoch() + 1;
        PgPool.Builder b = pool.toBuilder().lastForceOpResendPrenautilus(epoch);
        if (m.ready()) {
            b.pgNum(pool.pgNum() - 1)
                    .lastPgMergeMeta(new PgMergeMeta(
                            m.pg(),
                            epoch,
                            m.lastEpochStarted(),
                            m.lastEpochClean(),
                            m.sourceVersion(),
                            m.targetVersion()))
                    .lastChange(epoch);
        } else {
            b.pgNumPending(pool.pgNum());
        }
        osdmap.change(inc -> inc.putPool(id, b.build()));
    }
}
