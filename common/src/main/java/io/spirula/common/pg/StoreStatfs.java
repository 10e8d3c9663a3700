package io.spirula.common.pg;

import io.spirula.common.encoding.Codec;
import io.spirula.common.encoding.Decoder;
import io.spirula.common.encoding.Encoder;

/** How an object store's space is used, in bytes. Ceph: store_statfs_t. */
public record StoreStatfs(
        long total,
        long available,
        long internallyReserved,
        long allocated,
        long dataStored,
        long dataCompressed,
        long dataCompressedAllocated,
        long dataCompressedOriginal,
        long omapAllocated,
        long internalMetadata) {
    public static final StoreStatfs ZERO = new StoreStatfs(0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
    public static final Codec<StoreStatfs> CODEC = Codec.of(StoreStatfs::encode, StoreStatfs::decode);

    private void encode(Encoder out) {
        out.struct(
                1,
                1,
                o -> o.u64(total)
                        .u64(available)
                        .u64(internallyReserved)
                        .u64(allocated)
                        .u64(dataStored)
                        .u64(dataCompressed)
                        .u64(dataCompressedAllocated)
                        .u64(dataCompressedOriginal)
                        .u64(omapAllocated)
                        .u64(internalMetadata));
    }

    private static StoreStatfs decode(Decoder in) {
        return in.struct(
                1,
                (b, v) -> new StoreStatfs(
                        b.u64(), b.u64(), b.u64(), b.u64(), b.u64(), b.u64(), b.u64(), b.u64(), b.u64(), b.u64()));
    }

    /** Bytes that are not free, whatever for. Ceph: get_used_raw. */
    public long usedRaw() {
        return total - available;
    }

    /** Bytes used without what the store keeps back for itself. Ceph: get_used. */
    public long used() {
        return total - available - internallyReserved;
    }

    public StoreStatfs plus(StoreStatfs o) {
        return new StoreStatfs(
                total + o.total,
                available + o.available,
                internallyReserved + o.internallyReserved,
                allocated + o.allocated,
                dataStored + o.dataStored,
                dataCompressed + o.dataCompressed,
                dataCompressedAllocated + o.dataCompressedAllocated,
                dataCompressedOriginal + o.dataCompressedOriginal,
                omapAllocated + o.omapAllocated,
                internalMetadata + o.internalMetadata);
    }

    public StoreStatfs minus(StoreStatfs o) {
        return new StoreStatfs(
                total - o.total,
                available - o.available,
                internallyReserved - o.internallyReserved,
                allocated - o.allocated,
                dataStored - o.dataStored,
                dataCompressed - o.dataCompressed,
                dataCompressedAllocated - o.dataCompressedAllocated,
                dataCompressedOriginal - o.dataCompressedOriginal,
                omapAllocated - o.omapAllocated,
                internalMetadata - o.internalMetadata);
    }
}
