package io.spirula.osd.store;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.types.ObjectId;
import io.spirula.osd.store.RocksCatalog.Ref;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One transaction on its way into a batch. Objects' records are written once at the end, however many changes they saw; blocks that were put are read back from here until the batch is written.
 */
final class RocksWriter implements BlockWriter.Sink {
    private record BlockKey(long number, long chunk, int part) {}

    private final RocksDatabase db;
    private final RocksCatalog catalog;
    private final Transaction transaction;
    private final RocksBatch batch;
    private final BlockWriter blocks = new BlockWriter(this);
    private final Map<BlockKey, Bytes> written = new HashMap<>();
    private final LinkedHashMap<Ref, @Nullable Onode> dirty = new LinkedHashMap<>();
    /** Where a clone may ask for them: the omaps, as they are now, of objects whose omap this transaction changed. */
    private final Map<Long, TreeMap<Bytes, Bytes>> omaps = new HashMap<>();

    private final boolean clones;

    RocksWriter(RocksDatabase db, RocksCatalog catalog, Transaction transaction) {
        this.db = db;
        this.catalog = catalog;
        this.transaction = transaction;
        long bytes = 2048;
        boolean anyClone = false;
        for (Transaction.Op op : transaction.ops()) {
            if (op instanceof Transaction.Write w) {
                bytes += w.data().size() + 64 + w.data().size() / Onode.CHUNK * 32L;
            }
            anyClone |= op instanceof Transaction.Clone;
        }
        clones = anyClone;
        batch = new RocksBatch((int) Math.min(bytes, 1 << 30));
    }

    /** The batch that carries the transaction out; the catalog shows its effects from now on. */
    RocksBatch build() {
        try {
            transaction.ops().forEach(this::apply);
        } catch (RuntimeException e) {
            dirty.keySet().forEach(ref -> catalog.remember(ref, null));
            throw e;
        }
        dirty.forEach((ref, onode) -> {
            if (onode == null) {
                batch.delete(RocksDatabase.OBJECTS, ref.key());
            } else {
                batch.putChecked(RocksDatabase.OBJECTS, ref.key(), onode.encode());
            }
            catalog.remember(ref, onode);
        });
        return batch;
    }

    private void apply(Transaction.Op op) {
        switch (op) {
            case Transaction.CreateCollection o -> catalog.create(o.collection(), batch);
            case Transaction.RemoveCollection o -> removeCollection(o.collection());
            case Transaction.SplitCollection o -> split(o);
            case Transaction.Touch o -> make(o.collection(), o.object());
            case Transaction.Write o -> blocks.write(make(o.collection(), o.object()), o.offset(), o.data());
            case Transaction.Zero o -> blocks.zero(make(o.collection(), o.object()), o.offset(), o.length());
            case Transaction.Truncate o -> blocks.truncate(make(o.collection(), o.object()), o.size());
            case Transaction.Remove o -> remove(ref(o.collection(), o.object()));
            case Transaction.SetAttributes o ->
                o.attributes()
                        .forEach((k, v) ->
                                make(o.collection(), o.object()).attributes.put(k.compact(), v.compact()));
            case Transaction.RemoveAttribute o -> {
                Onode onode = change(o.collection(), o.object());
                if (onode != null) {
                    onode.attributes.remove(o.name());
                }
            }
            case Transaction.RemoveAttributes o -> {
                Onode onode = change(o.collection(), o.object());
                if (onode != null) {
                    onode.attributes.clear();
                }
            }
            case Transaction.Clone o -> clone(o);
            case Transaction.CloneRange o -> cloneRange(o);
            case Transaction.OmapSet o -> omapSet(o);
            case Transaction.OmapRemove o -> omapRemove(o);
            case Transaction.OmapRemoveRange o -> omapRemoveRange(o);
            case Transaction.OmapClear o -> omapClear(o);
            case Transaction.OmapSetHeader o ->
                make(o.collection(), o.object()).omapHeader = o.header().compact();
        }
    }

    // Objects

    private Ref ref(CollectionId collection, ObjectId object) {
        return new Ref(catalog.number(collection), object);
    }

    private @Nullable Onode look(Ref ref) {
        return dirty.containsKey(ref) ? dirty.get(ref) : catalog.find(ref);
    }

    private @Nullable Onode change(CollectionId collection, ObjectId object) {
        Ref ref = ref(collection, object);
        Onode onode = look(ref);
        if (onode != null) {
            dirty.put(ref, onode);
        }
        return onode;
    }

    private Onode make(CollectionId collection, ObjectId object) {
        Ref ref = ref(collection, object);
        Onode onode = look(ref);
        if (onode == null) {
            onode = new Onode(catalog.newObject(batch));
        }
        dirty.put(ref, onode);
        return onode;
    }

    private void remove(Ref ref) {
        Onode onode = look(ref);
        if (onode == null) {
            return;
        }
        // Marked first: should a read fail below, the changed record must not stay in the cache.
        dirty.put(ref, null);
        blocks.clear(onode);
        if (onode.hasOmap) {
            batch.deleteRange(family(ref.object()), omapStart(onode), omapEnd(onode));
        }
    }

    private void clone(Transaction.Clone o) {
        if (o.object().equals(o.target())) {
            return;
        }
        Onode source = look(ref(o.collection(), o.object()));
        Ref target = ref(o.collection(), o.target());
        remove(target);
        if (source == null) {
            return;
        }
        Onode copy = new Onode(catalog.newObject(batch));
        dirty.put(target, copy);
        copy.attributes.putAll(source.attributes);
        copy.omapHeader = source.omapHeader;
        copy.hasOmap = source.hasOmap;
        for (int chunk = 0; chunk < source.chunkCount(); chunk++) {
            int word = source.chunk(chunk);
            if ((word & Onode.BASE) != 0) {
                put(copy, chunk, BASE_PART, block(source, chunk, BASE_PART));
            }
            for (int bits = word & Onode.BASE - 1; bits != 0; bits &= bits - 1) {
                int part = Integer.numberOfTrailingZeros(bits) + 1;
                put(copy, chunk, part, block(source, chunk, part));
            }
            copy.chunk(chunk, word);
        }
        copy.size = source.size;
        if (source.hasOmap) {
            TreeMap<Bytes, Bytes> omap = omapNow(source, o.object());
            omap.forEach((k, v) -> batch.put(family(o.target()), omapKey(copy, k), v));
            omaps.put(copy.number, new TreeMap<>(omap));
        }
    }

    private void cloneRange(Transaction.CloneRange o) {
        Onode source = look(ref(o.collection(), o.object()));
        if (source != null && o.length() > 0) {
            blocks.write(make(o.collection(), o.target()), o.to(), read(source, o.from(), o.length()));
        }
    }

    // Collections

    private Map<Ref, Onode> objects(int collection) {
        Map<Ref, Onode> all = new LinkedHashMap<>();
        db.each(
                RocksDatabase.OBJECTS,
                ObjectKeys.prefix(collection),
                ObjectKeys.prefix(collection + 1),
                (key, value) -> {
                    Ref ref = new Ref(collection, ObjectKeys.object(key));
                    if (!dirty.containsKey(ref)) {
                        all.put(ref, RocksCatalog.decode(RocksDatabase.checked(value, ref.object()), ref.object()));
                    }
                    return true;
                });
        dirty.forEach((ref, onode) -> {
            if (onode != null && ref.collection() == collection) {
                all.put(ref, onode);
            }
        });
        return all;
    }

    private void removeCollection(CollectionId id) {
        objects(catalog.number(id)).keySet().forEach(this::remove);
        catalog.remove(id, batch);
    }

    private void split(Transaction.SplitCollection o) {
        int mask = CollectionCheck.mask(o.bits());
        int target = catalog.number(o.target());
        objects(catalog.number(o.collection())).forEach((ref, onode) -> {
            if ((ref.object().hash() & mask) == (o.seed() & mask)) {
                dirty.put(ref, null);
                Ref moved = new Ref(target, ref.object());
                remove(moved);
                dirty.put(moved, onode);
            }
        });
    }

    // Omaps

    static int family(ObjectId object) {
        return object.name().isEmpty() ? RocksDatabase.PGLOG : RocksDatabase.OMAP;
    }

    static byte[] omapKey(Onode onode, Bytes key) {
        byte[] out = new byte[8 + key.size()];
        ByteBuffer.wrap(out).putLong(onode.number);
        key.copyTo(out, 8);
        return out;
    }

    static byte[] omapStart(Onode onode) {
        return omapKey(onode, Bytes.EMPTY);
    }

    static byte[] omapEnd(Onode onode) {
        return ByteBuffer.allocate(8).putLong(onode.number + 1).array();
    }

    /** An omap as the transaction has made it so far. */
    private TreeMap<Bytes, Bytes> omapNow(Onode onode, ObjectId object) {
        return omaps.computeIfAbsent(onode.number, n -> {
            TreeMap<Bytes, Bytes> all = new TreeMap<>();
            db.each(family(object), omapStart(onode), omapEnd(onode), (key, value) -> {
                all.put(Bytes.wrap(key, 8, key.length - 8), Bytes.wrap(value));
                return true;
            });
            return all;
        });
    }

    private void omapSet(Transaction.OmapSet o) {
        Onode onode = make(o.collection(), o.object());
        if (clones) {
            omapNow(onode, o.object()).putAll(o.pairs());
        }
        onode.hasOmap |= !o.pairs().isEmpty();
        int family = family(o.object());
        o.pairs().forEach((k, v) -> batch.put(family, omapKey(onode, k), v));
    }

    private void omapRemove(Transaction.OmapRemove o) {
        Onode onode = look(ref(o.collection(), o.object()));
        if (onode == null || !onode.hasOmap) {
            return;
        }
        if (clones) {
            o.keys().forEach(omapNow(onode, o.object())::remove);
        }
        int family = family(o.object());
        o.keys().forEach(k -> batch.delete(family, omapKey(onode, k)));
    }

    private void omapRemoveRange(Transaction.OmapRemoveRange o) {
        Onode onode = look(ref(o.collection(), o.object()));
        if (onode == null || !onode.hasOmap || o.first().compareTo(o.last()) >= 0) {
            return;
        }
        if (clones) {
            omapNow(onode, o.object()).subMap(o.first(), o.last()).clear();
        }
        batch.deleteRange(family(o.object()), omapKey(onode, o.first()), omapKey(onode, o.last()));
    }

    private void omapClear(Transaction.OmapClear o) {
        Onode onode = change(o.collection(), o.object());
        if (onode == null) {
            return;
        }
        if (onode.hasOmap) {
            omaps.put(onode.number, new TreeMap<>());
            batch.deleteRange(family(o.object()), omapStart(onode), omapEnd(onode));
        }
        onode.hasOmap = false;
        onode.omapHeader = Bytes.EMPTY;
    }

    // Blocks

    @Override
    public Bytes block(Onode onode, long chunk, int part) {
        Bytes recent = written.get(new BlockKey(onode.number, chunk, part));
        return recent != null ? recent : RocksStore.storedBlock(db, onode, chunk, part);
    }

    @Override
    public void put(Onode onode, long chunk, int part, Bytes block) {
        written.put(new BlockKey(onode.number, chunk, part), block);
        batch.putChecked(RocksDatabase.DATA, RocksStore.blockKey(onode, chunk, part), block);
    }

    @Override
    public void delete(Onode onode, long chunk, int part) {
        written.remove(new BlockKey(onode.number, chunk, part));
        batch.delete(RocksDatabase.DATA, RocksStore.blockKey(onode, chunk, part));
    }
}
