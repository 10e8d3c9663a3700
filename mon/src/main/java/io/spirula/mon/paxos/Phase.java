package io.spirula.mon.paxos;

import io.spirula.common.encoding.Bytes;
import java.util.SortedMap;
import java.util.SortedSet;

/**
 * Where a member is in its work. A leader's legal moves: Inactive → Recovering → (Updating → Writing →) Active → Updating → Writing → Active. A peon's: Inactive → Following. A lost quorum leads to Inactive from anywhere.
 */
public sealed interface Phase {
    /** Neither leading nor following. */
    record Inactive() implements Phase {}

    /** What a leader has while it leads. */
    sealed interface Leading extends Phase {
        Lead lead();
    }

    /**
     * @param pn the number under which this leader proposes
     * @param leases changes with every answer
     */
    record Lead(int rank, long pn, SortedSet<Integer> quorum, Leases leases) {
        Lead with(Leases newLeases) {
            return new Lead(rank, pn, quorum, newLeases);
        }

        boolean isAll(SortedSet<Integer> members) {
            return members.containsAll(quorum);
        }
    }

    /** What a member said that it has. */
    record Versions(long firstCommitted, long lastCommitted) {}

    /** Collecting what the quorum has accepted, under a new proposal number. Ceph: STATE_RECOVERING. */
    record Recovering(Lead lead, SortedMap<Integer, Versions> last) implements Leading {}

    /** Nothing is under way: a value may be proposed. Ceph: STATE_ACTIVE. */
    record Active(Lead lead) implements Leading {}

    /**
     * A value has been proposed and is being accepted. Ceph: STATE_UPDATING and STATE_UPDATING_PREVIOUS.
     *
     * @param previous whether an earlier leader proposed it: then it may have been committed, and nobody may read what was before it
     */
    record Updating(Lead lead, long version, Bytes value, SortedSet<Integer> accepted, boolean previous)
            implements Leading {}

    /** Everybody has accepted; the commit is being written here. Ceph: STATE_WRITING and STATE_WRITING_PREVIOUS. */
    record Writing(Lead lead, long version, Bytes value, boolean previous) implements Leading {}

    /**
     * A peon. Ceph: STATE_RECOVERING, STATE_ACTIVE and STATE_UPDATING of a peon.
     *
     * @param leaseUntil by our own clock; long ago while there is none, as while a value is being accepted
     */
    record Following(int leader, long leaseUntil) implements Phase {
        static final long NO_LEASE = Long.MIN_VALUE;
    }
}
