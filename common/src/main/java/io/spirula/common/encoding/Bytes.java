package io.spirula.common.encoding;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * An immutable run of bytes: a message's segment, an object's data, or a name that need not be text.
 *
 * <p>A slice shares its array with what it was cut from, so data travels from the socket to the store without a copy and without
 * anybody having to release it. A small slice that outlives its message should be {@linkplain #compact() compacted}, or it keeps the
 * whole message alive. Order and equality are those of unsigned bytes, which is how Ceph sorts names.
 */
public final class Bytes implements Comparable<Bytes> {
    public static final Bytes EMPTY = new Bytes(new byte[0], 0, 0);

    private final byte[] array;
    private final int offset;
    private final int size;
    private int hash;

    private Bytes(byte[] array, int offset, int size) {
        this.array = array;
        this.offset = offset;
        this.size = size;
    }

    /** Takes ownership of {@code array}: the caller never writes to it again. */
    public static Bytes wrap(byte[] array) {
        return array.length == 0 ? EMPTY : new Bytes(array, 0, array.length);
    }

    /** Takes ownership of a part of {@code array}. */
    public static Bytes wrap(byte[] array, int offset, int size) {
        java.util.Objects.checkFromIndexSize(offset, size, array.length);
        return size == 0 ? EMPTY : new Bytes(array, offset, size);
    }

    public static Bytes copyOf(byte[] array) {
        return wrap(array.clone());
    }

    /** The UTF-8 form of a text. */
    public static Bytes of(String text) {
        return wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    public static Bytes ofHex(String hex) {
        return wrap(HexFormat.of().parseHex(hex));
    }

    public static Bytes zeros(int size) {
        return wrap(new byte[size]);
    }

    /** Several runs as one; copies unless at most one of them has bytes. */
    public static Bytes concat(Iterable<Bytes> parts) {
        long total = 0;
        Bytes only = EMPTY;
        int nonEmpty = 0;
        for (Bytes part : parts) {
            total += part.size;
            if (part.size > 0) {
                only = part;
                nonEmpty++;
            }
        }
        if (nonEmpty <= 1) {
            return only;
        }
        byte[] joined = new byte[Math.toIntExact(total)];
        int at = 0;
        for (Bytes part : parts) {
            System.arraycopy(part.array, part.offset, joined, at, part.size);
            at += part.size;
        }
        return wrap(joined);
    }

    public int size() {
        return size;
    }

    public boolean isEmpty() {
        return size == 0;
    }

    public byte get(int index) {
        java.util.Objects.checkIndex(index, size);
        return array[offset + index];
    }

    /** A part, sharing the array. */
    public Bytes slice(int from, int length) {
        java.util.Objects.checkFromIndexSize(from, length, size);
        return length == size ? this : length == 0 ? EMPTY : new Bytes(array, offset + from, length);
    }

    /** The same bytes without a larger array behind them. */
    public Bytes compact() {
        return size == array.length ? this : wrap(toArray());
    }

    public byte[] toArray() {
        return Arrays.copyOfRange(array, offset, offset + size);
    }

    /** The bytes as an array that may be shared: for callers that only read. */
    public byte[] toReadOnlyArray() {
        return size == array.length ? array : toArray();
    }

    /** The array behind these bytes, for code that only reads it (checksums, system calls, ciphers). */
    public byte[] backingArray() {
        return array;
    }

    /** Where in {@link #backingArray()} these bytes begin. */
    public int backingOffset() {
        return offset;
    }

    public ByteBuffer asReadOnlyBuffer() {
        return ByteBuffer.wrap(array, offset, size).slice().asReadOnlyBuffer();
    }

    public void copyTo(byte[] target, int at) {
        System.arraycopy(array, offset, target, at, size);
    }

    /** Ceph's CRC32C with a seed, see {@link Crc32c}. */
    public int crc32c(int seed) {
        return Crc32c.of(seed, array, offset, size);
    }

    /** The bytes read as UTF-8; what is not UTF-8 becomes replacement characters, so this is for people and never for keys. */
    public String utf8() {
        return new String(array, offset, size, StandardCharsets.UTF_8);
    }

    public String hex() {
        return HexFormat.of().formatHex(array, offset, offset + size);
    }

    public boolean startsWith(Bytes prefix) {
        return size >= prefix.size
                && Arrays.equals(
                        array, offset, offset + prefix.size, prefix.array, prefix.offset, prefix.offset + prefix.size);
    }

    @Override
    public int compareTo(Bytes other) {
        return Arrays.compareUnsigned(
                array, offset, offset + size, other.array, other.offset, other.offset + other.size);
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof Bytes b
                && Arrays.equals(array, offset, offset + size, b.array, b.offset, b.offset + b.size);
    }

    @Override
    public int hashCode() {
        int h = hash;
        if (h == 0) {
            h = 1;
            for (int i = offset; i < offset + size; i++) {
                h = 31 * h + array[i];
            }
            hash = h;
        }
        return h;
    }

    /** Short texts as they are, anything else by its size. */
    @Override
    public String toString() {
        return size <= 256 ? utf8() : "(" + size + " bytes)";
    }
}
