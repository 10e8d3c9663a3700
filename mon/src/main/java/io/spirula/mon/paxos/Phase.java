package io.spirula.mon.paxos;

import io.spirula.common.encoding.Bytes;
import java.util.SortedSet;

/**
 * Where a leader is in its work. Legal moves: Inactive → Recovering → (Updating → Writing →) Active → Updating → Writing → Active; a lost election leads to Inactive from anywhere.
 */
public sealed interface Phase {
    /** Neither leading nor following. */
    record Inactive() implements Phase {}

    /** Collecting what the quorum has accepted, under a new proposal number. Ceph: STATE_RECOVERING. */
    record Recovering(long pn, SortedSet<Integer> quorum, SortedSet<Integer> last) implements Phase {}

    /** Nothing is under way: a value may be proposed. Ceph: STATE_ACTIVE. */
    record Active(long pn, SortedSet<Integer> quorum) implements Phase {}

    /** A value has been proposed and is being accepted. Ceph: STATE_UPDATING and STATE_UPDATING_PREVIOUS. */
    record Updating(long pn, SortedSet<Integer> quorum, long version, Bytes value, SortedSet<Integer> accepted)
            implements Phase {}

    /** Everybody has accepted; the commit is being written here. Ceph: STATE_WRITING. */
    record Writing(long pn, SortedSet<Integer> quorum, long version, Bytes value) implements Phase {}
}
