package io.spirula.common.message;

import io.spirula.common.encoding.Codec;
import io.spirula.common.encoding.Decoder;
import io.spirula.common.encoding.Encoder;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/** The on-disk features that something uses: ones that old code may ignore, may read past, or must refuse. Number to name. Ceph: CompatSet. */
public record CompatSet(Map<Long, String> compat, Map<Long, String> readOnlyCompat, Map<Long, String> incompat) {
    public static final CompatSet EMPTY = new CompatSet(Map.of(), Map.of(), Map.of());
    public static final Codec<CompatSet> CODEC = Codec.of(CompatSet::encode, CompatSet::decode);

    public CompatSet {
        compat = Collections.unmodifiableMap(new TreeMap<>(compat));
        readOnlyCompat = Collections.unmodifiableMap(new TreeMap<>(readOnlyCompat));
        incompat = Collections.unmodifiableMap(new TreeMap<>(incompat));
    }

    private void encode(Encoder out) {
        encode(compat, out);
        encode(readOnlyCompat, out);
        encode(incompat, out);
    }

    private static void encode(Map<Long, String> features, Encoder out) {
        long mask = 0;
        for (long id : features.keySet()) {
            mask |= 1L << id;
        }
        out.u64(mask).map(features, (id, o) -> o.u64(id), (name, o) -> o.string(name));
    }

    private static CompatSet decode(Decoder in) {
        return new CompatSet(features(in), features(in), features(in));
    }

    private static Map<Long, String> features(Decoder in) {
        return in.skip(8).map(Decoder::u64, Decoder::string);
    }
}
