package io.spirula.osd.store;

import io.spirula.common.types.ShardPgId;
import org.jspecify.annotations.Nullable;

/** A collection of objects that live and are listed together: one placement group's shard, or the OSD's own {@link #META}. Ceph: coll_t. */
public record CollectionId(@Nullable ShardPgId pg) {
    /** The superblock and the stored OSD maps. */
    public static final CollectionId META = new CollectionId(null);

    public static CollectionId of(ShardPgId pg) {
        return new CollectionId(pg);
    }

    @Override
    public String toString() {
        return pg == null ? "meta" : pg + "_head";
    }
}
