package io.spirula.osd.store;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.types.ObjectId;
import io.spirula.osd.store.RocksCatalog.Ref;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What submitted transactions have changed and the database does not know yet, because data that they name is still on its way to the block file. Reads look here first. Omaps are not kept: a read of
 * one that is on its way waits for it, which no client's request does, as those wait for what they would see to be durable.
 */
final class Pending {
    /** Where a block lies in the database: object number, chunk, part. */
    record BlockKey(long number, long chunk, int part) {}

    /**
     * What one transaction changes. Two of them may look alike: they are told apart by identity.
     *
     * @param objects records as they are stored, null for those that are gone
     * @param blocks blocks in the database, null for those that are gone
     * @param omaps the numbers of objects whose omap changes
     */
    record Changes(
            Map<Ref, @Nullable Bytes> objects,
            Map<BlockKey, @Nullable Bytes> blocks,
            Set<Long> omaps,
            List<BlockIo.SlotData> data) {}

    private record Latest(Changes by, @Nullable Bytes value) {}

    private final Map<Ref, Latest> objects = new HashMap<>();
    private final Map<BlockKey, Latest> blocks = new HashMap<>();
    private final Map<Long, Changes> omaps = new HashMap<>();
    private final Map<Integer, Bytes> data = new HashMap<>();
    private int transactions;

    boolean isEmpty() {
        return transactions == 0;
    }

    void add(Changes changes) {
        transactions++;
        changes.objects.forEach((ref, record) -> objects.put(ref, new Latest(changes, record)));
        changes.blocks.forEach((key, block) -> blocks.put(key, new Latest(changes, block)));
        changes.omaps.forEach(number -> omaps.put(number, changes));
        changes.data.forEach(d -> data.put(d.slot(), d.data()));
    }

    /** The database has them now. */
    void remove(Changes changes) {
        transactions--;
        changes.objects.keySet().forEach(ref -> objects.computeIfPresent(ref, (r, l) -> l.by == changes ? null : l));
        changes.blocks.keySet().forEach(key -> blocks.computeIfPresent(key, (k, l) -> l.by == changes ? null : l));
        changes.omaps.forEach(number -> omaps.computeIfPresent(number, (n, by) -> by == changes ? null : by));
        changes.data.forEach(d -> data.remove(d.slot()));
    }

    boolean has(Ref ref) {
        return objects.containsKey(ref);
    }

    /** The record of an object that is {@linkplain #has here}; null where it is gone. */
    @Nullable
    Bytes object(Ref ref) {
        Latest latest = objects.get(ref);
        return latest == null ? null : latest.value;
    }

    /** A block that the object's record says is there; null where the database has it. */
    @Nullable
    Bytes block(BlockKey key) {
        Latest latest = blocks.get(key);
        return latest == null ? null : latest.value;
    }

    boolean hasOmap(long number) {
        return omaps.containsKey(number);
    }

    /** What a slot of the block file is going to have; null where it has what it shall have. */
    @Nullable
    Bytes data(int slot) {
        return data.get(slot);
    }

    /** How many objects of a collection are gone here and may still be in the database. */
    int gone(int collection) {
        int count = 0;
        for (Map.Entry<Ref, Latest> e : objects.entrySet()) {
            count += e.getKey().collection() == collection && e.getValue().value == null ? 1 : 0;
        }
        return count;
    }

    /** Brings a list of a collection's objects from {@code from} (inclusive) to {@code to} (exclusive) up to date. */
    void amend(int collection, ObjectId from, ObjectId to, NavigableSet<ObjectId> list) {
        objects.forEach((ref, latest) -> {
            if (ref.collection() != collection) {
                return;
            }
            if (latest.value == null) {
                list.remove(ref.object());
            } else if (from.compareTo(ref.object()) <= 0 && ref.object().compareTo(to) < 0) {
                list.add(ref.object());
            }
        });
    }
}
