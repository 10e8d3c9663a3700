package io.spirula.common.encoding;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** Writes Ceph's encoding into a growing array. Unsigned values are given in the next larger signed type, or as their bits. */
public final class Encoder {
    private static final VarHandle U16 = view(short[].class);
    private static final VarHandle U32 = view(int[].class);
    private static final VarHandle U64 = view(long[].class);
    private static final VarHandle F64 = view(double[].class);

    private byte[] array;
    private int size;

    public Encoder() {
        this(128);
    }

    public Encoder(int expectedSize) {
        array = new byte[expectedSize];
    }

    private static VarHandle view(Class<?> arrayClass) {
        return MethodHandles.byteArrayViewVarHandle(arrayClass, ByteOrder.LITTLE_ENDIAN);
    }

    public Encoder u8(int value) {
        int at = room(1); // first: it may replace the array
        array[at] = (byte) value;
        return this;
    }

    public Encoder bool(boolean value) {
        return u8(value ? 1 : 0);
    }

    public Encoder u16(int value) {
        int at = room(2);
        U16.set(array, at, (short) value);
        return this;
    }

    /** Both signed 32-bit values and the bits of unsigned ones. */
    public Encoder u32(int value) {
        int at = room(4);
        U32.set(array, at, value);
        return this;
    }

    /** An unsigned 32-bit value held in a long. */
    public Encoder u32(long value) {
        return u32((int) value);
    }

    public Encoder u64(long value) {
        int at = room(8);
        U64.set(array, at, value);
        return this;
    }

    public Encoder f64(double value) {
        int at = room(8);
        F64.set(array, at, value);
        return this;
    }

    public Encoder f32(float value) {
        return u32(Float.floatToRawIntBits(value));
    }

    /** A text as UTF-8 behind its length. */
    public Encoder string(String value) {
        return bytes(Bytes.wrap(value.getBytes(StandardCharsets.UTF_8)));
    }

    /** Bytes behind their 32-bit length: Ceph's string and bufferlist. */
    public Encoder bytes(Bytes value) {
        u32(value.size());
        return raw(value);
    }

    /** Bytes without a length. */
    public Encoder raw(Bytes value) {
        int at = room(value.size());
        value.copyTo(array, at);
        return this;
    }

    public Encoder raw(byte[] value) {
        int at = room(value.length);
        System.arraycopy(value, 0, array, at, value.length);
        return this;
    }

    public Encoder zeros(int count) {
        int at = room(count);
        Arrays.fill(array, at, at + count, (byte) 0);
        return this;
    }

    /** Ceph's utime_t: seconds and nanoseconds, 32 bits each. */
    public Encoder time(Instant value) {
        return u32(value.getEpochSecond()).u32(value.getNano());
    }

    /** A span in utime_t's form. */
    public Encoder span(Duration value) {
        return u32(value.getSeconds()).u32(value.getNano());
    }

    public <T> Encoder put(Codec<T> codec, T value) {
        codec.encode(value, this);
        return this;
    }

    /** A count and then each element. */
    public <T> Encoder list(Collection<T> values, BiConsumer<T, Encoder> element) {
        u32(values.size());
        for (T value : values) {
            element.accept(value, this);
        }
        return this;
    }

    /** A count and then each key with its value, in the map's own order: give a sorted or insertion-ordered map. */
    public <K, V> Encoder map(Map<K, V> values, BiConsumer<K, Encoder> key, BiConsumer<V, Encoder> value) {
        u32(values.size());
        values.forEach((k, v) -> {
            key.accept(k, this);
            value.accept(v, this);
        });
        return this;
    }

    /** A versioned structure: ENCODE_START(version, compat) … ENCODE_FINISH. */
    public Encoder struct(int version, int compat, Consumer<Encoder> body) {
        u8(version).u8(compat);
        return sized(body);
    }

    /** A body behind its 32-bit length. */
    public Encoder sized(Consumer<Encoder> body) {
        int at = room(4);
        body.accept(this);
        U32.set(array, at, size - at - 4);
        return this;
    }

    public int size() {
        return size;
    }

    /** Overwrites 32 bits written before. */
    public void patchU32(int at, int value) {
        java.util.Objects.checkFromIndexSize(at, 4, size);
        U32.set(array, at, value);
    }

    /** CRC32C from seed -1 over what was written from {@code from} up to {@code to}. */
    public int crc32c(int from, int to) {
        return Crc32c.of(-1, array, from, to - from);
    }

    /** What was written so far. The encoder may be written to afterwards; what was handed out stays as it is. */
    public Bytes toBytes() {
        return Bytes.wrap(array.length - size > 1024 ? Arrays.copyOf(array, size) : array, 0, size);
    }

    private int room(int count) {
        int at = size;
        int end = Math.addExact(at, count);
        if (end > array.length) {
            array = Arrays.copyOf(array, Math.max(end, (int) Math.min(Integer.MAX_VALUE - 8L, array.length * 2L)));
        }
        size = end;
        return at;
    }
}
