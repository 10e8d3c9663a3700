package io.spirula.mon.service;

import io.spirula.common.encoding.Bytes;
import io.spirula.mon.store.KeyValueStore;
import io.spirula.mon.store.StoreTransaction;
import org.jspecify.annotations.Nullable;

/**
 * A map with versions that Paxos commits. Changes collect in a pending state, made anew after every commit, and become the next version when {@linkplain Proposals} has them committed. Ceph: PaxosService.
 */
public abstract class PaxosService {
    static final String FIRST_COMMITTED = "first_committed";
    static final String LAST_COMMITTED = "last_committed";

    private final String prefix;
    private final KeyValueStore store;
    private @Nullable Proposals proposals;
    private boolean dirty;
    private boolean loaded;
    private long firstCommitted;
    private long lastCommitted;

    protected PaxosService(String prefix, KeyValueStore store) {
        this.prefix = prefix;
        this.store = store;
    }

    final void attach(Proposals to) {
        proposals = to;
    }

    /** The newest version is in the store: read it. */
    protected abstract void updateFromPaxos(long version);

    /** Starts collecting changes on top of the newest version. */
    protected abstract void createPending();

    /** Writes the collected changes as this version. {@link #LAST_COMMITTED} is written by the caller. */
    protected abstract void encodePending(StoreTransaction transaction, long version);

    /** The first version of a new cluster becomes pending. */
    protected void createInitial() {}

    /** Something else than the newest version was committed, or this service's was: tell those who wait for it. */
    protected void afterCommit() {}

    /** Time has passed. */
    public void tick() {}

    /** How many versions at least are kept; older ones are forgotten. */
    protected long versionsKept() {
        return 500;
    }

    /** Versions from this one on are still needed by somebody, whatever {@link #versionsKept} says. */
    protected long trimFloor() {
        return Long.MAX_VALUE;
    }

    /** Forgets one version's keys. */
    protected void eraseVersion(StoreTransaction transaction, long version) {
        transaction.erase(prefix, Long.toString(version));
    }

    /** Has the pending state committed soon. Called before it is changed: throws where nothing may change. */
    protected final void propose() {
        if (proposals != null) {
            proposals.throwIfClosed();
            proposals.request();
        }
        dirty = true;
    }

    /** Has the pending state committed along with others', or soon by itself. As {@link #propose}. */
    protected final void proposeSoon() {
        if (proposals != null) {
            proposals.throwIfClosed();
            proposals.requestSoon();
        }
        dirty = true;
    }

    public final boolean isDirty() {
        return dirty;
    }

    /** Whether there is no version yet. */
    public final boolean isNew() {
        return lastCommitted == 0;
    }

    public final long firstCommitted() {
        return firstCommitted;
    }

    public final long version() {
        return lastCommitted;
    }

    public final String prefix() {
        return prefix;
    }

    protected final KeyValueStore store() {
        return store;
    }

    protected final @Nullable Bytes stored(String key) {
        return store.get(prefix, key);
    }

    /** What is pending here will not be committed. */
    void forget() {
        dirty = false;
        createPending();
    }

    /** Takes over what was committed; true if there was something new. */
    final boolean refresh() {
        long newest = store.number(prefix, LAST_COMMITTED);
        firstCommitted = store.number(prefix, FIRST_COMMITTED);
        if (loaded && newest == lastCommitted) {
            return false;
        }
        loaded = true;
        lastCommitted = newest;
        if (newest > 0) {
            updateFromPaxos(newest);
        }
        createPending();
        return true;
    }

    /** Adds the pending state as the next version, and the forgetting of old ones. */
    final void encodeInto(StoreTransaction transaction) {
        dirty = false;
        long version = lastCommitted + 1;
        encodePending(transaction, version);
        transaction.put(prefix, LAST_COMMITTED, version);
        if (firstCommitted == 0) {
            transaction.put(prefix, FIRST_COMMITTED, version);
        }
        trim(transaction);
    }

    private void trim(StoreTransaction transaction) {
        long end = Math.min(Math.min(lastCommitted - versionsKept(), trimFloor()), firstCommitted + 100);
        if (firstCommitted == 0 || end <= firstCommitted) {
            return;
        }
        for (long v = firstCommitted; v < end; v++) {
            eraseVersion(transaction, v);
        }
        transaction.put(prefix, FIRST_COMMITTED, end);
    }
}
