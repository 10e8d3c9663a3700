package io.spirula.mon.paxos;

import io.spirula.common.encoding.Bytes;
import java.util.SortedSet;

/** What can happen to Paxos. */
public sealed interface PaxosEvent {
    /**
     * The election was won with this quorum, which includes us. Ceph: leader_init.
     *
     * @param epoch the election's
     * @param monitors how many there are in all, in the quorum or not
     */
    record LeaderInit(int epoch, int rank, SortedSet<Integer> quorum, int monitors) implements PaxosEvent {}

    /** The election was lost. Ceph: peon_init. */
    record PeonInit(int epoch, int leader) implements PaxosEvent {}

    /** There is no quorum any more. Ceph: restart. */
    record Restart() implements PaxosEvent {}

    /** The promise to obey {@code pn} is durable. */
    record PnStored(long pn) implements PaxosEvent {}

    /** A peon's promise is durable: what was asked is answered. */
    record PromiseStored(int leader, PaxosMessage.Collect collect, long echo) implements PaxosEvent {}

    record Propose(Bytes value) implements PaxosEvent {}

    /** Our own acceptance of our own value is durable. */
    record BeginStored(long pn, long version) implements PaxosEvent {}

    /** A peon's acceptance is durable. */
    record AcceptStored(int leader, long pn, long version, long echo) implements PaxosEvent {}

    /** Our own value is committed, durable and applied here. */
    record CommitStored(long pn, long version) implements PaxosEvent {}

    /** Values that others had committed are durable and applied here. {@code then}: what goes on now, if anything. */
    record ValuesStored(long lastCommitted, java.util.Optional<PaxosEvent> then) implements PaxosEvent {}

    record Received(int from, PaxosMessage message, Stamps stamps) implements PaxosEvent {}

    record TimedOut(Timeout which) implements PaxosEvent {}

    /** What is waited for. */
    enum Timeout {
        /** A leader's peons must answer while it collects. */
        COLLECT,
        /** A leader's peons must accept a value. */
        ACCEPT,
        /** A leader renews its peons' leases. */
        RENEW,
        /** A peon must hear of its leader. */
        LEASE
    }
}
