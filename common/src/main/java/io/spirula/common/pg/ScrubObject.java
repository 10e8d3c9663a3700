package io.spirula.common.pg;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.encoding.Codec;
import io.spirula.common.encoding.Decoder;
import io.spirula.common.encoding.Encoder;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a scrub found of one object. Ceph: ScrubMap::object.
 *
 * @param attributes by the names that the OSD stores them under
 * @param digest CRC32C of the data, null where it was not read; {@code omapDigest} likewise
 */
public record ScrubObject(
        long size,
        boolean negative,
        SortedMap<Bytes, Bytes> attributes,
        @Nullable Integer digest,
        @Nullable Integer omapDigest,
        Errors errors,
        Omap omap) {
    /** What was wrong with it by itself. */
    public record Errors(boolean read, boolean stat, boolean ecHashMismatch, boolean ecSizeMismatch) {
        public static final Errors NONE = new Errors(false, false, false, false);
    }

    /** How large its omap is, and whether that is too large: then with how many keys and bytes. */
    public record Omap(boolean large, long largeKeys, long largeBytes, long bytes, long keys) {
        public static final Omap NONE = new Omap(false, 0, 0, 0, 0);
    }

    public static final Codec<ScrubObject> CODEC = Codec.of(ScrubObject::encode, ScrubObject::decode);

    public ScrubObject {
        attributes = Collections.unmodifiableSortedMap(new TreeMap<>(attributes));
    }

    private void encode(Encoder out) {
        out.struct(10, 7, o -> {
            o.u64(size).bool(negative);
            o.map(attributes, (k, m) -> m.bytes(k), (v, m) -> m.bytes(v));
            encode(digest, o);
            o.u32(0).u32(0); // link counts and snapshot collections once
            encode(omapDigest, o);
            o.bool(errors.read || errors.ecHashMismatch || errors.ecSizeMismatch); // what old readers know of these
            o.bool(errors.stat).bool(errors.read).bool(errors.ecHashMismatch).bool(errors.ecSizeMismatch);
            o.bool(omap.large)
                    .u64(omap.largeKeys)
                    .u64(omap.largeBytes)
                    .u64(omap.bytes)
                    .u64(omap.keys);
        });
    }

    private static void encode(@Nullable Integer digest, Encoder out) {
        out.u32(digest == null ? 0 : digest).bool(digest != null);
    }

    private static @Nullable Integer digest(Decoder in) {
        int digest = in.i32();
        return in.bool() ? digest : null;
    }

    private static ScrubObject decode(Decoder in) {
        return in.struct(10, (b, v) -> {
            long size = b.u64();
            boolean negative = b.bool();
            SortedMap<Bytes, Bytes> attributes =
                    new TreeMap<>(b.map(Decoder::name, d -> d.bytes().compact()));
            Integer digest = digest(b);
            b.skip(4).list(Decoder::u64);
            Integer omapDigest = digest(b);
            b.bool();
            boolean stat = b.bool();
            Errors errors = new Errors(b.bool(), stat, b.bool(), b.bool());
            Omap omap = v >= 9
                    ? new Omap(b.bool(), b.u64(), b.u64(), v >= 10 ? b.u64() : 0, v >= 10 ? b.u64() : 0)
                    : Omap.NONE;
            return new ScrubObject(size, negative, attributes, digest, omapDigest, errors, omap);
        });
    }
}
