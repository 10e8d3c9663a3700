package io.spirula.mon.paxos;

import io.spirula.common.encoding.Bytes;
import io.spirula.mon.store.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * What a member of the quorum must remember across restarts. Key names follow Ceph's monitor store.
 *
 * @param acceptedPn the highest proposal number that this member has promised to obey
 * @param lastPn the highest proposal number that this member has made
 * @param uncommitted a value that was accepted, of which it is not known here whether it was committed
 */
public record PaxosRecord(
        long firstCommitted,
        long lastCommitted,
        long acceptedPn,
        long lastPn,
        @Nullable Uncommitted uncommitted) {
    static final String PREFIX = "paxos";
    static final String FIRST_COMMITTED = "first_committed";
    static final String LAST_COMMITTED = "last_committed";
    static final String ACCEPTED_PN = "accepted_pn";
    static final String LAST_PN = "last_pn";
    static final String PENDING_V = "pending_v";
    static final String PENDING_PN = "pending_pn";

    /** An accepted value with its version and the proposal number it was accepted under. */
    public record Uncommitted(long version, long pn, Bytes value) {}

    public static PaxosRecord load(KeyValueStore store) {
        long last = store.number(PREFIX, LAST_COMMITTED);
        long pendingVersion = store.number(PREFIX, PENDING_V);
        Bytes value = pendingVersion == last + 1 ? store.get(PREFIX, Long.toString(pendingVersion)) : null;
        return new PaxosRecord(
                store.number(PREFIX, FIRST_COMMITTED),
                last,
                store.number(PREFIX, ACCEPTED_PN),
                store.number(PREFIX, LAST_PN),
                value == null ? null : new Uncommitted(pendingVersion, store.number(PREFIX, PENDING_PN), value));
    }
}
