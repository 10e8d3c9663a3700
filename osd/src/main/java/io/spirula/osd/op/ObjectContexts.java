package io.spirula.osd.op;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.pg.ObjectInfo;
import io.spirula.common.pg.SnapSet;
import io.spirula.common.types.ObjectId;
import io.spirula.osd.store.CollectionId;
import io.spirula.osd.store.ObjectStore;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/** The objects of one placement group that are in use, and those used last. Those in use are never dropped, the others are bounded in number. */
public final class ObjectContexts {
    private static final Bytes EMPTY_SNAPSET = SnapSet.CODEC.toBytes(SnapSet.EMPTY);

    private final ObjectStore store;
    private final CollectionId collection;
    private final int maxIdle;
    private final Map<ObjectId, ObjectContext> contexts;

    public ObjectContexts(ObjectStore store, CollectionId collection, int maxIdle) {
        this.store = store;
        this.collection = collection;
        this.maxIdle = maxIdle;
        contexts = new LinkedHashMap<>(64, 0.75f, true);
    }

    /** The object's context, whether the object is there or not. Throws StoreException where its info is damaged. */
    public ObjectContext load(ObjectId id) {
        ObjectContext known = contexts.get(id);
        if (known != null) {
            return known;
        }
        ObjectContext loaded = new ObjectContext(id, stored(id), EMPTY_SNAPSET);
        trim();
        contexts.put(id, loaded);
        return loaded;
    }

    private ObjectState stored(ObjectId id) {
        Bytes info = store.attribute(collection, id, ObjectInfo.ATTRIBUTE);
        return info == null ? ObjectState.absent() : ObjectState.decode(info);
    }

    /**
     * An object was changed behind our back, such as by recovery, and the change is in the store. Those who work on it, or wait to, keep their order and find it as it is now. Throws StoreException where its info is damaged.
     */
    public void changed(ObjectId id) {
        ObjectContext known = contexts.get(id);
        if (known != null && known.lock.isIdle()) {
            contexts.remove(id);
        } else if (known != null) {
            known.replace(stored(id));
        }
    }

    /** Any object may have been changed behind our back: those that nobody works on are looked up again. */
    public void forgetIdle() {
        contexts.values().removeIf(context -> context.lock.isIdle());
    }

    /** Forgets everything: what was started and not finished is void. */
    public void clear() {
        contexts.clear();
    }

    public int size() {
        return contexts.size();
    }

    private void trim() {
        if (contexts.size() < maxIdle) {
            return;
        }
        Iterator<ObjectContext> oldest = contexts.values().iterator();
        int looked = 0;
        while (oldest.hasNext() && contexts.size() >= maxIdle && looked++ < 16) {
            if (oldest.next().lock.isIdle()) {
                oldest.remove();
            }
        }
    }
}
