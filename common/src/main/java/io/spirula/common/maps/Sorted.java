package io.spirula.common.maps;

import io.spirula.common.encoding.Codec;
import io.spirula.common.encoding.Decoder;
import java.util.Collections;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Function;

/** Sorted collections that nobody changes any more: std::map and std::set of Ceph's structures, in the order in which they are encoded. */
final class Sorted {
    static final Codec<NavigableMap<String, String>> TEXTS = Codec.of(
            (m, out) -> out.map(m, (k, o) -> o.string(k), (v, o) -> o.string(v)),
            in -> map(in, 8, Decoder::string, Decoder::string));
    static final Codec<NavigableSet<String>> NAMES =
            Codec.of((s, out) -> out.list(s, (v, o) -> o.string(v)), in -> set(in, 4, Decoder::string));

    private Sorted() {}

    static <K, V> NavigableMap<K, V> none() {
        return Collections.unmodifiableNavigableMap(new TreeMap<>());
    }

    static <E> NavigableSet<E> noneOf() {
        return Collections.unmodifiableNavigableSet(new TreeSet<>());
    }

    static <K extends Comparable<K>, V> NavigableMap<K, V> copy(Map<K, V> map) {
        return map.isEmpty() ? none() : Collections.unmodifiableNavigableMap(new TreeMap<>(map));
    }

    /** The same map with changes, which may be none: then the map itself. */
    static <K, V> NavigableMap<K, V> changed(NavigableMap<K, V> map, boolean any, Consumer<TreeMap<K, V>> change) {
        if (!any) {
            return map;
        }
        TreeMap<K, V> copy = new TreeMap<>(map);
        change.accept(copy);
        return Collections.unmodifiableNavigableMap(copy);
    }

    static <K, V> NavigableMap<K, V> map(
            Decoder in, int minEntrySize, Function<Decoder, K> key, Function<Decoder, V> value) {
        return map(in, minEntrySize, new TreeMap<>(), key, value);
    }

    /** Decodes into {@code map}, which brings its order. */
    static <K, V> NavigableMap<K, V> map(
            Decoder in, int minEntrySize, TreeMap<K, V> map, Function<Decoder, K> key, Function<Decoder, V> value) {
        int count = in.count(minEntrySize);
        for (int i = 0; i < count; i++) {
            K k = key.apply(in);
            map.put(k, value.apply(in));
        }
        return Collections.unmodifiableNavigableMap(map);
    }

    static <E extends Comparable<E>> NavigableSet<E> set(Decoder in, int minSize, Function<Decoder, E> element) {
        int count = in.count(minSize);
        TreeSet<E> set = new TreeSet<>();
        for (int i = 0; i < count; i++) {
            set.add(element.apply(in));
        }
        return Collections.unmodifiableNavigableSet(set);
    }
}
