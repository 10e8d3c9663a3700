package io.spirula.osd.store;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.encoding.Decoder;
import io.spirula.common.encoding.Encoder;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a store knows about one object besides its bytes: its number, under which data and omap are kept, size, attributes, and which blocks are there. Data lies in chunks of {@link #CHUNK} bytes: a base that was
 * written in one go, in the database or at a {@link Place} of the block file, and sub-blocks of {@link #SUB} bytes that were written over it later. What neither has reads as zeros; both may be shorter than their
 * share of the chunk.
 */
final class Onode {
    static final int CHUNK = 65536;
    static final int SUB = 4096;
    static final int SUBS = CHUNK / SUB;
    /** In a chunk's word: there is a base. Bit n below it: there is sub-block n. */
    static final int BASE = 1 << SUBS;

    private static final int VERSION = 2;

    final long number;
    final TreeMap<Bytes, Bytes> attributes = new TreeMap<>();
    long size;
    boolean hasOmap;
    Bytes omapHeader = Bytes.EMPTY;
    private int[] chunks = new int[0];
    /** By chunk; as long as the last chunk needs that has one. */
    private @Nullable Place[] places = new Place[0];

    Onode(long number) {
        this.number = number;
    }

    /** How many chunks the table has; those from here on have nothing. */
    int chunkCount() {
        return chunks.length;
    }

    int chunk(long index) {
        return index < chunks.length ? chunks[(int) index] : 0;
    }

    void chunk(long index, int word) {
        if (index >= chunks.length) {
            if (word == 0) {
                return;
            }
            chunks = Arrays.copyOf(chunks, Math.toIntExact(index + 1));
        }
        chunks[(int) index] = word;
        if (word == 0 && index == chunks.length - 1) {
            int end = chunks.length;
            while (end > 0 && chunks[end - 1] == 0) {
                end--;
            }
            chunks = Arrays.copyOf(chunks, end);
        }
    }

    /** Where the chunk's base lies in the block file; null where it is in the database or there is none. */
    @Nullable
    Place place(long index) {
        return index < places.length ? places[(int) index] : null;
    }

    void place(long index, @Nullable Place place) {
        if (index >= places.length) {
            if (place == null) {
                return;
            }
            places = Arrays.copyOf(places, Math.max(Math.toIntExact(index + 1), chunks.length));
        }
        places[(int) index] = place;
    }

    /** All places, in the chunks' order. */
    Stream<Place> places() {
        return Arrays.stream(places).filter(Objects::nonNull).map(Objects::requireNonNull);
    }

    Bytes encode() {
        Encoder out = new Encoder(256 + attributeBytes() + 32 * places.length);
        out.u8(VERSION).u64(number).u64(size).bool(hasOmap).bytes(omapHeader);
        out.u32(attributes.size());
        for (Map.Entry<Bytes, Bytes> e : attributes.entrySet()) {
            out.bytes(e.getKey()).bytes(e.getValue());
        }
        out.u32(chunks.length);
        for (int i = 0; i < chunks.length; ) {
            int run = i + 1;
            while (run < chunks.length && chunks[run] == chunks[i]) {
                run++;
            }
            out.u32(run - i).u32(chunks[i]);
            i = run;
        }
        for (int i = 0; i < chunks.length; i++) {
            Place place = place(i);
            if ((chunks[i] & BASE) != 0) {
                out.bool(place != null);
                if (place != null) {
                    place.encode(out);
                }
            }
        }
        return out.toBytes();
    }

    static Onode decode(Bytes bytes) {
        Decoder in = new Decoder(bytes);
        if (in.u8() != VERSION) {
            throw new io.spirula.common.encoding.MalformedInput("an object's record has another version");
        }
        Onode onode = new Onode(in.u64());
        onode.size = in.u64();
        onode.hasOmap = in.bool();
        onode.omapHeader = in.bytes();
        int count = in.count(8);
        for (int i = 0; i < count; i++) {
            Bytes name = in.bytes();
            onode.attributes.put(name, in.bytes());
        }
        int[] chunks = new int[in.i32()];
        for (int i = 0; i < chunks.length; ) {
            int run = in.i32();
            Arrays.fill(chunks, i, i + run, in.i32());
            i += run;
        }
        onode.chunks = chunks;
        for (int i = 0; i < chunks.length; i++) {
            if ((chunks[i] & BASE) != 0 && in.bool()) {
                onode.place(i, Place.decode(in));
            }
        }
        return onode;
    }

    private int attributeBytes() {
        int total = omapHeader.size();
        for (Map.Entry<Bytes, Bytes> e : attributes.entrySet()) {
            total += e.getKey().size() + e.getValue().size() + 8;
        }
        return total;
    }
}
