package io.spirula.mon.paxos;

import io.spirula.mon.store.StoreTransaction;

/** What Paxos wants done, in the order given. */
public sealed interface PaxosEffect {
    /** Make this durable, then report {@code then}. */
    record Persist(StoreTransaction transaction, PaxosEvent then) implements PaxosEffect {}

    record Send(int rank, PaxosMessage message) implements PaxosEffect {}

    /** A version was committed and its changes are in the store: services read theirs again. */
    record Committed(long version) implements PaxosEffect {}

    /** A value may be proposed now. */
    record Writeable() implements PaxosEffect {}
}
