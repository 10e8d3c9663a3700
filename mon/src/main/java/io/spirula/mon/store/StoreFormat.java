package io.spirula.mon.store;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.encoding.Decoder;
import io.spirula.common.encoding.MalformedInput;

/** The mark by which a store says which version of our layout it holds. */
public final class StoreFormat {
    /** Raised with every change of layout that an older program would misread. */
    public static final long VERSION = 1;

    private static final String PREFIX = "spirula_mon_store";
    private static final String KEY = "format";

    private StoreFormat() {}

    /** Marks a new store. */
    public static StoreTransaction mark() {
        return new StoreTransaction().put(PREFIX, KEY, VERSION);
    }

    public static boolean isMarked(KeyValueStore store) {
        return store.get(PREFIX, KEY) != null;
    }

    /** Throws {@link StoreFailure} unless this program can use the store. */
    public static void check(KeyValueStore store, String where) {
        Bytes mark = store.get(PREFIX, KEY);
        if (mark == null) {
            throw new StoreFailure("the store at '" + where
                    + "' has no format mark: it is damaged, or ceph-mon --mkfs was interrupted:"
                    + " restore it from a backup, or, if it never ran, remove it and run ceph-mon --mkfs");
        }
        long version;
        try {
            version = new Decoder(mark).u64();
        } catch (MalformedInput e) {
            throw new StoreFailure("the store at '" + where + "' is damaged: its format mark is unreadable", e);
        }
        if (version != VERSION) {
            throw new StoreFailure("the store at '" + where + "' has format " + version + ", this program understands "
                    + VERSION + ": use the program that wrote it");
        }
    }
}
