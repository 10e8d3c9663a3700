package io.spirula.common.maps;

import io.spirula.crush.CrushMapper;
import java.util.List;

/**
 * Where a placement group belongs and where it is served.
 *
 * @param up the OSDs it belongs on, with {@link #NONE} for a hole in an erasure-coded one
 * @param upPrimary -1 for none
 * @param acting the OSDs that serve it now
 * @param actingPrimary the one that clients talk to; -1 for none
 */
public record UpActing(List<Integer> up, int upPrimary, List<Integer> acting, int actingPrimary) {
    /** A hole. Ceph: CRUSH_ITEM_NONE. */
    public static final int NONE = CrushMapper.NONE;

    public static final UpActing NOWHERE = new UpActing(List.of(), -1, List.of(), -1);
}
