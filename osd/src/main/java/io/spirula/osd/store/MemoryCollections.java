package io.spirula.osd.store;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.types.ObjectId;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Collections and their objects as sorted maps, and what each change of a transaction does to them: the meaning of a transaction in its simplest form. */
final class MemoryCollections {
    private final TreeMap<CollectionId, TreeMap<ObjectId, MemoryObject>> collections = new TreeMap<>();

    MemoryCollections copy() {
        MemoryCollections copy = new MemoryCollections();
        collections.forEach((id, objects) -> {
            TreeMap<ObjectId, MemoryObject> copied = new TreeMap<>();
            objects.forEach((object, value) -> copied.put(object, value.copy()));
            copy.collections.put(id, copied);
        });
        return copy;
    }

    List<CollectionId> ids() {
        return List.copyOf(collections.keySet());
    }

    boolean contains(CollectionId id) {
        return collections.containsKey(id);
    }

    /** The collection's objects; throws IllegalStateException where there is none. */
    TreeMap<ObjectId, MemoryObject> objects(CollectionId id) {
        TreeMap<ObjectId, MemoryObject> objects = collections.get(id);
        if (objects == null) {
            throw new IllegalStateException("there is no collection " + id);
        }
        return objects;
    }

    @Nullable
    MemoryObject find(CollectionId id, ObjectId object) {
        TreeMap<ObjectId, MemoryObject> objects = collections.get(id);
        return objects == null ? null : objects.get(object);
    }

    void apply(Transaction transaction) {
        CollectionCheck.check(transaction, collections::containsKey);
        transaction.ops().forEach(this::apply);
    }

    private void apply(Transaction.Op op) {
        switch (op) {
            case Transaction.CreateCollection o -> collections.put(o.collection(), new TreeMap<>());
            case Transaction.RemoveCollection o -> collections.remove(o.collection());
            case Transaction.SplitCollection o -> split(o);
            case Transaction.Touch o -> make(o.collection(), o.object());
            case Transaction.Write o -> make(o.collection(), o.object()).data.write(o.offset(), o.data());
            case Transaction.Zero o -> make(o.collection(), o.object()).data.zero(o.offset(), o.length());
            case Transaction.Truncate o -> make(o.collection(), o.object()).data.truncate(o.size());
            case Transaction.Remove o -> objects(o.collection()).remove(o.object());
            case Transaction.SetAttributes o ->
                make(o.collection(), o.object()).attributes.putAll(o.attributes());
            case Transaction.RemoveAttribute o -> {
                MemoryObject object = find(o.collection(), o.object());
                if (object != null) {
                    object.attributes.remove(o.name());
                }
            }
            case Transaction.RemoveAttributes o -> {
                MemoryObject object = find(o.collection(), o.object());
                if (object != null) {
                    object.attributes.clear();
                }
            }
            case Transaction.Clone o -> clone(o);
            case Transaction.CloneRange o -> cloneRange(o);
            case Transaction.OmapSet o -> make(o.collection(), o.object()).omap.putAll(o.pairs());
            case Transaction.OmapRemove o -> {
                MemoryObject object = find(o.collection(), o.object());
                if (object != null) {
                    o.keys().forEach(object.omap::remove);
                }
            }
            case Transaction.OmapRemoveRange o -> {
                MemoryObject object = find(o.collection(), o.object());
                if (object != null && o.first().compareTo(o.last()) < 0) {
                    object.omap.subMap(o.first(), o.last()).clear();
                }
            }
            case Transaction.OmapClear o -> {
                MemoryObject object = find(o.collection(), o.object());
                if (object != null) {
                    object.omap.clear();
                    object.omapHeader = Bytes.EMPTY;
                }
            }
            case Transaction.OmapSetHeader o -> make(o.collection(), o.object()).omapHeader = o.header();
        }
    }

    private MemoryObject make(CollectionId id, ObjectId object) {
        return objects(id).computeIfAbsent(object, o -> new MemoryObject());
    }

    private void split(Transaction.SplitCollection o) {
        TreeMap<ObjectId, MemoryObject> target = objects(o.target());
        int mask = CollectionCheck.mask(o.bits());
        objects(o.collection()).entrySet().removeIf(e -> {
            boolean moves = (e.getKey().hash() & mask) == (o.seed() & mask);
            if (moves) {
                target.put(e.getKey(), e.getValue());
            }
            return moves;
        });
    }

    private void clone(Transaction.Clone o) {
        MemoryObject source = find(o.collection(), o.object());
        if (source == null) {
            objects(o.collection()).remove(o.target());
        } else {
            objects(o.collection()).put(o.target(), source.copy());
        }
    }

    private void cloneRange(Transaction.CloneRange o) {
        MemoryObject source = find(o.collection(), o.object());
        if (source == null || o.length() <= 0) {
            return;
        }
        make(o.collection(), o.target()).data.write(o.to(), source.data.peek(o.from(), o.length()));
    }
}
