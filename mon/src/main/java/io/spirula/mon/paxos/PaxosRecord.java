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
    public static final String PREFIX = "paxos";
    public static final String FIRST_COMMITTED = "first_committed";
    public static final String LAST_COMMITTED = "last_committed";
    public static final String ACCEPTED_PN = "accepted_pn";
    public static final String LAST_PN = "last_pn";
    public static final String PENDING_V = "pending_v";
    public static final String PENDING_PN = "pending_pn";

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

    /** Whether this key is one monitor's own promise, which no other monitor's store may replace. */
    public static boolean isOwnPromise(String prefix, String key) {
        return prefix.equals(PREFIX)
                && (key.equals(ACCEPTED_PN) || key.equals(LAST_PN) || key.equals(PENDING_V) || key.equals(PENDING_PN));
    }

    PaxosRecord promising(long pn) {
        return new PaxosRecord(firstCommitted, lastCommitted, pn, lastPn, uncommitted);
    }

    PaxosRecord proposing(long pn) {
        return new PaxosRecord(firstCommitted, lastCommitted, pn, pn, uncommitted);
    }

    PaxosRecord accepting(@Nullable Uncommitted value) {
        return new PaxosRecord(firstCommitted, lastCommitted, acceptedPn, lastPn, value);
    }
}
