package io.spirula.mon.session;

import io.spirula.common.encoding.Codec;
import io.spirula.common.encoding.Decoder;
import io.spirula.common.encoding.Encoder;
import io.spirula.common.types.EntityType;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Which feature bits those have who are connected to monitors, and how many have the same. Ceph: FeatureMap.
 *
 * @param counts by kind of peer and bits
 */
public record ConnectedFeatures(SortedMap<EntityType, SortedMap<Long, Long>> counts) {
    public static final Codec<ConnectedFeatures> CODEC =
            Codec.of(ConnectedFeatures::encode, in -> in.struct(1, (body, version) -> decode(body)));

    static ConnectedFeatures of(Iterable<Session> sessions) {
        SortedMap<EntityType, SortedMap<Long, Long>> counts = new TreeMap<>();
        for (Session s : sessions) {
            add(counts, s.name().type(), s.connection().peerFeatures(), 1);
        }
        return new ConnectedFeatures(counts);
    }

    private static void add(
            SortedMap<EntityType, SortedMap<Long, Long>> counts, EntityType type, long bits, long count) {
        counts.computeIfAbsent(type, t -> new TreeMap<>()).merge(bits, count, Long::sum);
    }

    public Map<Long, Long> of(EntityType type) {
        return counts.getOrDefault(type, Collections.emptySortedMap());
    }

    ConnectedFeatures plus(ConnectedFeatures other) {
        SortedMap<EntityType, SortedMap<Long, Long>> sum = new TreeMap<>();
        for (ConnectedFeatures part : new ConnectedFeatures[] {this, other}) {
            part.counts.forEach((type, byBits) -> byBits.forEach((bits, count) -> add(sum, type, bits, count)));
        }
        return new ConnectedFeatures(sum);
    }

    private void encode(Encoder out) {
        out.struct(
                1,
                1,
                body -> body.map(
                        counts,
                        (type, o) -> o.u32(type.code()),
                        (byBits, o) -> o.map(byBits, (bits, k) -> k.u64(bits), (count, v) -> v.u64(count))));
    }

    private static ConnectedFeatures decode(Decoder in) {
        SortedMap<EntityType, SortedMap<Long, Long>> counts = new TreeMap<>();
        in.map(k -> EntityType.of(k.i32()), v -> v.map(Decoder::u64, Decoder::u64))
                .forEach((type, byBits) -> byBits.forEach((bits, count) -> add(counts, type, bits, count)));
        return new ConnectedFeatures(counts);
    }
}
