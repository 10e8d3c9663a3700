package io.spirula.common.maps;

import io.spirula.common.encoding.Codec;
import io.spirula.common.encoding.Decoder;
import io.spirula.common.encoding.Encoder;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A set of snapshot ids as intervals. Ceph: interval_set&lt;snapid_t&gt;, also snap_interval_set_t.
 *
 * @param lengths the length of each interval by its first id; they neither touch nor overlap
 */
public record IntervalSet(NavigableMap<Long, Long> lengths) {
    public static final IntervalSet EMPTY = new IntervalSet(Sorted.none());
    public static final Codec<IntervalSet> CODEC = Codec.of(IntervalSet::encode, IntervalSet::decode);

    public static IntervalSet of(long first, long length) {
        return length == 0 ? EMPTY : new IntervalSet(Sorted.copy(Map.of(first, length)));
    }

    private void encode(Encoder out) {
        out.map(lengths, (k, o) -> o.u64(k), (v, o) -> o.u64(v));
    }

    private static IntervalSet decode(Decoder in) {
        return new IntervalSet(Sorted.map(in, 16, Decoder::u64, Decoder::u64));
    }

    public boolean isEmpty() {
        return lengths.isEmpty();
    }

    public boolean contains(long id) {
        Map.Entry<Long, Long> e = lengths.floorEntry(id);
        return e != null && id < e.getKey() + e.getValue();
    }

    /** How many ids there are. */
    public long size() {
        return lengths.values().stream().mapToLong(Long::longValue).sum();
    }

    public IntervalSet union(IntervalSet other) {
        if (other.isEmpty() || isEmpty()) {
            return isEmpty() ? other : this;
        }
        TreeMap<Long, Long> result = new TreeMap<>(lengths);
        other.lengths.forEach((first, length) -> add(result, first, first + length));
        return new IntervalSet(Sorted.copy(result));
    }

    private static void add(TreeMap<Long, Long> to, long from, long end) {
        Map.Entry<Long, Long> e = to.floorEntry(end);
        while (e != null && e.getKey() + e.getValue() >= from) {
            to.remove(e.getKey());
            from = Math.min(from, e.getKey());
            end = Math.max(end, e.getKey() + e.getValue());
            e = to.floorEntry(end);
        }
        to.put(from, end - from);
    }

    public IntervalSet minus(IntervalSet other) {
        TreeMap<Long, Long> result = new TreeMap<>(lengths);
        other.lengths.forEach((first, length) -> remove(result, first, first + length));
        return new IntervalSet(Sorted.copy(result));
    }

    private static void remove(TreeMap<Long, Long> from, long first, long end) {
        Map.Entry<Long, Long> e = from.lowerEntry(end);
        while (e != null && e.getKey() + e.getValue() > first) {
            long at = e.getKey();
            long stop = at + e.getValue();
            from.remove(at);
            if (stop > end) {
                from.put(end, stop - end);
            }
            if (at < first) {
                from.put(at, first - at);
            }
            e = from.lowerEntry(first);
        }
    }

    /** Ceph's spelling: {@code [1~2,5~1]} with hexadecimal numbers. */
    @Override
    public String toString() {
        return lengths.entrySet().stream()
                .map(e -> Long.toHexString(e.getKey()) + "~" + Long.toHexString(e.getValue()))
                .collect(Collectors.joining(",", "[", "]"));
    }
}
