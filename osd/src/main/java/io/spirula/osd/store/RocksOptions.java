package io.spirula.osd.store;

/**
 * What bounds a {@link RocksStore}.
 *
 * @param memtableBytes all memtables together: what recent writes take in memory before they go to files
 * @param blockCacheBytes blocks of metadata, omap and indexes kept in memory; object data is cached by the operating system
 * @param walBytes how much log may pile up before memtables are written out: bounds the time of a restart
 * @param cachedObjects how many objects' records are kept decoded
 * @param blockBytes how much the store may take; Long.MAX_VALUE for all that the file system has. Ceph: bluestore_block_size
 */
public record RocksOptions(
        long memtableBytes, long blockCacheBytes, long walBytes, int cachedObjects, long blockBytes) {
    public static final RocksOptions DEFAULT =
            new RocksOptions(192L << 20, 64L << 20, 512L << 20, 16_384, Long.MAX_VALUE);

    public RocksOptions withBlockBytes(long bytes) {
        return new RocksOptions(memtableBytes, blockCacheBytes, walBytes, cachedObjects, bytes);
    }
}
