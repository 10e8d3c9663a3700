package io.spirula.osd.store;

import io.spirula.common.types.ShardPgId;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/** A collection of objects that live and are listed together: one placement group's shard, or the OSD's own {@link #META}. Ceph: coll_t. */
public record CollectionId(@Nullable ShardPgId pg) implements Comparable<CollectionId> {
    /** The superblock and the stored OSD maps. */
    public static final CollectionId META = new CollectionId(null);

    private static final Comparator<@Nullable ShardPgId> ORDER = Comparator.nullsFirst(Comparator.naturalOrder());

    public static CollectionId of(ShardPgId pg) {
        return new CollectionId(pg);
    }

    @Override
    public int compareTo(CollectionId other) {
        return ORDER.compare(pg, other.pg);
    }

    @Override
    public String toString() {
        return pg == null ? "meta" : pg + "_head";
    }
}
