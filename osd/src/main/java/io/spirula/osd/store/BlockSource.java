package io.spirula.osd.store;

import io.spirula.common.encoding.Bytes;

/** Where an object's stored blocks are read from, checked; and how they make up a range of its bytes. */
interface BlockSource {
    /** The part of a chunk's key that says "the base"; sub-block n has n + 1. */
    int BASE_PART = 0;

    /** A block that the object's record says is there. Throws StoreException where it is damaged or missing. */
    Bytes block(Onode onode, long chunk, int part);

    /** Up to {@code length} bytes from {@code offset}, all that follow for 0 or less. */
    default Bytes read(Onode onode, long offset, long length) {
        long end = length <= 0 || length > onode.size - offset ? onode.size : offset + length;
        if (offset >= end) {
            return Bytes.EMPTY;
        }
        long chunk = offset / Onode.CHUNK;
        int from = (int) (offset % Onode.CHUNK);
        int wanted = Math.toIntExact(end - offset);
        if (from + wanted <= Onode.CHUNK) {
            Bytes only = whole(onode, chunk, from, wanted);
            if (only != null) {
                return only;
            }
        }
        byte[] out = new byte[wanted];
        for (long at = offset; at < end; ) {
            int first = (int) (at % Onode.CHUNK);
            int count = (int) Math.min(Onode.CHUNK - first, end - at);
            copy(onode, at / Onode.CHUNK, first, first + count, out, (int) (at - offset));
            at += count;
        }
        return Bytes.wrap(out);
    }

    /** What a sub-block reads as now, without trailing zeros that were never written. */
    default Bytes sub(Onode onode, long chunk, int index) {
        int word = onode.chunk(chunk);
        if ((word & 1 << index) != 0) {
            return block(onode, chunk, index + 1);
        }
        if ((word & Onode.BASE) == 0) {
            return Bytes.EMPTY;
        }
        Bytes base = block(onode, chunk, BASE_PART);
        int from = Math.min(base.size(), index * Onode.SUB);
        return base.slice(from, Math.min(Onode.SUB, base.size() - from));
    }

    /** A range that lies within one block, without a copy; null where it does not. */
    private @org.jspecify.annotations.Nullable Bytes whole(Onode onode, long chunk, int from, int length) {
        int word = onode.chunk(chunk);
        int sub = from / Onode.SUB;
        if (word == Onode.BASE) {
            Bytes base = block(onode, chunk, BASE_PART);
            return from + length <= base.size() ? base.slice(from, length) : null;
        }
        if ((word & 1 << sub) != 0 && (from + length - 1) / Onode.SUB == sub) {
            Bytes block = block(onode, chunk, sub + 1);
            int at = from % Onode.SUB;
            return at + length <= block.size() ? block.slice(at, length) : null;
        }
        return null;
    }

    private void copy(Onode onode, long chunk, int from, int to, byte[] out, int at) {
        int word = onode.chunk(chunk);
        int first = from / Onode.SUB;
        int last = (to - 1) / Onode.SUB;
        int wanted = (2 << last) - (1 << first);
        if ((word & Onode.BASE) != 0 && (word & wanted) != wanted) {
            overlay(block(onode, chunk, BASE_PART), 0, Onode.CHUNK, from, to, out, at);
        }
        for (int s = first; s <= last; s++) {
            if ((word & 1 << s) != 0) {
                overlay(block(onode, chunk, s + 1), s * Onode.SUB, Onode.SUB, from, to, out, at);
            }
        }
    }

    /** Copies the common part of a block that covers {@code span} bytes from {@code start} and of the wanted range; what the block lacks is zeros. */
    private static void overlay(Bytes block, int start, int span, int from, int to, byte[] out, int at) {
        int first = Math.max(from, start);
        int last = Math.min(to, start + span);
        int stored = Math.min(last, start + block.size());
        if (stored > first) {
            block.slice(first - start, stored - first).copyTo(out, at + first - from);
        }
        int zeros = Math.max(first, stored);
        if (last > zeros) {
            java.util.Arrays.fill(out, at + zeros - from, at + last - from, (byte) 0);
        }
    }
}
