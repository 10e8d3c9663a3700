package io.spirula.osd.store;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.encoding.Crc32c;
import io.spirula.common.encoding.Decoder;
import io.spirula.common.encoding.Encoder;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Where a chunk's base lies in the block file.
 *
 * @param slot which slot of {@link Onode#CHUNK} bytes
 * @param length how many bytes were written there
 * @param valid how many of them still count: a truncation cuts them here and leaves the file alone
 * @param sums the CRC32C of each {@link #SUMMED} bytes that were written, the last of what was left
 */
record Place(int slot, int length, int valid, int[] sums) {
    /** What one checksum covers, and so the least that is read. */
    static final int SUMMED = 16384;

    static Place of(int slot, Bytes data) {
        int[] sums = new int[count(data.size())];
        for (int i = 0; i < sums.length; i++) {
            int from = i * SUMMED;
            sums[i] = Crc32c.of(
                    -1, data.backingArray(), data.backingOffset() + from, Math.min(SUMMED, data.size() - from));
        }
        return new Place(slot, data.size(), data.size(), sums);
    }

    private static int count(int length) {
        return (length + SUMMED - 1) / SUMMED;
    }

    static long position(int slot) {
        return (long) slot * Onode.CHUNK;
    }

    Place cut(int kept) {
        return new Place(slot, length, Math.min(valid, kept), sums);
    }

    /** Whether both mean the same bytes in the file. */
    boolean sameBytes(Place other) {
        return slot == other.slot && length == other.length && Arrays.equals(sums, other.sums);
    }

    /** Where reading has to begin for byte {@code from} to be checked. */
    static int start(int from) {
        return from / SUMMED * SUMMED;
    }

    /** Where reading has to end for the byte before {@code to} to be checked. */
    int end(int to) {
        return Math.min(length, (to + SUMMED - 1) / SUMMED * SUMMED);
    }

    /** Checks what was read from {@link #start} to {@link #end}, which lies in {@code in} from {@code at} on. Throws StoreException of kind DAMAGED. */
    void check(int start, int end, ByteBuffer in, int at) {
        for (int from = start; from < end; from += SUMMED) {
            int count = Math.min(SUMMED, end - from);
            java.util.zip.CRC32C crc = new java.util.zip.CRC32C();
            crc.update(in.slice(at + from - start, count));
            if (~(int) crc.getValue() != sums[from / SUMMED]) {
                throw new StoreException(
                        StoreException.Kind.DAMAGED,
                        "the checksum of the block file's bytes " + (position(slot) + from) + " to "
                                + (position(slot) + from + count) + " is wrong");
            }
        }
    }

    void encode(Encoder out) {
        out.u32(slot).u32(length).u32(valid);
        for (int sum : sums) {
            out.u32(sum);
        }
    }

    static Place decode(Decoder in) {
        int slot = in.i32();
        int length = in.i32();
        int valid = in.i32();
        if (slot < 0 || length <= 0 || length > Onode.CHUNK || valid < 0 || valid > length) {
            throw new io.spirula.common.encoding.MalformedInput("a block cannot lie there");
        }
        int[] sums = new int[count(length)];
        for (int i = 0; i < sums.length; i++) {
            sums[i] = in.i32();
        }
        return new Place(slot, length, valid, sums);
    }
}
