package io.spirula.osd.store;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;

/**
 * The records of objects in their order, those that are damaged among them: which objects there are must be known where some cannot be read.
 *
 * <p>A block of the database's files has names and records together, and where its checksum is wrong that does not say which of them are damaged. But each record has a checksum of its own: the names are believed where a
 * record beside them is what is damaged, and the database's filter knows each of them. Where all records are right it is a name that is not, and nobody can tell what there is.
 */
final class ObjectRecords {
    private record Pair(byte[] key, byte[] value) {}

    private final RocksDatabase db;
    private final byte[] first;
    private final byte[] last;
    private final RocksDatabase.Visitor visitor;
    /** Those in damaged blocks that were met last. */
    private final List<Pair> doubtful = new ArrayList<>();

    private ObjectRecords(RocksDatabase db, byte[] first, byte[] last, RocksDatabase.Visitor visitor) {
        this.db = db;
        this.first = first;
        this.last = last;
        this.visitor = visitor;
    }

    /** Shows them from the key {@code first} (inclusive) to {@code last} (exclusive), unchecked. Throws StoreException of kind DAMAGED where nobody can tell what there is. */
    static void each(RocksDatabase db, byte[] first, byte[] last, RocksDatabase.Visitor visitor) {
        byte[][] shown = {null};
        try {
            db.each(RocksDatabase.OBJECTS, first, last, (key, value) -> {
                shown[0] = key;
                return visitor.visit(key, value);
            });
        } catch (StoreException e) {
            if (e.kind() != StoreException.Kind.DAMAGED) {
                throw e;
            }
            byte[] rest = shown[0] == null ? first : Arrays.copyOf(shown[0], shown[0].length + 1);
            if (!new ObjectRecords(db, rest, last, visitor).showAll()) {
                throw e;
            }
        }
    }

    /** False where names are not certain. */
    private boolean showAll() {
        try (ReadOptions options = RocksDatabase.unchecked();
                RocksIterator at = db.iterator(RocksDatabase.OBJECTS, options)) {
            if (!seek(at)) {
                return false;
            }
            for (; at.isValid(); at.next()) {
                Pair pair = new Pair(at.key(), at.value());
                switch (db.ask(RocksDatabase.OBJECTS, pair.key)) {
                    case NOT_THERE -> {
                        return false;
                    }
                    case DAMAGED -> doubtful.add(pair);
                    case READABLE -> {
                        if (isDoubtful()) {
                            return false;
                        }
                        if (!showDoubtful() || !show(pair)) {
                            return true;
                        }
                    }
                }
            }
            at.status();
            if (isDoubtful()) {
                return false;
            }
            showDoubtful();
            return true;
        } catch (RocksDBException e) {
            return false;
        }
    }

    /** To the first, or to where the damage begins that it lies in. */
    private boolean seek(RocksIterator at) throws RocksDBException {
        at.seekForPrev(first);
        while (at.isValid()) {
            switch (db.ask(RocksDatabase.OBJECTS, at.key())) {
                case NOT_THERE -> {
                    return false;
                }
                case READABLE -> {
                    return true;
                }
                case DAMAGED -> at.prev();
            }
        }
        at.status();
        at.seekToFirst();
        return true;
    }

    private boolean isDoubtful() {
        return !doubtful.isEmpty() && doubtful.stream().allMatch(pair -> isRight(pair.value));
    }

    private static boolean isRight(byte[] record) {
        try {
            RocksDatabase.checked(record, "a record");
            return true;
        } catch (StoreException e) {
            return false;
        }
    }

    private boolean showDoubtful() {
        boolean goOn = doubtful.stream().allMatch(this::show);
        doubtful.clear();
        return goOn;
    }

    /** Returns whether to go on. */
    private boolean show(Pair pair) {
        if (Arrays.compareUnsigned(pair.key, first) < 0) {
            return true;
        }
        return Arrays.compareUnsigned(pair.key, last) < 0 && visitor.visit(pair.key, pair.value);
    }
}
