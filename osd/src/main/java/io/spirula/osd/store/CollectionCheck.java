package io.spirula.osd.store;

import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/** Whether a transaction names only collections that are there when their turn comes, asked before anything is changed. */
final class CollectionCheck {
    private CollectionCheck() {}

    /** Throws IllegalStateException for an operation on a collection that is not there, and for a second creation. */
    static void check(Transaction transaction, Predicate<CollectionId> exists) {
        Map<CollectionId, Boolean> changed = new TreeMap<>();
        CollectionId last = null;
        for (Transaction.Op op : transaction.ops()) {
            CollectionId id = op.collection();
            boolean creates = op instanceof Transaction.CreateCollection;
            boolean remarkable =
                    creates || op instanceof Transaction.RemoveCollection || op instanceof Transaction.SplitCollection;
            if (!remarkable && id.equals(last)) {
                continue;
            }
            require(id, changed.getOrDefault(id, exists.test(id)), !creates);
            last = id;
            if (op instanceof Transaction.SplitCollection split) {
                require(split.target(), changed.getOrDefault(split.target(), exists.test(split.target())), true);
            } else if (creates || op instanceof Transaction.RemoveCollection) {
                changed.put(id, creates);
                last = null;
            }
        }
    }

    /** The low bits that decide a split. */
    static int mask(int bits) {
        return bits >= 32 ? -1 : (1 << bits) - 1;
    }

    private static void require(CollectionId id, boolean there, boolean wanted) {
        if (there != wanted) {
            throw new IllegalStateException(
                    there ? "collection " + id + " is there already" : "there is no collection " + id);
        }
    }
}
