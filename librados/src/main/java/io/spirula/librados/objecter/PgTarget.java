package io.spirula.librados.objecter;

import io.spirula.common.types.PgId;
import io.spirula.common.types.ShardPgId;
import java.util.List;

/**
 * Where operations on one placement group go under one map, and all by which one interval of its life is told from the next: two equal targets need no resending. Ceph: op_target_t, and
 * PastIntervals::is_new_interval.
 *
 * @param primary the OSD to ask; -1 where there is none now
 */
record PgTarget(
        PgId pg,
        ShardPgId shard,
        int primary,
        int upPrimary,
        List<Integer> up,
        List<Integer> acting,
        int size,
        int minSize,
        int pgNum,
        int pgNumPending) {
    static final int NOBODY = -1;
}
