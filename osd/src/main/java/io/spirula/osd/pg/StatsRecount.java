package io.spirula.osd.pg;

import io.spirula.common.pg.ObjectInfo;
import io.spirula.common.types.ObjectId;
import io.spirula.osd.op.GroupRange;
import io.spirula.osd.op.StatDelta;
import io.spirula.osd.store.StoreException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Counts a group's objects and bytes anew where what is known of them is an estimate, as after a split: piece by piece, between other work. What changes meanwhile counts where it has been passed already. Ceph leaves it to the
 * next scrub.
 */
final class StatsRecount {
    private static final int AT_ONCE = 256;

    private final PlacementGroup pg;
    private final PgHost host;
    /** All before it are counted; null while nothing is being counted. */
    private @Nullable ObjectId next;

    private StatDelta counted = new StatDelta();

    StatsRecount(PlacementGroup pg, PgHost host) {
        this.pg = pg;
        this.host = host;
    }

    /** The group is clean: everything that it has is here. */
    void start() {
        if (next == null) {
            counted = new StatDelta();
            ObjectId begin = GroupRange.of(pg.id().pg(), pg.map().pgNum()).begin();
            next = begin;
            host.reactor().execute(pg.inThisInterval(() -> step(begin)));
        }
    }

    /** The interval is over. */
    void stop() {
        next = null;
    }

    /** An object is about to change. */
    void changed(ObjectId object, StatDelta delta) {
        if (next != null && object.compareTo(next) < 0) {
            counted.add(delta);
        }
    }

    private void step(ObjectId from) {
        List<ObjectId> batch = host.store().list(pg.collection(), from, ObjectId.MAX, AT_ONCE);
        boolean isLast = batch.size() < AT_ONCE;
        for (ObjectId object : isLast ? batch : batch.subList(0, AT_ONCE - 1)) {
            if (object.snap() == ObjectId.HEAD && !object.name().isEmpty()) {
                count(object);
            }
        }
        if (isLast) {
            next = null;
            pg.statistics().counted(counted);
        } else {
            ObjectId then = batch.getLast();
            next = then;
            host.reactor().execute(pg.inThisInterval(() -> step(then)));
        }
    }

    private void count(ObjectId object) {
        counted.objects++;
        try {
            ObjectInfo info = ObjectInfo.read(host.store().attribute(pg.collection(), object, ObjectInfo.ATTRIBUTE));
            if (info != null) {
                counted.bytes += info.size();
                counted.omaps += info.hasFlag(ObjectInfo.FLAG_OMAP) ? 1 : 0;
            }
        } catch (StoreException e) {
            // a scrub will find that it can't be read, and count anew once it can
        }
    }
}
