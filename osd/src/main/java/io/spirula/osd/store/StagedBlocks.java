package io.spirula.osd.store;

import io.spirula.common.encoding.Bytes;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Blocks that are durable in the block file before a transaction names them. A block is known by where it lies in memory: the transaction writes the same bytes, not equal ones. */
final class StagedBlocks implements ObjectStore.Staged {
    private final Slots slots;
    private final IdentityHashMap<byte[], TreeMap<Integer, Place>> places = new IdentityHashMap<>();

    /** @param durable one of the blocks each, in their order */
    StagedBlocks(Slots slots, List<Bytes> blocks, List<Place> durable) {
        this.slots = slots;
        for (int i = 0; i < blocks.size(); i++) {
            Bytes block = blocks.get(i);
            places.computeIfAbsent(block.backingArray(), a -> new TreeMap<>())
                    .put(block.backingOffset(), durable.get(i));
        }
    }

    /** What of the writes goes to the block file, if nothing else is in its chunks. */
    static List<Bytes> of(List<Transaction.Write> writes) {
        List<Bytes> blocks = new ArrayList<>();
        for (Transaction.Write write : writes) {
            int first = (int) Math.floorMod(-write.offset(), (long) Onode.CHUNK);
            for (int at = first; at <= write.data().size() - RocksWriter.LARGE; at += Onode.CHUNK) {
                blocks.add(write.data()
                        .slice(at, Math.min(Onode.CHUNK, write.data().size() - at)));
            }
        }
        return blocks;
    }

    /** Where the block is, which is the caller's now; null where it is not here. */
    @Nullable
    Place take(Bytes block) {
        TreeMap<Integer, Place> within = places.get(block.backingArray());
        Place place = within == null ? null : within.get(block.backingOffset());
        if (within == null || place == null || place.length() != block.size()) {
            return null;
        }
        within.remove(block.backingOffset());
        return place;
    }

    @Override
    public void close() {
        places.values().forEach(within -> within.values().forEach(place -> slots.free(place.slot())));
        places.clear();
    }
}
