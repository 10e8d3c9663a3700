package io.spirula.mon.store;

import io.spirula.common.encoding.Bytes;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/** A store in memory, for tests, embedded clusters and the simulator: it survives what its owner lets it survive. */
public final class MemoryKeyValueStore implements KeyValueStore {
    private record Key(String prefix, String key) implements Comparable<Key> {
        @Override
        public int compareTo(Key o) {
            int byPrefix = prefix.compareTo(o.prefix);
            return byPrefix != 0 ? byPrefix : key.compareTo(o.key);
        }
    }

    private final TreeMap<Key, Bytes> values = new TreeMap<>();

    @Override
    public synchronized @Nullable Bytes get(String prefix, String key) {
        return values.get(new Key(prefix, key));
    }

    @Override
    public void scan(String prefix, String from, BiPredicate<String, Bytes> visitor) {
        TreeMap<Key, Bytes> part;
        synchronized (this) {
            part = new TreeMap<>(values.subMap(new Key(prefix, from), new Key(prefix + "\0", "")));
        }
        for (Map.Entry<Key, Bytes> e : part.entrySet()) {
            if (!visitor.test(e.getKey().key, e.getValue())) {
                return;
            }
        }
    }

    @Override
    public void scanAll(String fromPrefix, String fromKey, Visitor visitor) {
        TreeMap<Key, Bytes> part;
        synchronized (this) {
            part = new TreeMap<>(values.tailMap(new Key(fromPrefix, fromKey)));
        }
        for (Map.Entry<Key, Bytes> e : part.entrySet()) {
            if (!visitor.visit(e.getKey().prefix, e.getKey().key, e.getValue())) {
                return;
            }
        }
    }

    @Override
    public synchronized void apply(StoreTransaction transaction) {
        for (StoreTransaction.Change change : transaction.changes()) {
            switch (change) {
                case StoreTransaction.Put p ->
                    values.put(new Key(p.prefix(), p.key()), p.value().compact());
                case StoreTransaction.Erase e -> values.remove(new Key(e.prefix(), e.key()));
            }
        }
    }

    /** Everything in it, as one transaction that makes another store the same. */
    public synchronized StoreTransaction all() {
        StoreTransaction t = new StoreTransaction();
        values.forEach((key, value) -> t.put(key.prefix, key.key, value));
        return t;
    }

    @Override
    public void close() {}
}
