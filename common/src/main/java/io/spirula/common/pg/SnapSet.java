package io.spirula.common.pg;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.encoding.Codec;
import io.spirula.common.encoding.Decoder;
import io.spirula.common.encoding.Encoder;
import io.spirula.common.types.IntervalSet;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * An object's clones: which there are, which snapshots each stands for, how large it is and what it shares with the next newer. Ceph: SnapSet.
 *
 * @param sequence the newest snapshot that a write of the object knew of
 * @param snaps snapshots, newest first
 * @param clones oldest first; each is named by its newest snapshot
 */
public record SnapSet(
        long sequence,
        List<Long> snaps,
        List<Long> clones,
        Map<Long, IntervalSet> cloneOverlap,
        Map<Long, Long> cloneSize,
        Map<Long, List<Long>> cloneSnaps) {
    /** The attribute in which an object has it. Ceph: SS_ATTR. */
    public static final Bytes ATTRIBUTE = Bytes.of("snapset");

    public static final SnapSet EMPTY = new SnapSet(0, List.of(), List.of(), Map.of(), Map.of(), Map.of());
    public static final Codec<SnapSet> CODEC = Codec.of(SnapSet::encode, SnapSet::decode);

    public SnapSet {
        snaps = List.copyOf(snaps);
        clones = List.copyOf(clones);
        cloneOverlap = Collections.unmodifiableMap(new TreeMap<>(cloneOverlap));
        cloneSize = Collections.unmodifiableMap(new TreeMap<>(cloneSize));
        cloneSnaps = Collections.unmodifiableMap(new TreeMap<>(cloneSnaps));
    }

    private void encode(Encoder out) {
        out.struct(
                3,
                2,
                o -> o.u64(sequence)
                        .bool(true) // whether the head exists, once
                        .list(snaps, (s, l) -> l.u64(s))
                        .list(clones, (s, l) -> l.u64(s))
                        .map(cloneOverlap, (s, m) -> m.u64(s), (i, m) -> m.put(IntervalSet.CODEC, i))
                        .map(cloneSize, (s, m) -> m.u64(s), (n, m) -> m.u64(n))
                        .map(cloneSnaps, (s, m) -> m.u64(s), (list, m) -> m.list(list, (s, l) -> l.u64(s))));
    }

    private static SnapSet decode(Decoder in) {
        return in.struct(3, (b, version) -> {
            long sequence = b.u64();
            b.bool();
            return new SnapSet(
                    sequence,
                    b.list(Decoder::u64),
                    b.list(Decoder::u64),
                    b.map(Decoder::u64, d -> d.get(IntervalSet.CODEC)),
                    b.map(Decoder::u64, Decoder::u64),
                    version >= 3 ? b.map(Decoder::u64, d -> d.list(Decoder::u64)) : Map.of());
        });
    }
}
