package io.spirula.common.maps;

import io.spirula.common.encoding.Codec;
import io.spirula.common.encoding.Decoder;
import java.util.List;

/** The snapshots that a write has to preserve, newest first, and the newest there ever was. Ceph: SnapContext. */
public record SnapContext(long sequence, List<Long> snaps) {
    public static final SnapContext EMPTY = new SnapContext(0, List.of());
    public static final Codec<SnapContext> CODEC = Codec.of(
            (c, out) -> out.u64(c.sequence).list(c.snaps, (s, o) -> o.u64(s)),
            in -> new SnapContext(in.u64(), in.list(Decoder::u64)));

    public SnapContext {
        snaps = List.copyOf(snaps);
    }

    /** Whether the snapshots go down strictly and none is newer than {@link #sequence}. */
    public boolean isValid() {
        long above = sequence;
        for (int i = 0; i < snaps.size(); i++) {
            int order = Long.compareUnsigned(snaps.get(i), above);
            if (i == 0 ? order > 0 : order >= 0) {
                return false;
            }
            above = snaps.get(i);
        }
        return true;
    }
}
