package io.spirula.osd.store;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.types.ObjectId;
import io.spirula.osd.store.RocksCatalog.Ref;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One transaction on its way into a batch. Objects' records are written once at the end, however many changes they saw; blocks that were put are read back from here until the batch is written.
 */
final class RocksWriter implements BlockWriter.Sink {
    /** Bases at least this long go to the block file. */
    static final int LARGE = 32768;

    private final RocksDatabase db;
    private final RocksCatalog catalog;
    private final StoredBlocks stored;
    private final Slots slots;
    private final Transaction transaction;
    private final RocksBatch batch;
    private final BlockWriter blocks = new BlockWriter(this);
    /** Blocks that were put, null for those that were deleted. */
    private final Map<Pending.BlockKey, @Nullable Bytes> written = new HashMap<>();

    private final LinkedHashMap<Ref, @Nullable Onode> dirty = new LinkedHashMap<>();
    /** Where a clone may ask for them: the omaps, as they are now, of objects whose omap this transaction changed. */
    private final Map<Long, TreeMap<Bytes, Bytes>> omaps = new HashMap<>();

    private final Set<Long> changedOmaps = new HashSet<>();
    private final Map<Ref, @Nullable Bytes> records = new HashMap<>();
    private final LinkedHashMap<Integer, Bytes> data = new LinkedHashMap<>();
    /** Slots that this transaction has taken or shares. */
    private final List<Integer> named = new ArrayList<>();

    private final List<Integer> dropped = new ArrayList<>();

    private final boolean clones;

    /** What becomes of a transaction: the batch, what it changes, and the slots that are free once it is durable. */
    record Built(RocksBatch batch, Pending.Changes changes, List<Integer> freed) {}

    RocksWriter(RocksDatabase db, RocksCatalog catalog, StoredBlocks stored, Slots slots, Transaction transaction) {
        this.db = db;
        this.catalog = catalog;
        this.stored = stored;
        this.slots = slots;
        this.transaction = transaction;
        long bytes = 2048;
        boolean anyClone = false;
        for (Transaction.Op op : transaction.ops()) {
            if (op instanceof Transaction.Write w) {
                bytes += w.data().size() < LARGE ? w.data().size() + 64 : LARGE;
            }
            anyClone |= op instanceof Transaction.Clone;
        }
        clones = anyClone;
        batch = new RocksBatch((int) Math.min(bytes, 1 << 30));
    }

    /** What carries the transaction out; the catalog shows its effects from now on. */
    Built build() {
        try {
            transaction.ops().forEach(this::apply);
        } catch (RuntimeException e) {
            dirty.keySet().forEach(ref -> catalog.remember(ref, null));
            named.stream().filter(slots::retire).forEach(slots::free);
            throw e;
        }
        dirty.forEach((ref, onode) -> {
            Bytes record = onode == null ? null : onode.encode();
            if (record == null) {
                batch.delete(RocksDatabase.OBJECTS, ref.key());
            } else {
                batch.putChecked(RocksDatabase.OBJECTS, ref.key(), record);
            }
            records.put(ref, record);
            catalog.remember(ref, onode);
        });
        List<Integer> freed = dropped.stream().filter(slots::retire).toList();
        List<BlockIo.SlotData> toWrite = new ArrayList<>(data.size());
        data.forEach((slot, bytes) -> toWrite.add(new BlockIo.SlotData(slot, bytes)));
        return new Built(batch, new Pending.Changes(records, written, changedOmaps, toWrite), freed);
    }

    private void apply(Transaction.Op op) {
        switch (op) {
            case Transaction.CreateCollection o -> catalog.create(o.collection(), batch);
            case Transaction.RemoveCollection o -> removeCollection(o.collection());
            case Transaction.SplitCollection o -> split(o);
            case Transaction.Touch o -> make(o.collection(), o.object());
            case Transaction.Write o -> write(make(o.collection(), o.object()), o.offset(), o.data());
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

    /** An object whose record can't be read goes without its blocks and pairs, which nobody can find any more. */
    private void remove(Ref ref) {
        Onode onode;
        try {
            onode = look(ref);
        } catch (StoreException e) {
            if (e.kind() != StoreException.Kind.DAMAGED) {
                throw e;
            }
            dirty.put(ref, null);
            return;
        }
        if (onode == null) {
            return;
        }
        // Marked first: should a read fail below, the changed record must not stay in the cache.
        dirty.put(ref, null);
        blocks.clear(onode);
        if (onode.hasOmap) {
            changedOmaps.add(onode.number);
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
            Place place = source.place(chunk);
            if (place != null) {
                slots.name(place.slot());
                named.add(place.slot());
                copy.place(chunk, place);
            } else if ((word & Onode.BASE) != 0) {
                copyStored(source, copy, chunk, BASE_PART);
            }
            for (int bits = word & Onode.BASE - 1; bits != 0; bits &= bits - 1) {
                copyStored(source, copy, chunk, Integer.numberOfTrailingZeros(bits) + 1);
            }
            copy.chunk(chunk, word);
        }
        copy.size = source.size;
        if (source.hasOmap) {
            TreeMap<Bytes, Bytes> omap = omapNow(source, o.object());
            changedOmaps.add(copy.number);
            omap.forEach((k, v) -> batch.put(family(o.target()), omapKey(copy, k), v));
            omaps.put(copy.number, new TreeMap<>(omap));
        }
    }

    /** The copy of what is damaged lacks it, so it is damaged too. */
    private void copyStored(Onode source, Onode copy, int chunk, int part) {
        Bytes block = blockUnlessDamaged(source, chunk, part);
        if (block != null) {
            putStored(copy, chunk, part, block);
        }
    }

    private void cloneRange(Transaction.CloneRange o) {
        Onode source = look(ref(o.collection(), o.object()));
        if (source != null && o.length() > 0) {
            Bytes range = carryOut(plan(source, o.from(), o.length()));
            write(make(o.collection(), o.target()), o.to(), range);
        }
    }

    // Collections

    private Map<Ref, Onode> objects(int collection) {
        stored.settle();
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
            stored.settleOmap(onode);
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
        changedOmaps.add(onode.number);
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
        changedOmaps.add(onode.number);
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
        changedOmaps.add(onode.number);
        batch.deleteRange(family(o.object()), omapKey(onode, o.first()), omapKey(onode, o.last()));
    }

    private void omapClear(Transaction.OmapClear o) {
        Onode onode = change(o.collection(), o.object());
        if (onode == null) {
            return;
        }
        if (onode.hasOmap) {
            omaps.put(onode.number, new TreeMap<>());
            changedOmaps.add(onode.number);
            batch.deleteRange(family(o.object()), omapStart(onode), omapEnd(onode));
        }
        onode.hasOmap = false;
        onode.omapHeader = Bytes.EMPTY;
    }

    // Blocks

    private void write(Onode onode, long offset, Bytes bytes) {
        if (bytes.size() > Onode.CHUNK) {
            slots.seek(bytes.size() / Onode.CHUNK);
        }
        blocks.write(onode, offset, bytes);
    }

    @Override
    public Bytes block(Onode onode, long chunk, int part) {
        Bytes recent = written.get(new Pending.BlockKey(onode.number, chunk, part));
        return recent != null ? recent : stored.block(onode, chunk, part);
    }

    private @Nullable Bytes blockUnlessDamaged(Onode onode, long chunk, int part) {
        try {
            return block(onode, chunk, part);
        } catch (StoreException e) {
            if (e.kind() != StoreException.Kind.DAMAGED) {
                throw e;
            }
            return null;
        }
    }

    @Override
    public void placed(ReadPlan plan, ReadPlan.InFile piece) {
        Bytes recent = data.get(piece.place().slot());
        if (recent == null) {
            stored.placed(plan, piece);
        } else {
            plan.add(recent.slice(piece.from(), piece.to() - piece.from()), piece.at());
        }
    }

    @Override
    public Bytes carryOut(ReadPlan plan) {
        return stored.carryOut(plan);
    }

    @Override
    public void put(Onode onode, long chunk, int part, Bytes block) {
        boolean large = part == BASE_PART && block.size() >= LARGE;
        boolean inFile = onode.place(chunk) != null;
        if (part == BASE_PART && (inFile || large && (onode.chunk(chunk) & Onode.BASE) != 0)) {
            delete(onode, chunk, part);
        }
        Place staged =
                large && transaction.staged() instanceof StagedBlocks blocksThere ? blocksThere.take(block) : null;
        if (staged != null) {
            named.add(staged.slot());
            onode.place(chunk, staged);
        } else if (large) {
            int slot = slots.take();
            named.add(slot);
            data.put(slot, block);
            onode.place(chunk, Place.of(slot, block));
        } else {
            putStored(onode, chunk, part, block);
        }
    }

    private void putStored(Onode onode, long chunk, int part, Bytes block) {
        written.put(new Pending.BlockKey(onode.number, chunk, part), block);
        batch.putChecked(RocksDatabase.DATA, StoredBlocks.key(onode, chunk, part), block);
    }

    @Override
    public void delete(Onode onode, long chunk, int part) {
        Place place = part == BASE_PART ? onode.place(chunk) : null;
        if (place != null) {
            dropped.add(place.slot());
            onode.place(chunk, null);
        } else {
            written.put(new Pending.BlockKey(onode.number, chunk, part), null);
            batch.delete(RocksDatabase.DATA, StoredBlocks.key(onode, chunk, part));
        }
    }

    @Override
    public void cutBase(Onode onode, long chunk, int kept) {
        Place place = onode.place(chunk);
        if (place != null) {
            onode.place(chunk, place.cut(kept));
            return;
        }
        Bytes base = blockUnlessDamaged(onode, chunk, BASE_PART);
        if (base != null && base.size() > kept) { // what is damaged stays so
            putStored(onode, chunk, BASE_PART, base.slice(0, kept));
        }
    }
}
