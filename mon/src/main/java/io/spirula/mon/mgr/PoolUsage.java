package io.spirula.mon.mgr;

/** How much a pool holds, by its number. */
public interface PoolUsage {
    long objects(long pool);

    long bytes(long pool);
}
