package io.spirula.osd.store;

import io.spirula.common.encoding.Bytes;
import org.jspecify.annotations.Nullable;

/** What writes, zeros and truncations do to an object's blocks: which are put and which removed. */
final class BlockWriter {
    /** Where blocks go. What was put is read back by the source at once. */
    interface Sink extends BlockSource {
        void put(Onode onode, long chunk, int part, Bytes block);

        void delete(Onode onode, long chunk, int part);

        /** Ends a chunk's base at {@code kept} bytes where it is longer. */
        void cutBase(Onode onode, long chunk, int kept);
    }

    private static final long END = 4L << 30;

    private final Sink sink;

    BlockWriter(Sink sink) {
        this.sink = sink;
    }

    void write(Onode onode, long offset, Bytes data) {
        long end = checkedEnd(offset, data.size());
        for (long at = offset; at < end; ) {
            int from = (int) (at % Onode.CHUNK);
            int length = (int) Math.min(Onode.CHUNK - from, end - at);
            writeChunk(onode, at / Onode.CHUNK, from, data.slice((int) (at - offset), length));
            at += length;
        }
        onode.size = Math.max(onode.size, end);
    }

    void zero(Onode onode, long offset, long length) {
        long end = checkedEnd(offset, length);
        long last = Math.min(end, (long) onode.chunkCount() * Onode.CHUNK);
        for (long at = offset; at < last; ) {
            int from = (int) (at % Onode.CHUNK);
            int count = (int) Math.min(Onode.CHUNK - from, last - at);
            zeroChunk(onode, at / Onode.CHUNK, from, from + count);
            at += count;
        }
        onode.size = Math.max(onode.size, end);
    }

    void truncate(Onode onode, long size) {
        checkedEnd(0, size);
        long boundary = size / Onode.CHUNK;
        int kept = (int) (size % Onode.CHUNK);
        for (long chunk = onode.chunkCount() - 1; chunk >= boundary; chunk--) {
            if (chunk > boundary || kept == 0) {
                drop(onode, chunk);
            } else {
                cut(onode, chunk, kept);
            }
        }
        onode.size = size;
    }

    /** Removes all blocks. */
    void clear(Onode onode) {
        truncate(onode, 0);
    }

    private static long checkedEnd(long offset, long length) {
        if (offset < 0 || length < 0 || length > END || offset > END - length) {
            throw new IllegalArgumentException("an object cannot have bytes behind 4 GiB");
        }
        return offset + length;
    }

    private static int live(Onode onode, long chunk) {
        return Math.clamp(onode.size - chunk * Onode.CHUNK, 0, Onode.CHUNK);
    }

    private void writeChunk(Onode onode, long chunk, int from, Bytes piece) {
        int to = from + piece.size();
        int live = live(onode, chunk);
        int word = onode.chunk(chunk);
        if (from == 0 && (word == 0 || to >= live)) {
            dropSubs(onode, chunk, word);
            sink.put(onode, chunk, BlockSource.BASE_PART, piece);
            onode.chunk(chunk, Onode.BASE);
            return;
        }
        for (int s = from / Onode.SUB; s <= (to - 1) / Onode.SUB; s++) {
            int start = s * Onode.SUB;
            int first = Math.max(from, start);
            int last = Math.min(to, start + Onode.SUB);
            Bytes part = piece.slice(first - from, last - first);
            boolean covers = first == start && (last == start + Onode.SUB || last >= live);
            putSub(onode, chunk, s, covers ? part : patched(onode, chunk, s, first - start, part));
        }
    }

    private void zeroChunk(Onode onode, long chunk, int from, int to) {
        int live = live(onode, chunk);
        if (from == 0 && to >= live) {
            drop(onode, chunk);
            return;
        }
        for (int s = from / Onode.SUB; s <= (to - 1) / Onode.SUB; s++) {
            int start = s * Onode.SUB;
            int first = Math.max(from, start);
            int last = Math.min(to, start + Onode.SUB);
            int word = onode.chunk(chunk);
            boolean covers = first == start && (last == start + Onode.SUB || last >= live);
            if ((word & (Onode.BASE | 1 << s)) == 0) {
                continue;
            }
            if (!covers) {
                putSub(onode, chunk, s, patched(onode, chunk, s, first - start, Bytes.zeros(last - first)));
            } else if ((word & Onode.BASE) != 0) {
                putSub(onode, chunk, s, Bytes.EMPTY);
            } else {
                sink.delete(onode, chunk, s + 1);
                onode.chunk(chunk, word & ~(1 << s));
            }
        }
    }

    /** Ends a chunk's data at {@code kept}, so that nothing of it comes back when the object grows again. */
    private void cut(Onode onode, long chunk, int kept) {
        int word = onode.chunk(chunk);
        if ((word & Onode.BASE) != 0) {
            sink.cutBase(onode, chunk, kept);
        }
        for (int s = kept / Onode.SUB; s < Onode.SUBS; s++) {
            int left = kept - s * Onode.SUB;
            if ((word & 1 << s) == 0) {
                continue;
            }
            if (left <= 0) {
                sink.delete(onode, chunk, s + 1);
                word &= ~(1 << s);
            } else {
                Bytes sub = patched(onode, chunk, s, 0, Bytes.EMPTY);
                if (sub == null) {
                    sink.delete(onode, chunk, s + 1);
                } else if (sub.size() > left) {
                    sink.put(onode, chunk, s + 1, sub.slice(0, left));
                }
            }
        }
        onode.chunk(chunk, word);
    }

    /** Null where what is to be patched is damaged: what becomes of it is neither old nor new. */
    private @Nullable Bytes patched(Onode onode, long chunk, int sub, int at, Bytes piece) {
        Bytes old;
        try {
            old = sink.sub(onode, chunk, sub);
        } catch (StoreException e) {
            if (e.kind() == StoreException.Kind.DAMAGED) {
                return null;
            }
            throw e;
        }
        byte[] block = new byte[Math.max(old.size(), at + piece.size())];
        old.copyTo(block, 0);
        piece.copyTo(block, at);
        return Bytes.wrap(block);
    }

    /** @param block null for one that is to read as damaged, until it is written as a whole */
    private void putSub(Onode onode, long chunk, int sub, @Nullable Bytes block) {
        if (block == null) {
            sink.delete(onode, chunk, sub + 1);
        } else {
            sink.put(onode, chunk, sub + 1, block);
        }
        int word = onode.chunk(chunk) | 1 << sub;
        if (word == (Onode.BASE | Onode.BASE - 1)) {
            sink.delete(onode, chunk, BlockSource.BASE_PART);
            word &= ~Onode.BASE;
        }
        onode.chunk(chunk, word);
    }

    private void drop(Onode onode, long chunk) {
        int word = onode.chunk(chunk);
        dropSubs(onode, chunk, word);
        if ((word & Onode.BASE) != 0) {
            sink.delete(onode, chunk, BlockSource.BASE_PART);
        }
        onode.chunk(chunk, 0);
    }

    private void dropSubs(Onode onode, long chunk, int word) {
        for (int bits = word & Onode.BASE - 1; bits != 0; bits &= bits - 1) {
            sink.delete(onode, chunk, Integer.numberOfTrailingZeros(bits) + 1);
        }
    }
}
