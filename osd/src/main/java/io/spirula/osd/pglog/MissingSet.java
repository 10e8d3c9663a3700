package io.spirula.osd.pglog;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.encoding.Decoder;
import io.spirula.common.encoding.Encoder;
import io.spirula.common.pg.CleanRegions;
import io.spirula.common.pg.PgLogEntry;
import io.spirula.common.pg.PgMissing;
import io.spirula.common.types.EVersion;
import io.spirula.common.types.ObjectId;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Objects that should be there, by the log, and are not. This OSD's own set writes its changes to the {@link PgMeta}; a peer's is kept in memory only. Ceph: pg_missing_tracker_t. */
public final class MissingSet {
    static final Bytes PREFIX = Bytes.of("missing/");

    private final TreeMap<ObjectId, PgMissing.Item> items = new TreeMap<>();
    /** By the version that is needed. */
    private final TreeMap<EVersion, ObjectId> byNeed = new TreeMap<>();

    private final @Nullable PgMeta meta;

    /** A set that is persisted with {@code meta}, or nowhere for null. */
    public MissingSet(@Nullable PgMeta meta) {
        this.meta = meta;
    }

    /** A peer's set, from what it sent. */
    public static MissingSet of(PgMissing missing) {
        MissingSet set = new MissingSet(null);
        missing.items().forEach(set::put);
        return set;
    }

    public PgMissing toRecord() {
        return new PgMissing(items, false);
    }

    public boolean isEmpty() {
        return items.isEmpty();
    }

    public int size() {
        return items.size();
    }

    public boolean contains(ObjectId object) {
        return items.containsKey(object);
    }

    public PgMissing.@Nullable Item find(ObjectId object) {
        return items.get(object);
    }

    public SortedMap<ObjectId, PgMissing.Item> items() {
        return java.util.Collections.unmodifiableSortedMap(items);
    }

    /** Objects by the version needed, oldest first: the order of recovery. */
    public SortedMap<EVersion, ObjectId> byNeed() {
        return java.util.Collections.unmodifiableSortedMap(byNeed);
    }

    /** What a log's next entry, carried out elsewhere, means here: deletes are done at once by whoever merges the log, all else is missing. */
    void addNextEvent(PgLogEntry entry) {
        PgMissing.Item old = items.get(entry.object());
        boolean fresh = entry.priorVersion().equals(EVersion.ZERO) || entry.isClone();
        EVersion have = old != null ? old.have() : fresh ? EVersion.ZERO : entry.priorVersion();
        put(entry.object(), item(entry.version(), have));
    }

    /** What a peer with this set will miss once it has the entry in its log. */
    public void happened(PgLogEntry entry, ObjectId lastBackfill) {
        if (entry.isError() || entry.object().compareTo(lastBackfill) > 0) {
            return;
        }
        if (entry.isDelete()) {
            remove(entry.object());
        } else {
            addNextEvent(entry);
        }
    }

    public void add(ObjectId object, EVersion need, EVersion have) {
        put(object, item(need, have));
    }

    void reviseHave(ObjectId object, EVersion have) {
        PgMissing.Item old = items.get(object);
        if (old != null) {
            put(object, item(old.need(), have));
        }
    }

    /** The object is there, or need not be. */
    public void remove(ObjectId object) {
        PgMissing.Item old = items.remove(object);
        if (old != null) {
            byNeed.remove(old.need());
            if (meta != null) {
                meta.remove(key(object));
            }
        }
    }

    /** Version {@code version} of the object has come: it is not missing any more unless a later one is needed. */
    public void got(ObjectId object, EVersion version) {
        PgMissing.Item old = items.get(object);
        if (old != null && old.need().compareTo(version) <= 0) {
            remove(object);
        }
    }

    /** Moves some objects into another group's set. */
    public void splitInto(MissingSet child, Predicate<ObjectId> moves) {
        // By the keys: a removal may give its entry of the map another key and value.
        for (ObjectId object : List.copyOf(items.keySet())) {
            PgMissing.Item item = items.get(object);
            if (item != null && moves.test(object)) {
                remove(object);
                child.put(object, item);
            }
        }
    }

    public void clear() {
        List.copyOf(items.keySet()).forEach(this::remove);
    }

    private static PgMissing.Item item(EVersion need, EVersion have) {
        return new PgMissing.Item(need, have, false, CleanRegions.DIRTY);
    }

    private void put(ObjectId object, PgMissing.Item item) {
        PgMissing.Item old = items.put(object, item);
        if (old != null) {
            byNeed.remove(old.need());
        }
        byNeed.put(item.need(), object);
        if (meta != null) {
            Encoder value = new Encoder(128);
            value.put(ObjectId.CODEC, object).put(PgMissing.Item.CODEC, item);
            meta.put(key(object), value.toBytes());
        }
    }

    void load(Map<Bytes, Bytes> omap) {
        omap.forEach((key, value) -> {
            if (key.startsWith(PREFIX)) {
                Decoder in = new Decoder(value);
                ObjectId object = in.get(ObjectId.CODEC);
                PgMissing.Item item = in.get(PgMissing.Item.CODEC);
                items.put(object, item);
                byNeed.put(item.need(), object);
            }
        });
    }

    private static Bytes key(ObjectId object) {
        return new Encoder(64).raw(PREFIX).put(ObjectId.CODEC, object).toBytes();
    }
}
