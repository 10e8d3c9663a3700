package io.spirula.osd.store;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.encoding.Crc32c;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * RocksDB's write batch built in Java: the whole transaction crosses into native code in one call instead of one call a key, which is most of what a small write costs. The format is that of
 * RocksDB's write_batch.cc and part of its log files: sequence (8 bytes), count (4), then tagged records with lengths as varints.
 */
final class RocksBatch {
    private static final int HEADER = 12;
    // The tags of records with a column family's number; those for the default family, which has none, are others.
    private static final int DELETION = 0x04;
    private static final int VALUE = 0x05;
    private static final int RANGE_DELETION = 0x0e;

    private byte[] array;
    private int size = HEADER;
    private int count;

    RocksBatch(int expectedSize) {
        array = new byte[expectedSize];
    }

    boolean isEmpty() {
        return count == 0;
    }

    void put(int columnFamily, byte[] key, Bytes value) {
        start(VALUE, columnFamily, key, value.size());
        append(value.backingArray(), value.backingOffset(), value.size());
    }

    /** A value with its CRC32C behind it. */
    void putChecked(int columnFamily, byte[] key, Bytes value) {
        start(VALUE, columnFamily, key, value.size() + 4);
        int from = size;
        append(value.backingArray(), value.backingOffset(), value.size());
        int crc = Crc32c.of(-1, array, from, value.size());
        room(4);
        ByteBuffer.wrap(array, size, 4).order(ByteOrder.LITTLE_ENDIAN).putInt(crc);
        size += 4;
    }

    void delete(int columnFamily, byte[] key) {
        tag(DELETION, columnFamily, key.length + 10);
        slice(key);
    }

    void deleteRange(int columnFamily, byte[] first, byte[] last) {
        tag(RANGE_DELETION, columnFamily, first.length + last.length + 20);
        slice(first);
        slice(last);
    }

    /** The batch in RocksDB's form. */
    byte[] toArray() {
        ByteBuffer.wrap(array, 8, 4).order(ByteOrder.LITTLE_ENDIAN).putInt(count);
        return size == array.length ? array : Arrays.copyOf(array, size);
    }

    private void start(int tag, int columnFamily, byte[] key, int valueSize) {
        tag(tag, columnFamily, key.length + valueSize + 20);
        slice(key);
        varint(valueSize);
    }

    private void tag(int tag, int columnFamily, int more) {
        room(more + 6);
        array[size++] = (byte) tag;
        varint(columnFamily);
        count++;
    }

    private void slice(byte[] bytes) {
        varint(bytes.length);
        append(bytes, 0, bytes.length);
    }

    private void varint(int value) {
        int v = value;
        while ((v & ~0x7f) != 0) {
            array[size++] = (byte) (v | 0x80);
            v >>>= 7;
        }
        array[size++] = (byte) v;
    }

    private void append(byte[] from, int offset, int length) {
        room(length);
        System.arraycopy(from, offset, array, size, length);
        size += length;
    }

    private void room(int more) {
        int end = Math.addExact(size, more);
        if (end > array.length) {
            array = Arrays.copyOf(array, (int) Math.min(Integer.MAX_VALUE - 8L, Math.max(end, array.length * 2L)));
        }
    }
}
