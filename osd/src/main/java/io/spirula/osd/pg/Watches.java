package io.spirula.osd.pg;

import io.spirula.osd.op.ObjectContext;
import io.spirula.osd.op.WatchEffect;
import java.util.List;

/** Who watches one group's objects and is connected now. Ceph: Watch and Notify. */
final class Watches {
    Watches(PlacementGroup pg, PgHost host) {}

    void apply(ClientOp op, ObjectContext context, List<WatchEffect> effects) {}

    void reset() {}
}
