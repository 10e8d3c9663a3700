package io.spirula.osd.pglog;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.types.ObjectId;
import io.spirula.common.types.ShardPgId;
import io.spirula.osd.store.CollectionId;
import io.spirula.osd.store.Transaction;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * A placement group's own object, whose omap holds its log, its missing set and its info; and the changes to it that the next transaction is to carry. Ceph: the pgmeta object.
 */
public final class PgMeta {
    private final CollectionId collection;
    private final ObjectId object;
    private final TreeMap<Bytes, Bytes> sets = new TreeMap<>();
    private final List<Bytes> removals = new ArrayList<>();

    public PgMeta(ShardPgId pg) {
        collection = CollectionId.of(pg);
        object = objectOf(pg);
    }

    public static ObjectId objectOf(ShardPgId pg) {
        return ObjectId.head(
                pg.pg().pool(), Bytes.EMPTY, Bytes.EMPTY, Bytes.EMPTY, pg.pg().seed());
    }

    public CollectionId collection() {
        return collection;
    }

    public ObjectId object() {
        return object;
    }

    public void put(Bytes key, Bytes value) {
        sets.put(key, value);
    }

    public void remove(Bytes key) {
        sets.remove(key);
        removals.add(key);
    }

    public boolean isDirty() {
        return !sets.isEmpty() || !removals.isEmpty();
    }

    /** Moves the changes so far into {@code transaction}. */
    public void writeTo(Transaction transaction) {
        if (!removals.isEmpty()) {
            transaction.add(new Transaction.OmapRemove(collection, object, List.copyOf(removals)));
            removals.clear();
        }
        if (!sets.isEmpty()) {
            transaction.add(new Transaction.OmapSet(collection, object, new TreeMap<>(sets)));
            sets.clear();
        }
    }
}
