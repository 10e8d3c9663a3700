package io.spirula.common.maps;

import io.spirula.common.encoding.Codec;
import io.spirula.common.encoding.Decoder;
import io.spirula.common.encoding.Encoder;
import io.spirula.common.types.EntityAddrs;
import io.spirula.common.types.IntervalSet;
import io.spirula.common.types.PgId;
import io.spirula.common.types.Uuid;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.function.Function;

/** The encodings of the collections that full and incremental OSD maps have in common. */
final class MapCodecs {
    /** An encoded placement group id. */
    private static final int PG_SIZE = 17;

    static final Codec<List<Integer>> OSDS =
            Codec.of((l, out) -> out.list(l, (v, o) -> o.u32((int) v)), MapCodecs::osds);
    static final Codec<NavigableMap<PgId, List<Integer>>> OSDS_BY_PG = byPg(OSDS, 4);
    static final Codec<NavigableMap<PgId, Integer>> OSD_BY_PG =
            byPg(Codec.of((v, out) -> out.u32((int) v), Decoder::i32), 4);
    static final Codec<NavigableMap<PgId, List<UpmapItem>>> UPMAP_ITEMS = byPg(
            Codec.of(
                    (l, out) -> out.list(l, (i, o) -> o.u32(i.from()).u32(i.to())),
                    in -> counted(in, 8, d -> new UpmapItem(d.i32(), d.i32()))),
            4);
    static final Codec<NavigableSet<PgId>> PGS = Codec.of(
            (s, out) -> out.list(s, (pg, o) -> o.put(PgId.CODEC, pg)),
            in -> Sorted.set(in, PG_SIZE, d -> d.get(PgId.CODEC)));
    static final Codec<NavigableMap<Long, PgPool>> POOLS = byPool(PgPool.CODEC, 6);
    static final Codec<NavigableMap<Long, String>> POOL_NAMES =
            byPool(Codec.of((s, out) -> out.string(s), Decoder::string), 4);
    static final Codec<NavigableMap<Long, IntervalSet>> SNAPS = byPool(IntervalSet.CODEC, 4);
    static final Codec<NavigableMap<String, NavigableMap<String, String>>> PROFILES = Codec.of(
            (m, out) -> out.map(m, (k, o) -> o.string(k), (v, o) -> o.put(Sorted.TEXTS, v)),
            in -> Sorted.map(in, 8, Decoder::string, d -> d.get(Sorted.TEXTS)));
    static final Codec<NavigableMap<Integer, Integer>> NUMBERS =
            byNumber(Codec.of((v, out) -> out.u32((int) v), Decoder::i32), 4);
    static final Codec<NavigableMap<Integer, EntityAddrs>> ADDRS = byNumber(EntityAddrs.CODEC, 5);
    static final Codec<NavigableMap<Integer, CleanInterval>> INTERVALS = byNumber(
            Codec.of((i, out) -> out.u32(i.begin()).u32(i.end()), in -> new CleanInterval(in.i32(), in.i32())), 8);
    static final Codec<NavigableMap<Integer, Uuid>> UUIDS = byNumber(Uuid.CODEC, 16);
    static final Codec<NavigableMap<Integer, OsdXInfo>> XINFOS = byNumber(OsdXInfo.CODEC, 6);

    private MapCodecs() {}

    private static List<Integer> osds(Decoder in) {
        return counted(in, 4, Decoder::i32);
    }

    /** A list nobody changes any more. */
    static <T> List<T> counted(Decoder in, int minElementSize, Function<Decoder, T> element) {
        int count = in.count(minElementSize);
        List<T> list = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            list.add(element.apply(in));
        }
        return List.copyOf(list);
    }

    private static <V> Codec<NavigableMap<PgId, V>> byPg(Codec<V> value, int minSize) {
        return Codec.of(
                (m, out) -> out.map(m, (pg, o) -> o.put(PgId.CODEC, pg), (v, o) -> o.put(value, v)),
                in -> Sorted.map(in, PG_SIZE + minSize, d -> d.get(PgId.CODEC), d -> d.get(value)));
    }

    private static <V> Codec<NavigableMap<Long, V>> byPool(Codec<V> value, int minSize) {
        return Codec.of(
                (m, out) -> out.map(m, (k, o) -> o.u64(k), (v, o) -> o.put(value, v)),
                in -> Sorted.map(in, 8 + minSize, Decoder::u64, d -> d.get(value)));
    }

    private static <V> Codec<NavigableMap<Integer, V>> byNumber(Codec<V> value, int minSize) {
        return Codec.of(
                (m, out) -> out.map(m, (k, o) -> o.u32((int) k), (v, o) -> o.put(value, v)),
                in -> Sorted.map(in, 4 + minSize, Decoder::i32, d -> d.get(value)));
    }

    static Encoder release(Encoder out, CephRelease release) {
        return out.u8(release.number());
    }

    static CephRelease release(Decoder in) {
        return CephRelease.of(in.u8());
    }
}
