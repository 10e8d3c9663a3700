package io.spirula.osd.recovery;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.encoding.MalformedInput;
import io.spirula.common.pg.PushOp;
import io.spirula.common.pg.RecoveryProgress;
import io.spirula.common.types.EVersion;
import io.spirula.common.types.ObjectId;
import io.spirula.osd.store.CollectionId;
import io.spirula.osd.store.ObjectStore;
import io.spirula.osd.store.Transaction;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Where pushed objects land. One that comes in a single piece takes its place at once; one in several gathers in a temporary object beside, which takes its place when it is whole: so a reader sees the old object or the new
 * one, and what was begun in an interval that is over leaves no trace.
 */
public final class Landing {
    /** What became of a piece. */
    public enum Result {
        /** The object is whole with this. */
        WHOLE,
        /** More has to come. */
        PIECE,
        /** It does not continue what is here: it is of an earlier try. */
        STRAY
    }

    private record Part(EVersion version, RecoveryProgress reached) {}

    private final CollectionId collection;
    private final TreeMap<ObjectId, Part> parts = new TreeMap<>();

    public Landing(CollectionId collection) {
        this.collection = collection;
    }

    /** Takes a push into {@code transaction}. Throws MalformedInput where it does not fit together. */
    public Result take(PushOp push, Transaction transaction) {
        ObjectId object = push.object();
        if (push.version().equals(EVersion.ZERO)) {
            transaction.add(new Transaction.Remove(collection, object));
            return Result.WHOLE;
        }
        boolean first = push.beforeProgress().first();
        boolean last =
                push.afterProgress().dataComplete() && push.afterProgress().omapComplete();
        Part part = parts.get(object);
        if (!first && !new Part(push.version(), push.beforeProgress()).equals(part)) {
            return Result.STRAY;
        }
        ObjectId at = first && last ? object : temporary(object);
        if (first) {
            transaction.add(new Transaction.Remove(collection, at));
            transaction.add(new Transaction.Touch(collection, at));
            transaction.add(new Transaction.SetAttributes(collection, at, new TreeMap<>(push.attributes())));
            if (!push.omapHeader().isEmpty()) {
                transaction.add(new Transaction.OmapSetHeader(collection, at, push.omapHeader()));
            }
        }
        write(push, at, transaction);
        if (!last) {
            parts.put(object, new Part(push.version(), push.afterProgress()));
            return Result.PIECE;
        }
        transaction.add(
                new Transaction.Truncate(collection, at, push.recoveryInfo().size()));
        if (!at.equals(object)) {
            transaction.add(new Transaction.Clone(collection, at, object));
            transaction.add(new Transaction.Remove(collection, at));
        }
        parts.remove(object);
        return Result.WHOLE;
    }

    private void write(PushOp push, ObjectId at, Transaction transaction) {
        transaction.addAll(writes(push, collection, at));
        if (!push.omapEntries().isEmpty()) {
            transaction.add(new Transaction.OmapSet(collection, at, new TreeMap<>(push.omapEntries())));
        }
    }

    /** A push's data as it is written to {@code at}. Throws MalformedInput where it does not fit together. */
    public static List<Transaction.Write> writes(PushOp push, CollectionId collection, ObjectId at) {
        List<Transaction.Write> writes = new ArrayList<>();
        int taken = 0;
        for (Map.Entry<Long, Long> range : push.dataIncluded().ranges().entrySet()) {
            long length = range.getValue();
            if (length < 0 || length > push.data().size() - taken || range.getKey() < 0) {
                throw new MalformedInput("a push of " + push.object() + " has less data than it says");
            }
            writes.add(new Transaction.Write(
                    collection, at, range.getKey(), push.data().slice(taken, (int) length)));
            taken += (int) length;
        }
        return writes;
    }

    /** The interval is over: what has not become whole is dropped. */
    public void clear(Transaction transaction) {
        parts.keySet().forEach(o -> transaction.add(new Transaction.Remove(collection, temporary(o))));
        parts.clear();
    }

    /** What was being gathered when the OSD stopped is dropped. */
    public static void removeLeftovers(ObjectStore store, CollectionId collection, Transaction transaction) {
        List<ObjectId> left = store.list(collection, ObjectId.MIN, ObjectId.MAX, 1);
        while (!left.isEmpty() && isTemporary(left.getLast())) {
            transaction.add(new Transaction.Remove(collection, left.getLast()));
            left = store.list(collection, left.getLast(), ObjectId.MAX, 2);
            left = left.subList(1, left.size());
        }
    }

    private static boolean isTemporary(ObjectId object) {
        return object.pool() < -1;
    }

    /** Without a name, as nothing that is listed, scrubbed or counted is; in Ceph's temporary pool, so before all other objects. */
    private static ObjectId temporary(ObjectId object) {
        Bytes key = ObjectId.CODEC.toBytes(object);
        return new ObjectId(-2 - object.pool(), Bytes.EMPTY, key, Bytes.EMPTY, ObjectId.HEAD, 0, false);
    }
}
