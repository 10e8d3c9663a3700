package io.spirula.osd.recovery;

import io.spirula.common.pg.PgShard;
import io.spirula.common.types.EVersion;
import io.spirula.common.types.ObjectId;

/** One thing to do next for a group to be whole again. */
public sealed interface RecoveryStep {
    /** Ask {@code from} for an object that is missing here. Done: {@link RecoveryPlan#pulled}. */
    record Pull(PgShard from, ObjectId object, EVersion need) implements RecoveryStep {}

    /** Send an object to one who misses it, or is being backfilled. Done: {@link RecoveryPlan#pushed}. */
    record Push(PgShard to, ObjectId object, EVersion version) implements RecoveryStep {}

    /** Tell a backfill target that it has all objects up to this one; with {@link ObjectId#MAX}, that it is complete. */
    record Progress(PgShard to, ObjectId lastBackfill) implements RecoveryStep {}
}
