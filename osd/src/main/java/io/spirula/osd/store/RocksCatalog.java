package io.spirula.osd.store;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.encoding.Decoder;
import io.spirula.common.encoding.Encoder;
import io.spirula.common.encoding.MalformedInput;
import io.spirula.common.types.ObjectId;
import io.spirula.common.types.ShardPgId;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What a {@link RocksStore} knows of its collections (each has a number that keys begin with), of numbers for new objects, and of objects used lately. */
final class RocksCatalog {
    private static final int NUMBERS_AT_ONCE = 1 << 20;
    private static final byte[] NUMBERS_KEY = {'n'};
    private static final byte[] COLLECTION_PREFIX = {'c'};
    private static final byte[] COLLECTION_END = {'d'};

    /** An object by its collection's number. */
    record Ref(int collection, ObjectId object) {
        // Written out, because it is looked up many times a transaction.

        @Override
        public boolean equals(Object o) {
            return o instanceof Ref other && collection == other.collection && object.equals(other.object);
        }

        @Override
        public int hashCode() {
            return 31 * object.hashCode() + collection;
        }

        byte[] key() {
            return ObjectKeys.key(collection, object);
        }
    }

    private final RocksDatabase db;
    private final Pending pending;
    private final TreeMap<CollectionId, Integer> numbers = new TreeMap<>();
    private final LinkedHashMap<Ref, Onode> cache;
    /** What was asked for last and was not there: most often it is asked for again at once, and then made. */
    private @Nullable Ref absent;

    private int nextCollection = 1;
    private long nextObject;
    private long reserved;

    RocksCatalog(RocksDatabase db, Pending pending, int cachedObjects) {
        this.db = db;
        this.pending = pending;
        cache = new LinkedHashMap<>(1024, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<Ref, Onode> eldest) {
                return size() > cachedObjects;
            }
        };
        db.each(RocksDatabase.COLLECTIONS, COLLECTION_PREFIX, COLLECTION_END, (key, value) -> {
            Decoder in = new Decoder(Bytes.wrap(key, 1, key.length - 1));
            CollectionId id = in.bool() ? CollectionId.of(in.get(ShardPgId.CODEC)) : CollectionId.META;
            int number = ByteBuffer.wrap(value).getInt();
            numbers.put(id, number);
            nextCollection = Math.max(nextCollection, number + 1);
            return true;
        });
        byte[] stored = db.find(RocksDatabase.COLLECTIONS, NUMBERS_KEY);
        reserved = stored == null ? 1 : ByteBuffer.wrap(stored).getLong();
        nextObject = reserved;
    }

    List<CollectionId> collections() {
        return List.copyOf(numbers.keySet());
    }

    boolean contains(CollectionId id) {
        return numbers.containsKey(id);
    }

    /** The collection's number; throws IllegalStateException where there is none. */
    int number(CollectionId id) {
        Integer number = numbers.get(id);
        if (number == null) {
            throw new IllegalStateException("there is no collection " + id);
        }
        return number;
    }

    void create(CollectionId id, RocksBatch batch) {
        int number = nextCollection++;
        numbers.put(id, number);
        batch.put(RocksDatabase.COLLECTIONS, key(id), Bytes.wrap(ObjectKeys.prefix(number)));
    }

    void remove(CollectionId id, RocksBatch batch) {
        numbers.remove(id);
        batch.delete(RocksDatabase.COLLECTIONS, key(id));
    }

    /** A number that no object has or had. */
    long newObject(RocksBatch batch) {
        if (nextObject == reserved) {
            reserved += NUMBERS_AT_ONCE;
            batch.put(
                    RocksDatabase.COLLECTIONS,
                    NUMBERS_KEY,
                    Bytes.wrap(ByteBuffer.allocate(8).putLong(reserved).array()));
        }
        return nextObject++;
    }

    /** All numbers of objects are below it. */
    long firstUnreserved() {
        return reserved;
    }

    @Nullable
    Onode find(CollectionId id, ObjectId object) {
        Integer number = numbers.get(id);
        return number == null ? null : find(new Ref(number, object));
    }

    @Nullable
    Onode find(Ref ref) {
        Onode cached = cache.get(ref);
        if (cached != null) {
            return cached;
        }
        if (ref.equals(absent)) {
            return null;
        }
        Bytes stored =
                pending.has(ref) ? pending.object(ref) : db.findChecked(RocksDatabase.OBJECTS, ref.key(), ref.object);
        if (stored == null) {
            absent = ref;
            return null;
        }
        Onode onode = decode(stored, ref.object);
        cache.put(ref, onode);
        return onode;
    }

    static Onode decode(Bytes stored, ObjectId object) {
        try {
            return Onode.decode(stored);
        } catch (MalformedInput e) {
            throw new StoreException(
                    StoreException.Kind.DAMAGED, "the record of " + object + " is damaged: " + e.getMessage(), e);
        }
    }

    void remember(Ref ref, @Nullable Onode onode) {
        absent = null;
        if (onode == null) {
            cache.remove(ref);
        } else {
            cache.put(ref, onode);
        }
    }

    private static byte[] key(CollectionId id) {
        Encoder out = new Encoder().u8('c').bool(id.pg() != null);
        if (id.pg() != null) {
            out.put(ShardPgId.CODEC, id.pg());
        }
        return out.toBytes().toArray();
    }
}
