package io.spirula.mon.paxos;

import io.spirula.common.encoding.Bytes;
import java.util.SortedSet;

/** What can happen to Paxos. */
public sealed interface PaxosEvent {
    /** The election was won with this quorum, which includes us. Ceph: leader_init. */
    record LeaderInit(SortedSet<Integer> quorum) implements PaxosEvent {}

    /** The promise to obey {@code pn} is durable. */
    record PnStored(long pn) implements PaxosEvent {}

    record Propose(Bytes value) implements PaxosEvent {}

    /** Our own acceptance of a proposed value is durable. */
    record BeginStored(long pn, long version) implements PaxosEvent {}

    /** A committed value is durable and applied here. */
    record CommitStored(long pn, long version) implements PaxosEvent {}

    record Received(int from, PaxosMessage message) implements PaxosEvent {}
}
