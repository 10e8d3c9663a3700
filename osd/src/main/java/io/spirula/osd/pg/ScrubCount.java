package io.spirula.osd.pg;

import io.spirula.common.pg.ObjectStats;
import io.spirula.common.pg.ObjectStats.Counter;
import io.spirula.common.types.ObjectId;
import io.spirula.osd.op.StatDelta;
import org.jspecify.annotations.Nullable;

/**
 * What a running scrub has counted of its group: of the objects that it has passed, as they are now, those that were written since included. In the end it is what the group's statistics should say. Source:
 * PrimaryLogScrub::_scrub_finish, stats_of_handled_objects.
 */
final class ScrubCount {
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
        StringBuilder text = new StringBuilder();
        boolean same = compare(Counter.OBJECTS, "objects, ", stats, text)
                & compare(Counter.OBJECT_CLONES, "clones, ", stats, text)
                & compare(Counter.OBJECTS_DIRTY, "dirty, ", stats, text)
                & compare(Counter.OBJECTS_OMAP, "omap, ", stats, text)
                & compare(Counter.OBJECTS_PINNED, "pinned, ", stats, text)
                & compare(Counter.OBJECTS_HIT_SET_ARCHIVE, "hit_set_archive, ", stats, text)
                & compare(Counter.WHITEOUTS, "whiteouts, ", stats, text)
                & compare(Counter.BYTES, "bytes, ", stats, text)
                & compare(Counter.OBJECTS_MANIFEST, "manifest objects, ", stats, text)
                & compare(Counter.BYTES_HIT_SET_ARCHIVE, "hit_set_archive bytes.", stats, text);
        return same ? null : "stat mismatch, got " + text;
    }

    private boolean compare(Counter counter, String name, ObjectStats stats, StringBuilder text) {
        long here = counted.get(counter);
        long there = stats.get(counter);
        text.append(here).append('/').append(there).append(' ').append(name);
        return here == there;
    }
}
