package io.spirula.mon.paxos;

import io.spirula.mon.store.StoreTransaction;
import java.time.Duration;

/** What Paxos wants done, in the order given. */
public sealed interface PaxosEffect {
    /** Make this durable, then report {@code then}; until then nothing else may be reported. */
    record Persist(StoreTransaction transaction, PaxosEvent then) implements PaxosEffect {}

    record Send(int rank, PaxosMessage message, Stamps stamps) implements PaxosEffect {}

    /** Versions up to this one are committed and their changes are in the store: services read theirs again. */
    record Committed(long version) implements PaxosEffect {}

    /** A value may be proposed now. */
    record MayWrite() implements PaxosEffect {}

    /** Reads may be answered now. */
    record MayRead() implements PaxosEffect {}

    /** Report a timeout after this time; a timer of the same kind that runs starts anew. */
    record Arm(PaxosEvent.Timeout which, Duration after) implements PaxosEffect {}

    record Disarm(PaxosEvent.Timeout which) implements PaxosEffect {}

    /** This quorum does not work, for the reason given: look for the others again. */
    record Bootstrap(String why) implements PaxosEffect {}
}
