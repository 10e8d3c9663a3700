package io.spirula.osd.recovery;

import io.spirula.common.pg.PgShard;
import io.spirula.common.types.EVersion;
import io.spirula.common.types.ObjectId;
import java.util.List;
import java.util.SortedMap;

/** One thing to do next for a group to be whole again. */
public sealed interface RecoveryStep {
    /** Ask {@code from} for an object that is missing here; this OSD itself for one that goes back to what it has. Done: {@link RecoveryPlan#pulled} or {@link RecoveryPlan#pullFailed}. */
    record Pull(PgShard from, ObjectId object, EVersion need) implements RecoveryStep {}

    /** Send an object to those who miss it, or are being backfilled. Done, for each: {@link RecoveryPlan#pushed}, or {@link RecoveryPlan#unreadableHere} for all. */
    record Push(List<PgShard> to, ObjectId object, EVersion version) implements RecoveryStep {}

    /** Ask a backfill target for what it has from an object on. Done: {@link RecoveryPlan#scanned}. */
    record Scan(PgShard target, ObjectId from) implements RecoveryStep {}

    /** Have a backfill target remove what it has too many. */
    record Remove(PgShard target, SortedMap<ObjectId, EVersion> objects) implements RecoveryStep {}

    /** Tell a backfill target that it has all objects up to this one; with {@link ObjectId#MAX}, that it is complete. */
    record Progress(PgShard to, ObjectId lastBackfill) implements RecoveryStep {}
}
