package io.spirula.osd.scrub;

import io.spirula.common.pg.PgShard;
import io.spirula.common.pg.ScrubMap;
import io.spirula.common.types.EVersion;
import io.spirula.common.types.ObjectId;
import java.util.SortedMap;
import java.util.SortedSet;

/** How far a scrub is on its primary. Ceph's names: osd/scrub_machine.h. */
public sealed interface ScrubState {
    /** As Ceph names the state. */
    default String cephName() {
        return getClass().getSimpleName();
    }

    /** A range has been chosen: clients' writes to it wait, or have it chosen anew. */
    sealed interface WithRange extends ScrubState {
        ScrubRange range();
    }

    /** Replicas are asked for one of their places each. */
    record ReservingReplicas(SortedSet<PgShard> awaited) implements ScrubState {}

    /** Sleeps before the next range, which begins at {@code from}. */
    record PendingTimer(ObjectId from) implements ScrubState {}

    /** Objects are being recovered: not now. */
    record WaitPushes(ScrubRange range) implements WithRange {}

    /** Waits until all writes to the range that were started are there everywhere. */
    record WaitLastUpdate(ScrubRange range, EVersion version) implements WithRange {}

    /** Looks at our own copies, while the replicas do so at theirs. */
    record BuildMap(ScrubRange range, SortedMap<PgShard, ScrubMap> maps, SortedSet<PgShard> awaited)
            implements WithRange {}

    record WaitReplicas(ScrubRange range, SortedMap<PgShard, ScrubMap> maps, SortedSet<PgShard> awaited)
            implements WithRange {}

    /** A write or a recovery came in between: what replicas still send is of no use. The range is chosen anew then, or, where {@code last}, it is the end. */
    record DrainReplMaps(ObjectId from, SortedSet<PgShard> awaited, boolean last) implements ScrubState {}

    /** Infos of objects get the digests that were computed; then comes the next range. */
    record WaitDigestUpdate(ObjectId next) implements ScrubState {}

    record Finished() implements ScrubState {}
}
