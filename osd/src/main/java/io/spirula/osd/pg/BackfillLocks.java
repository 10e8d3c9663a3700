package io.spirula.osd.pg;

import io.spirula.common.encoding.MalformedInput;
import io.spirula.common.types.ObjectId;
import io.spirula.osd.op.ObjectContext;
import io.spirula.osd.store.StoreException;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * The objects that are copied, or are about to be, and that may be written to while somebody lacks them: it waits for who had begun to change them, and nobody begins meanwhile. Else a copy could be read before a change and arrive at the target behind it. Ceph:
 * ObjectContext::get_recovery_read.
 */
final class BackfillLocks {
    private final PlacementGroup pg;
    private final Runnable granted;
    private final TreeSet<ObjectId> awaited = new TreeSet<>();
    private final TreeMap<ObjectId, ObjectContext> held = new TreeMap<>();

    /** @param granted runs when an object is there that was not at once */
    BackfillLocks(PlacementGroup pg, Runnable granted) {
        this.pg = pg;
        this.granted = granted;
    }

    /** Whether the object may be copied now. */
    boolean take(ObjectId object) {
        if (held.containsKey(object)) {
            return true;
        }
        if (awaited.contains(object)) {
            return false;
        }
        ObjectContext context;
        try {
            context = pg.ops().contexts().load(object);
        } catch (StoreException | MalformedInput e) {
            return true; // who reads it will see that it is damaged
        }
        Runnable later = pg.inThisInterval(() -> {
            awaited.remove(object);
            held.put(object, context);
            granted.run();
        });
        if (context.acquire(true, false, later)) {
            held.put(object, context);
            return true;
        }
        awaited.add(object);
        return false;
    }

    void release(ObjectId object) {
        ObjectContext context = held.remove(object);
        if (context != null) {
            context.release();
        }
    }

    void releaseAllBut(Predicate<ObjectId> needed) {
        for (ObjectId object : List.copyOf(held.keySet())) {
            if (!needed.test(object)) {
                release(object);
            }
        }
    }

    /** The interval is over, and all locks with it. */
    void reset() {
        awaited.clear();
        held.clear();
    }
}
