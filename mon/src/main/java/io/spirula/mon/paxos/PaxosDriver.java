package io.spirula.mon.paxos;

import io.spirula.common.encoding.Bytes;
import io.spirula.mon.store.Committer;
import io.spirula.mon.store.KeyValueStore;
import io.spirula.mon.store.StoreTransaction;
import java.util.SortedSet;
import java.util.function.LongConsumer;

/** Carries out what {@link Paxos} asks for: writes, and tells the monitor of commits. Lives on the monitor's reactor. */
public final class PaxosDriver {
    /** Paxos versions kept for members that lag. Ceph: paxos_min. */
    private static final int KEPT_VERSIONS = 500;

    private static final int TRIMMED_AT_ONCE = 250;

    private final Paxos paxos;
    private final Committer committer;
    private LongConsumer committed = v -> {};
    private Runnable writeable = () -> {};

    public PaxosDriver(int rank, KeyValueStore store, Committer committer) {
        paxos = new Paxos(rank, PaxosRecord.load(store));
        this.committer = committer;
    }

    /** Who is told of each committed version, and that the next value may be proposed. */
    public void listen(LongConsumer onCommitted, Runnable onWriteable) {
        committed = onCommitted;
        writeable = onWriteable;
    }

    public void lead(SortedSet<Integer> quorum) {
        on(new PaxosEvent.LeaderInit(quorum));
    }

    public boolean isWriteable() {
        return paxos.isWriteable();
    }

    public long firstCommitted() {
        return paxos.record().firstCommitted();
    }

    public long lastCommitted() {
        return paxos.record().lastCommitted();
    }

    /** Proposes a value; only while {@linkplain #isWriteable() writeable}. */
    public void propose(StoreTransaction value) {
        value.append(paxos.trim(KEPT_VERSIONS, TRIMMED_AT_ONCE));
        Bytes encoded = StoreTransaction.CODEC.toBytes(value);
        on(new PaxosEvent.Propose(encoded));
    }

    private void on(PaxosEvent event) {
        for (PaxosEffect effect : paxos.on(event)) {
            switch (effect) {
                case PaxosEffect.Persist p -> committer.commit(p.transaction(), () -> on(p.then()));
                case PaxosEffect.Send s ->
                    throw new IllegalStateException("a quorum of one has nobody to send to: " + s);
                case PaxosEffect.Committed c -> committed.accept(c.version());
                case PaxosEffect.Writeable w -> writeable.run();
            }
        }
    }
}
