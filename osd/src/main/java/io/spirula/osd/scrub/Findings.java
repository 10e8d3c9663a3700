package io.spirula.osd.scrub;

import io.spirula.common.pg.InconsistentObject;
import io.spirula.common.pg.InconsistentSnapSet;
import io.spirula.common.pg.ObjectInfo;
import io.spirula.common.pg.ObjectStats;
import io.spirula.common.pg.ObjectStats.Counter;
import io.spirula.common.pg.PgShard;
import io.spirula.common.types.EVersion;
import io.spirula.common.types.ObjectId;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/** What a comparison of several OSDs' scrub maps came to, added to range by range. */
public final class Findings {
    /**
     * How an object's copies can be made equal again.
     *
     * @param good who has it right; empty where nobody should have it
     * @param bad who has it wrong
     * @param absent who should have it and has not
     */
    public record Repair(
            ObjectId object,
            EVersion version,
            SortedSet<PgShard> good,
            SortedSet<PgShard> bad,
            SortedSet<PgShard> absent) {
        /** How many copies it mends. */
        public int copies() {
            return bad.size() + absent.size();
        }

        /** Whether the object is a leftover that goes. */
        public boolean isRemoval() {
            return good.isEmpty();
        }
    }

    /** Digests that an object's info has to be given: those computed from copies that agree. */
    public record Digests(
            ObjectId object,
            @Nullable Integer data,
            @Nullable Integer omap) {}

    /** Numbers of errors: of what a shallow scrub sees, and of what only a deep one does. */
    int shallow;

    int deep;
    ObjectStats counted = ObjectStats.ZERO;
    final List<InconsistentObject> inconsistent = new ArrayList<>();
    final List<InconsistentSnapSet> snapSets = new ArrayList<>();
    final List<Repair> repairs = new ArrayList<>();
    final List<Digests> digests = new ArrayList<>();
    final List<String> lines = new ArrayList<>();
    final List<String> headLines = new ArrayList<>();

    /** An object counts for the group's statistics as its info says; null where that can't be read. */
    void count(@Nullable ObjectInfo info) {
        counted = counted.plus(Counter.OBJECTS, 1);
        if (info != null) {
            counted = counted.plus(Counter.BYTES, info.size())
                    .plus(Counter.OBJECTS_DIRTY, info.hasFlag(ObjectInfo.FLAG_DIRTY) ? 1 : 0)
                    .plus(Counter.OBJECTS_OMAP, info.hasFlag(ObjectInfo.FLAG_OMAP) ? 1 : 0)
                    .plus(Counter.WHITEOUTS, info.hasFlag(ObjectInfo.FLAG_WHITEOUT) ? 1 : 0);
        }
    }

    public int shallow() {
        return shallow;
    }

    public int deep() {
        return deep;
    }

    /** What a group's statistics say of these objects. */
    public ObjectStats counted() {
        return counted;
    }

    /** What clients are shown. */
    public List<InconsistentObject> inconsistent() {
        return inconsistent;
    }

    /** The same of objects that don't fit their own infos. */
    public List<InconsistentSnapSet> snapSets() {
        return snapSets;
    }

    public List<Repair> repairs() {
        return repairs;
    }

    public List<Digests> digests() {
        return digests;
    }

    /** What goes to the cluster log, one error each. */
    public List<String> lines() {
        return lines;
    }
}
