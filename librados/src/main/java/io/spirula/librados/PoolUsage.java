package io.spirula.librados;

import io.spirula.common.pg.ObjectStats;
import io.spirula.common.pg.PoolStats;
import java.util.Map;

/**
 * Pools' statistics.
 *
 * @param measured whether the stores count each pool's space; otherwise it is guessed from the objects
 */
public record PoolUsage(Map<String, PoolStats> pools, boolean measured) {
    /** What the pool takes on all OSDs together, in bytes. Ceph: get_allocated_data_bytes and get_allocated_omap_bytes. */
    public long usedBytes(String pool) {
        PoolStats stats = pools.getOrDefault(pool, PoolStats.ZERO);
        return measured
                ? stats.storeStats().allocated() + stats.storeStats().omapAllocated()
                : stats.stats().get(ObjectStats.Counter.BYTES) + stats.stats().get(ObjectStats.Counter.OMAP_BYTES);
    }
}
