package io.spirula.common.encoding;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;

/** Reads Ceph's encoding. Every read is checked against the end; a count is checked against the bytes left before anything is allocated for it. */
public final class Decoder {
    private static final VarHandle U16 = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle U32 = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle U64 = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private final Bytes source;
    private final byte[] array;
    private int at;
    private int end;

    public Decoder(Bytes source) {
        this.source = source;
        array = source.backingArray();
        at = source.backingOffset();
        end = at + source.size();
    }

    public int u8() {
        return array[take(1)] & 0xff;
    }

    public boolean bool() {
        return u8() != 0;
    }

    public int u16() {
        return (short) U16.get(array, take(2)) & 0xffff;
    }

    /** 32 bits as they are: signed values, and unsigned ones whose bits are wanted. */
    public int i32() {
        return (int) U32.get(array, take(4));
    }

    /** An unsigned 32-bit value. */
    public long u32() {
        return i32() & 0xffffffffL;
    }

    public long u64() {
        return (long) U64.get(array, take(8));
    }

    public double f64() {
        return Double.longBitsToDouble(u64());
    }

    public float f32() {
        return Float.intBitsToFloat(i32());
    }

    /** A text that people read. For names that need not be text use {@link #name()}. */
    public String string() {
        return bytes().utf8();
    }

    /** A length-prefixed name, exact to the byte and without a hold on the message it came in. */
    public Bytes name() {
        return bytes().compact();
    }

    /** Length-prefixed bytes, sharing the source's array. */
    public Bytes bytes() {
        return raw(count(1));
    }

    public Bytes raw(int length) {
        int from = take(length);
        return source.slice(from - source.backingOffset(), length);
    }

    public Decoder skip(int length) {
        take(length);
        return this;
    }

    public Instant time() {
        return Instant.ofEpochSecond(u32(), u32());
    }

    public Duration span() {
        return Duration.ofSeconds(u32(), u32());
    }

    public <T> T get(Codec<T> codec) {
        return codec.decode(this);
    }

    /** A 32-bit count of elements of at least {@code minElementSize} encoded bytes each. */
    public int count(int minElementSize) {
        long count = u32();
        if (count * Math.max(1, minElementSize) > remaining()) {
            throw new MalformedInput("a count of " + count + " does not fit the " + remaining() + " bytes left");
        }
        return (int) count;
    }

    /** A counted list; every element takes at least one encoded byte. */
    public <T> List<T> list(Function<Decoder, T> element) {
        int count = count(1);
        List<T> list = new ArrayList<>(Math.min(count, 1024));
        for (int i = 0; i < count; i++) {
            list.add(element.apply(this));
        }
        return list;
    }

    /** A counted map in the order of the encoding. */
    public <K, V> Map<K, V> map(Function<Decoder, K> key, Function<Decoder, V> value) {
        int count = count(1);
        Map<K, V> map = new LinkedHashMap<>();
        for (int i = 0; i < count; i++) {
            K k = key.apply(this);
            map.put(k, value.apply(this));
        }
        return map;
    }

    /**
     * A versioned structure: DECODE_START(supported) … DECODE_FINISH. The body is given the encoded version and sees the structure's bytes only; a tail
     * from a newer version is skipped, a compat above {@code supported} is refused.
     */
    public <T> T struct(int supported, BiFunction<Decoder, Integer, T> body) {
        int version = u8();
        int compat = u8();
        if (compat > supported) {
            throw new MalformedInput("a structure of version " + version + " needs a decoder of " + compat
                    + ", this one is " + supported);
        }
        int length = count(1);
        int outerEnd = end;
        int innerEnd = at + length;
        end = innerEnd;
        T value = body.apply(this, version);
        at = innerEnd;
        end = outerEnd;
        return value;
    }

    /** A versioned structure as it stands, its frame included and its body not looked at. */
    public Bytes structBytes() {
        int from = position();
        skip(2);
        skip(count(1));
        return source.slice(from, position() - from);
    }

    public int remaining() {
        return end - at;
    }

    public boolean hasRemaining() {
        return at < end;
    }

    /** Bytes read so far. */
    public int position() {
        return at - source.backingOffset();
    }

    /** All that is left. */
    public Bytes rest() {
        return raw(remaining());
    }

    private int take(int count) {
        if (count < 0 || count > end - at) {
            throw new MalformedInput("needs " + count + " bytes where " + (end - at) + " are left");
        }
        int from = at;
        at += count;
        return from;
    }
}
