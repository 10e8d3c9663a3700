package io.spirula.mon.election;

import java.util.Optional;
import java.util.SortedSet;

/** What can happen in an election. */
public sealed interface ElectionEvent {
    /** We want a leader. Ceph: call_election. */
    record Start() implements ElectionEvent {}

    /** Another monitor wants to lead. */
    record Propose(int from, int epoch) implements ElectionEvent {}

    /** The epoch is durable in which a monitor outside of the quorum that we lead wants to lead itself: we call the quorum to that election. */
    record Invite(Propose outsider) implements ElectionEvent {}

    /** Another monitor wants us to lead. */
    record Ack(int from, int epoch) implements ElectionEvent {}

    /** Another monitor leads. */
    record Victory(int from, int epoch, SortedSet<Integer> quorum) implements ElectionEvent {}

    /** Nobody listens where a monitor should: it has no process, and so no lease. */
    record Refused(int rank) implements ElectionEvent {}

    record TimedOut() implements ElectionEvent {}

    /** The epoch is durable; {@code then} goes on. */
    record EpochStored(int epoch, Optional<ElectionEvent> then) implements ElectionEvent {}

    /** The epoch that a standing election has is durable: we propose ourselves. */
    record Stand() implements ElectionEvent {}

    /** The epoch of another's victory is durable. */
    record Defeat(int leader, SortedSet<Integer> quorum) implements ElectionEvent {}

    /** The epoch of our victory is durable. */
    record Declare(SortedSet<Integer> quorum) implements ElectionEvent {}
}
