package io.spirula.osd.store;

import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Which slots of the block file are taken, and by how many chunks: clones share them. Never stored: the objects' records say it all, so a start counts them again and nothing can leak.
 *
 * <p>A slot that nobody names any more is {@linkplain #retire retired} first, and free only once the transaction that gave it up is durable and no read is on its way to it: until then a crash may bring back who named it.
 */
final class Slots {
    private final int limit;
    private final BitSet taken = new BitSet();
    /** How many name a slot, for those that more than one names. */
    private final Map<Integer, Integer> shared = new HashMap<>();

    private final Map<Integer, Integer> readers = new HashMap<>();
    private final Set<Integer> freedWhileRead = new HashSet<>();
    private int cursor;
    private int lowestFree;

    /** {@code limit}: how many slots there may be. */
    Slots(int limit) {
        this.limit = limit;
    }

    /** Counts one who names the slot. */
    void name(int slot) {
        if (taken.get(slot)) {
            shared.merge(slot, 2, (n, two) -> n + 1);
        } else {
            taken.set(slot);
        }
    }

    /** Counts one less. Whether that was the last: then the slot is to be {@linkplain #free freed} later. */
    boolean retire(int slot) {
        Integer names = shared.get(slot);
        if (names == null) {
            return true;
        }
        if (names == 2) {
            shared.remove(slot);
        } else {
            shared.put(slot, names - 1);
        }
        return false;
    }

    /** Has the next slots taken where {@code count} are free in a row, if there is such a place: they are written and read as one. */
    void seek(int count) {
        lowestFree = taken.nextClearBit(lowestFree);
        cursor = lowestFree;
        for (int from = lowestFree; from < limit; ) {
            int to = taken.nextSetBit(from);
            if (to < 0 || to - from >= count) {
                cursor = from;
                return;
            }
            from = taken.nextClearBit(to);
        }
    }

    /** Takes a free slot. Throws StoreException of kind NO_SPACE where there is none. */
    int take() {
        int slot = taken.nextClearBit(cursor);
        if (slot >= limit) {
            lowestFree = taken.nextClearBit(lowestFree);
            slot = lowestFree;
        }
        if (slot >= limit) {
            throw new StoreException(
                    StoreException.Kind.NO_SPACE, "the block file is full: all its " + limit + " slots are taken");
        }
        taken.set(slot);
        cursor = slot + 1;
        return slot;
    }

    void free(int slot) {
        if (readers.containsKey(slot)) {
            freedWhileRead.add(slot);
            return;
        }
        taken.clear(slot);
        lowestFree = Math.min(lowestFree, slot);
    }

    /** Keeps the slot from being taken anew until {@link #unpin}. */
    void pin(int slot) {
        readers.merge(slot, 1, Integer::sum);
    }

    void unpin(int slot) {
        if (readers.computeIfPresent(slot, (s, n) -> n == 1 ? null : n - 1) == null && freedWhileRead.remove(slot)) {
            free(slot);
        }
    }

    int count() {
        return taken.cardinality();
    }
}
