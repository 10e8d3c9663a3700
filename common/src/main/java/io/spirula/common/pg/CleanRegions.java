package io.spirula.common.pg;

import io.spirula.common.encoding.Codec;
import io.spirula.common.types.IntervalSet;

/**
 * What of an object a write left as it was, so that recovery may copy only the rest. Ceph: ObjectCleanRegions.
 *
 * @param cleanOffsets byte ranges that did not change
 */
public record CleanRegions(IntervalSet cleanOffsets, boolean cleanOmap, boolean newObject) {
    /** Nothing changed. */
    public static final CleanRegions CLEAN = new CleanRegions(IntervalSet.of(0, -1), true, false);
    /** Everything changed. */
    public static final CleanRegions DIRTY = new CleanRegions(IntervalSet.EMPTY, false, true);

    public static final Codec<CleanRegions> CODEC = Codec.of(
            (r, out) -> out.struct(
                    1,
                    1,
                    o -> o.put(IntervalSet.CODEC, r.cleanOffsets)
                            .bool(r.cleanOmap)
                            .bool(r.newObject)),
            in -> in.struct(1, (b, v) -> new CleanRegions(b.get(IntervalSet.CODEC), b.bool(), b.bool())));
}
