package io.spirula.mon.service;

import io.spirula.common.format.Numbers;
import io.spirula.common.maps.PgPool;
import io.spirula.common.maps.PoolFlag;
import io.spirula.common.message.LogEntry;
import io.spirula.common.pg.ObjectStats;
import io.spirula.mon.mgr.PgMap;
import java.util.Map;

/** Marks pools full that have reached a quota, and no longer full once they are below it. Ceph: OSDMonitor::update_pools_status. */
public final class PoolQuotas {
    private final OsdmapService osdmap;
    private final PgMap pgMap;
    private final LogService log;

    public PoolQuotas(OsdmapService osdmap, PgMap pgMap, LogService log) {
        this.osdmap = osdmap;
        this.pgMap = pgMap;
        this.log = log;
    }

    /** Runs while the map may be changed. */
    public void tick() {
        Map<Long, ObjectStats> known = pgMap.byPool();
        osdmap.pendingMap().pools().forEach((id, pool) -> {
            ObjectStats stats = known.get(id);
            if (stats != null) {
                check(id, pool, stats.get(ObjectStats.Counter.BYTES), stats.get(ObjectStats.Counter.OBJECTS));
            }
        });
    }

    private void check(long id, PgPool pool, long bytes, long objects) {
        String name = "pool '" + osdmap.pendingMap().poolName(id) + "'";
        boolean tooLarge = pool.quotaMaxBytes() > 0 && bytes >= pool.quotaMaxBytes();
        boolean tooMany = pool.quotaMaxObjects() > 0 && objects >= pool.quotaMaxObjects();
        boolean isMarked = pool.has(PoolFlag.FULL_QUOTA);
        if (isMarked == (tooLarge || tooMany)) {
            return;
        }
        if (isMarked) {
            log.log(LogEntry.Level.INFO, name + " no longer out of quota; removing NO_QUOTA flag");
        }
        if (tooLarge) {
            String quota = Numbers.bytes(pool.quotaMaxBytes());
            log.log(LogEntry.Level.WARN, name + " is full (reached quota's max_bytes: " + quota + ")");
        }
        if (tooMany) {
            String quota = Long.toString(pool.quotaMaxObjects());
            log.log(LogEntry.Level.WARN, name + " is full (reached quota's max_objects: " + quota + ")");
        }
        // Whether it is full for want of room too is seen when the map is encoded.
        osdmap.change(inc -> inc.putPool(
                id,
                pool.toBuilder()
                        .flag(PoolFlag.FULL_QUOTA, !isMarked)
                        .flag(PoolFlag.FULL, !isMarked)
                        .build()));
    }
}
