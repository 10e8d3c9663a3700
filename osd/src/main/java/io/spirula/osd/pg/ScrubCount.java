package io.spirula.osd.pg;

import io.spirula.common.pg.ObjectStats;
import io.spirula.common.pg.ObjectStats.Counter;
import io.spirula.common.types.ObjectId;
import io.spirula.osd.op.StatDelta;
import java.util.List;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * What a running scrub has counted of its group: of the objects that it has passed, as they are now, those that were written since included. In the end it is what the group's statistics should say. Source:
 * PrimaryLogScrub::_scrub_finish, stats_of_handled_objects.
 */
final class ScrubCount {
    private record Compared(Counter counter, String name) {}

    private static final List<Compared> COMPARED = List.of(
            new Compared(Counter.OBJECTS, "objects"),
            new Compared(Counter.OBJECT_CLONES, "clones"),
            new Compared(Counter.OBJECTS_DIRTY, "dirty"),
            new Compared(Counter.OBJECTS_OMAP, "omap"),
            new Compared(Counter.OBJECTS_PINNED, "pinned"),
            new Compared(Counter.OBJECTS_HIT_SET_ARCHIVE, "hit_set_archive"),
            new Compared(Counter.WHITEOUTS, "whiteouts"),
            new Compared(Counter.BYTES, "bytes"),
            new Compared(Counter.OBJECTS_MANIFEST, "manifest objects"),
            new Compared(Counter.BYTES_HIT_SET_ARCHIVE, "hit_set_archive bytes"));

    private ObjectStats counted = ObjectStats.ZERO;
    /** All objects before it have been counted. */
    private ObjectId passed = ObjectId.MIN;

    /** A range, which ends before {@code end}, has this. */
    void add(ObjectStats range, ObjectId end) {
        counted = counted.plus(range);
        passed = end;
    }

    /** An object is about to change. */
    void changed(ObjectId object, StatDelta delta) {
        if (object.compareTo(passed) < 0) {
            counted = counted.plus(Counter.OBJECTS, delta.objects)
                    .plus(Counter.OBJECTS_DIRTY, delta.objects)
                    .plus(Counter.OBJECTS_OMAP, delta.omaps)
                    .plus(Counter.BYTES, delta.bytes);
        }
    }

    /** What is there. */
    StatDelta counted() {
        StatDelta all = new StatDelta();
        all.objects = counted.get(Counter.OBJECTS);
        all.omaps = counted.get(Counter.OBJECTS_OMAP);
        all.bytes = counted.get(Counter.BYTES);
        return all;
    }

    /** How the group's statistics differ from it, in Ceph's words; null where they don't. */
    @Nullable
    String mismatch(ObjectStats stats) {
        boolean same = true;
        StringJoiner text = new StringJoiner(", ", "stat mismatch, got ", ".");
        for (Compared one : COMPARED) {
            long here = counted.get(one.counter);
            long there = stats.get(one.counter);
            same &= here == there;
            text.add(here + "/" + there + " " + one.name);
        }
        return same ? null : text.toString();
    }
}
