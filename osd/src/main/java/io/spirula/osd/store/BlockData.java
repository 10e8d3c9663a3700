package io.spirula.osd.store;

import io.spirula.common.encoding.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;

/** An object's bytes in memory: whole blocks by number, a block that is not there reads as zeros. Written blocks share the array that they came in. */
final class BlockData {
    static final int BLOCK = 4096;

    private final TreeMap<Long, Bytes> blocks = new TreeMap<>();
    /** Blocks whose bytes are not what was written: a read finds out by the checksum. */
    private final TreeSet<Long> damaged = new TreeSet<>();

    private long size;

    BlockData() {}

    private BlockData(BlockData other) {
        blocks.putAll(other.blocks);
        damaged.addAll(other.damaged);
        size = other.size;
    }

    BlockData copy() {
        return new BlockData(this);
    }

    long size() {
        return size;
    }

    void write(long offset, Bytes data) {
        long end = Math.addExact(offset, data.size());
        for (long at = offset; at < end; ) {
            long number = at / BLOCK;
            int from = (int) (at % BLOCK);
            int length = (int) Math.min(BLOCK - from, end - at);
            Bytes piece = data.slice((int) (at - offset), length);
            if (from == 0 && at + length >= Math.min(size, at + BLOCK)) {
                damaged.remove(number); // nothing of the old block is left
            }
            blocks.put(number, length == BLOCK ? piece : patched(number, from, piece));
            at += length;
        }
        size = Math.max(size, end);
    }

    void zero(long offset, long length) {
        long end = Math.addExact(offset, length);
        clear(offset, end);
        size = Math.max(size, end);
    }

    void truncate(long newSize) {
        if (newSize < size) {
            clear(newSize, size);
        }
        size = newSize;
    }

    /** Spoils the block that an offset is in, from its first byte on; false where there is none. */
    boolean damage(long offset) {
        long number = offset / BLOCK;
        Bytes block = blocks.get(number);
        if (block == null || !damaged.add(number)) {
            return false;
        }
        byte[] spoilt = block.toArray();
        spoilt[0] ^= 1;
        blocks.put(number, Bytes.wrap(spoilt));
        return true;
    }

    boolean isDamaged() {
        return !damaged.isEmpty();
    }

    /** Throws StoreException where the range has a damaged block. */
    Bytes read(long offset, long length) {
        long end = length <= 0 || length > size - offset ? size : offset + length;
        if (offset < end
                && !damaged.subSet(offset / BLOCK, true, (end - 1) / BLOCK, true)
                        .isEmpty()) {
            throw new StoreException(StoreException.Kind.DAMAGED, "a block's checksum is wrong");
        }
        return peek(offset, length);
    }

    /** Reads without looking at checksums. */
    Bytes peek(long offset, long length) {
        long end = length <= 0 || length > size - offset ? size : offset + length;
        if (offset >= end) {
            return Bytes.EMPTY;
        }
        byte[] out = new byte[Math.toIntExact(end - offset)];
        blocks.subMap(offset / BLOCK, true, (end - 1) / BLOCK, true).forEach((number, block) -> {
            long start = Math.max(offset, number * BLOCK);
            long stop = Math.min(end, (number + 1) * BLOCK);
            block.slice((int) (start - number * BLOCK), (int) (stop - start)).copyTo(out, (int) (start - offset));
        });
        return Bytes.wrap(out);
    }

    List<ObjectStore.Extent> extents() {
        List<ObjectStore.Extent> all = new ArrayList<>();
        for (long number : blocks.keySet()) {
            long from = number * BLOCK;
            long length = Math.min(BLOCK, size - from);
            ObjectStore.Extent last = all.isEmpty() ? null : all.getLast();
            if (last != null && last.offset() + last.length() == from) {
                all.set(all.size() - 1, new ObjectStore.Extent(last.offset(), last.length() + length));
            } else {
                all.add(new ObjectStore.Extent(from, length));
            }
        }
        return all;
    }

    /** What is stored, in bytes. */
    long stored() {
        return (long) blocks.size() * BLOCK;
    }

    private void clear(long offset, long end) {
        if (offset >= end) {
            return;
        }
        long first = offset / BLOCK;
        long last = (end - 1) / BLOCK;
        for (long number : List.copyOf(blocks.subMap(first, true, last, true).keySet())) {
            long from = Math.max(offset, number * BLOCK);
            long to = Math.min(end, (number + 1) * BLOCK);
            if (to - from == BLOCK || from == number * BLOCK && to >= size) {
                blocks.remove(number);
                damaged.remove(number);
            } else {
                int at = (int) (from % BLOCK);
                blocks.put(number, patched(number, at, Bytes.zeros((int) (to - from))));
            }
        }
    }

    private Bytes patched(long number, int at, Bytes piece) {
        Bytes old = blocks.get(number);
        byte[] block = old == null ? new byte[BLOCK] : old.toArray();
        piece.copyTo(block, at);
        return Bytes.wrap(block);
    }
}
