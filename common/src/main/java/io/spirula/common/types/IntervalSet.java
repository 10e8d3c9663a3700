package io.spirula.common.types;

import io.spirula.common.encoding.Codec;
import io.spirula.common.encoding.Decoder;
import io.spirula.common.encoding.MalformedInput;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A set of unsigned 64-bit numbers as disjoint ranges, smallest first: byte ranges, snapshots. Immutable.
 * Ceph: interval_set.
 */
public final class IntervalSet {
    public static final IntervalSet EMPTY = new IntervalSet(new TreeMap<>(Long::compareUnsigned));
    public static final Codec<IntervalSet> CODEC = Codec.of(
            (s, out) -> out.map(s.ranges, (from, o) -> o.u64(from), (length, o) -> o.u64(length)), IntervalSet::decode);

    /** Start to length. */
    private final TreeMap<Long, Long> ranges;

    private IntervalSet(TreeMap<Long, Long> ranges) {
        this.ranges = ranges;
    }

    public static IntervalSet of(long from, long length) {
        return EMPTY.plus(from, length);
    }

    private static IntervalSet decode(Decoder in) {
        int count = in.count(16);
        TreeMap<Long, Long> ranges = new TreeMap<>(Long::compareUnsigned);
        for (int i = 0; i < count; i++) {
            long from = in.u64();
            long length = in.u64();
            if (ranges.put(from, length) != null) {
                throw new MalformedInput("two ranges start at " + Long.toUnsignedString(from));
            }
        }
        return new IntervalSet(ranges);
    }

    /** Start to length, smallest first. */
    public SortedMap<Long, Long> ranges() {
        return Collections.unmodifiableSortedMap(ranges);
    }

    public boolean isEmpty() {
        return ranges.isEmpty();
    }

    /** How many numbers are in the set. Ceph: interval_set::size. */
    public long size() {
        long sum = 0;
        for (long length : ranges.values()) {
            sum += length;
        }
        return sum;
    }

    public boolean contains(long number) {
        return contains(number, 1);
    }

    public boolean contains(long from, long length) {
        Map.Entry<Long, Long> at = ranges.floorEntry(from);
        return at != null && Long.compareUnsigned(from + length, at.getKey() + at.getValue()) <= 0;
    }

    /** This set with a range more; what is in it already stays. */
    public IntervalSet plus(long from, long length) {
        if (length == 0) {
            return this;
        }
        TreeMap<Long, Long> copy = new TreeMap<>(ranges);
        long begin = from;
        long end = from + length;
        Map.Entry<Long, Long> e = copy.floorEntry(end);
        while (e != null && Long.compareUnsigned(e.getKey() + e.getValue(), begin) >= 0) {
            begin = Long.compareUnsigned(e.getKey(), begin) < 0 ? e.getKey() : begin;
            long itsEnd = e.getKey() + e.getValue();
            end = Long.compareUnsigned(itsEnd, end) > 0 ? itsEnd : end;
            copy.remove(e.getKey());
            e = copy.floorEntry(end);
        }
        copy.put(begin, end - begin);
        return new IntervalSet(copy);
    }

    public IntervalSet plus(IntervalSet other) {
        IntervalSet sum = this;
        for (Map.Entry<Long, Long> e : other.ranges.entrySet()) {
            sum = sum.plus(e.getKey(), e.getValue());
        }
        return sum;
    }

    /** This set without a range; what is not in it does not matter. */
    public IntervalSet minus(long from, long length) {
        TreeMap<Long, Long> rest = new TreeMap<>(Long::compareUnsigned);
        long end = from + length;
        ranges.forEach((itsFrom, itsLength) -> {
            long itsEnd = itsFrom + itsLength;
            if (Long.compareUnsigned(itsEnd, from) <= 0 || Long.compareUnsigned(itsFrom, end) >= 0) {
                rest.put(itsFrom, itsLength);
                return;
            }
            if (Long.compareUnsigned(itsFrom, from) < 0) {
                rest.put(itsFrom, from - itsFrom);
            }
            if (Long.compareUnsigned(itsEnd, end) > 0) {
                rest.put(end, itsEnd - end);
            }
        });
        return new IntervalSet(rest);
    }

    public IntervalSet minus(IntervalSet other) {
        IntervalSet rest = this;
        for (Map.Entry<Long, Long> e : other.ranges.entrySet()) {
            rest = rest.minus(e.getKey(), e.getValue());
        }
        return rest;
    }

    public IntervalSet intersect(IntervalSet other) {
        return minus(minus(other));
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof IntervalSet other && ranges.equals(other.ranges);
    }

    @Override
    public int hashCode() {
        return ranges.hashCode();
    }

    /** Ceph's spelling: {@code [0~4096,8192~10]}. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("[");
        ranges.forEach((from, length) -> text.append(text.length() > 1 ? "," : "")
                .append(Long.toHexString(from))
                .append('~')
                .append(Long.toHexString(length)));
        return text.append(']').toString();
    }
}
