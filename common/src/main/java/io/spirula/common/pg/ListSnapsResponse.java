package io.spirula.common.pg;

import io.spirula.common.encoding.Codec;
import io.spirula.common.encoding.Decoder;
import io.spirula.common.encoding.Encoder;
import java.util.List;

/** An object's clones and, where it exists, its head last. Ceph: obj_list_snap_response_t. */
public record ListSnapsResponse(List<Clone> clones, long sequence) {
    /** A clone: the snapshots it stands for, and the byte ranges (start, length) it shares with the next newer. Ceph: clone_info. */
    public record Clone(long id, List<Long> snaps, List<Extent> overlap, long size) {
        public Clone {
            snaps = List.copyOf(snaps);
            overlap = List.copyOf(overlap);
        }

        private void encode(Encoder out) {
            out.struct(
                    1,
                    1,
                    o -> o.u64(id)
                            .list(snaps, (s, l) -> l.u64(s))
                            .list(overlap, (e, l) -> l.u64(e.offset).u64(e.length))
                            .u64(size));
        }

        private static Clone decode(Decoder in) {
            return in.struct(
                    1,
                    (b, v) -> new Clone(
                            b.u64(), b.list(Decoder::u64), b.list(d -> new Extent(d.u64(), d.u64())), b.u64()));
        }
    }

    /** A range of bytes. */
    public record Extent(long offset, long length) {}

    public static final Codec<ListSnapsResponse> CODEC = Codec.of(
            (r, out) -> out.struct(2, 1, o -> o.list(r.clones, Clone::encode).u64(r.sequence)),
            in -> in.struct(2, (b, v) -> new ListSnapsResponse(b.list(Clone::decode), v >= 2 ? b.u64() : 0)));

    public ListSnapsResponse {
        clones = List.copyOf(clones);
    }
}
