package io.spirula.common.pg;

import io.spirula.common.encoding.Codec;
import io.spirula.common.encoding.Decoder;
import io.spirula.common.encoding.Encoder;
import io.spirula.common.types.EVersion;
import io.spirula.common.types.ObjectId;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What one OSD has of the objects in a range, for comparison with what others have. Ceph: ScrubMap.
 *
 * @param validThrough the version of the group that the map shows
 */
public record ScrubMap(SortedMap<ObjectId, ScrubObject> objects, EVersion validThrough, EVersion incrementalSince) {
    public static final Codec<ScrubMap> CODEC = Codec.of(ScrubMap::encode, ScrubMap::decode);

    public ScrubMap {
        objects = Collections.unmodifiableSortedMap(new TreeMap<>(objects));
    }

    private void encode(Encoder out) {
        out.struct(
                3,
                2,
                o -> o.map(objects, (id, m) -> m.put(ObjectId.CODEC, id), (s, m) -> m.put(ScrubObject.CODEC, s))
                        .u32(0) // attributes and a log once
                        .u32(0)
                        .put(EVersion.CODEC, validThrough)
                        .put(EVersion.CODEC, incrementalSince));
    }

    private static ScrubMap decode(Decoder in) {
        return in.struct(3, (b, v) -> {
            SortedMap<ObjectId, ScrubObject> objects =
                    new TreeMap<>(b.map(d -> d.get(ObjectId.CODEC), d -> d.get(ScrubObject.CODEC)));
            b.map(Decoder::string, Decoder::bytes);
            b.bytes();
            return new ScrubMap(objects, b.get(EVersion.CODEC), b.get(EVersion.CODEC));
        });
    }
}
