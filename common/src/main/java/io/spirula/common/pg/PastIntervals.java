package io.spirula.common.pg;

import io.spirula.common.encoding.Codec;
import io.spirula.common.encoding.Decoder;
import io.spirula.common.encoding.Encoder;
import io.spirula.common.encoding.MalformedInput;
import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The intervals since a placement group was last clean in which writes may have happened, and who took part in them.
 * Ceph: PastIntervals with pi_compact_rep.
 *
 * @param first the first epoch covered, and {@code last} the last one; both 0 if there is none
 */
public record PastIntervals(int first, int last, SortedSet<PgShard> allParticipants, List<Interval> intervals) {
    /** A stretch of epochs with one acting set in which writes may have happened. Ceph: compact_interval_t. */
    public record Interval(int first, int last, SortedSet<PgShard> acting) {
        public Interval {
            acting = Collections.unmodifiableSortedSet(new TreeSet<>(acting));
        }

        private void encode(Encoder out) {
            out.struct(1, 1, o -> o.u32(first).u32(last).list(acting, (s, l) -> l.put(PgShard.CODEC, s)));
        }

        private static Interval decode(Decoder in) {
            return in.struct(1, (b, v) -> new Interval(b.i32(), b.i32(), shards(b)));
        }
    }

    private static final int COMPACT = 2;

    public static final PastIntervals EMPTY = new PastIntervals(0, 0, new TreeSet<>(), List.of());
    public static final Codec<PastIntervals> CODEC = Codec.of(PastIntervals::encode, PastIntervals::decode);

    public PastIntervals {
        allParticipants = Collections.unmodifiableSortedSet(new TreeSet<>(allParticipants));
        intervals = List.copyOf(intervals);
    }

    public boolean isEmpty() {
        return first == 0 && last == 0 && intervals.isEmpty();
    }

    private void encode(Encoder out) {
        out.struct(
                1,
                1,
                o -> o.u8(COMPACT)
                        .struct(
                                1,
                                1,
                                c -> c.u32(first)
                                        .u32(last)
                                        .list(allParticipants, (s, l) -> l.put(PgShard.CODEC, s))
                                        .list(intervals, Interval::encode)));
    }

    private static PastIntervals decode(Decoder in) {
        return in.struct(1, (b, v) -> {
            int kind = b.u8();
            return switch (kind) {
                case 0 -> EMPTY;
                case COMPACT ->
                    b.struct(1, (c, w) -> new PastIntervals(c.i32(), c.i32(), shards(c), c.list(Interval::decode)));
                default -> throw new MalformedInput("past intervals in a form from before luminous");
            };
        });
    }

    private static SortedSet<PgShard> shards(Decoder in) {
        return new TreeSet<>(in.list(d -> d.get(PgShard.CODEC)));
    }
}
