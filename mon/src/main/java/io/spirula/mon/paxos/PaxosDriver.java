package io.spirula.mon.paxos;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.env.Reactor;
import io.spirula.common.message.MonPaxos;
import io.spirula.mon.store.Committer;
import io.spirula.mon.store.KeyValueStore;
import io.spirula.mon.store.StoreTransaction;
import java.util.ArrayDeque;
import java.util.EnumMap;
import java.util.Map;
import java.util.SortedSet;

/**
 * Carries out what {@link Paxos} asks for: writes, messages, timers, and tells the monitor. While a write is under way, what happens meanwhile waits in a queue. Lives on the monitor's reactor.
 */
public final class PaxosDriver {
    /** Paxos versions kept for members that lag. Ceph: paxos_min. */
    private static final int KEPT_VERSIONS = 500;

    private static final int TRIMMED_AT_ONCE = 250;

    /** Who is told what becomes of the quorum's work. */
    public interface Listener {
        /** Versions up to this one are committed and in the store. */
        void committed(long version);

        /** A value may be proposed. */
        void writeable();

        /** Reads may be answered again. */
        void readable();

        /** The quorum does not work any more. */
        void bootstrap(String why);
    }

    /** Sends to a member of the quorum. */
    @FunctionalInterface
    public interface Sender {
        void send(int rank, MonPaxos message);
    }

    /** What peons tell the leader with every lease that they acknowledge: which features their clients have. */
    public interface FeatureMaps {
        Bytes own();

        void heard(int rank, Bytes featureMap);
    }

    private final PaxosCounters counters = new PaxosCounters();
    private final Paxos paxos;
    private final Committer committer;
    private final Reactor reactor;
    private final ArrayDeque<PaxosEvent> queue = new ArrayDeque<>();
    private final Map<PaxosEvent.Timeout, Reactor.Timer> timers = new EnumMap<>(PaxosEvent.Timeout.class);
    private Listener listener = NOBODY;
    private Sender sender = (rank, message) -> {};
    private FeatureMaps features = UNTOLD;
    /** The election whose messages are taken, and the one whose messages are sent: they differ while an event that changes it waits in the queue. */
    private int epoch;

    private int sendingEpoch;
    private long proposedNanos = -1;
    private boolean persisting;
    private boolean busy;
    /** How many events are queued that begin or end a quorum's work, and that propose. */
    private int unsettled;

    private int proposing;
    private boolean stopped;

    public PaxosDriver(KeyValueStore store, Committer committer, Reactor reactor, PaxosSettings settings) {
        paxos = new Paxos(store, reactor.clock(), settings);
        this.committer = committer;
        this.reactor = reactor;
    }

    public PaxosCounters counters() {
        return counters;
    }

    private void counted() {
        counters.commit.increment();
        if (proposedNanos >= 0) {
            counters.commitLatency.add(reactor.clock().nanoTime() - proposedNanos);
            proposedNanos = -1;
        }
    }

    public void listen(Listener to) {
        listener = to;
    }

    public void sendWith(Sender with) {
        sender = with;
    }

    public void tellWithLeases(FeatureMaps maps) {
        features = maps;
    }

    private void send(int rank, MonPaxos message) {
        sender.send(rank, message.op() == MonPaxos.LEASE_ACK ? message.withFeatureMap(features.own()) : message);
    }

    /** The election of this epoch was won. */
    public void lead(int electionEpoch, int rank, SortedSet<Integer> quorum, int monitors) {
        counters.startLeader.increment();
        settle(new PaxosEvent.LeaderInit(electionEpoch, rank, quorum, monitors), electionEpoch);
    }

    /** The election of this epoch was lost. */
    public void follow(int electionEpoch, int leader) {
        counters.startPeon.increment();
        settle(new PaxosEvent.PeonInit(electionEpoch, leader), electionEpoch);
    }

    /** There is no quorum any more. */
    public void restart() {
        counters.restart.increment();
        settle(new PaxosEvent.Restart(), 0);
    }

    private void settle(PaxosEvent event, int electionEpoch) {
        epoch = electionEpoch;
        unsettled++;
        on(event);
    }

    /** The store's contents were replaced from elsewhere, while there was no quorum. */
    public void reload() {
        paxos.committed();
    }

    /** A message of the current quorum; from another election's it is dropped. */
    public void receive(int from, MonPaxos message) {
        if (message.epoch() == epoch && epoch != 0) {
            if (message.op() == MonPaxos.LEASE_ACK) {
                features.heard(from, message.featureMap());
            }
            on(new PaxosEvent.Received(from, PaxosWire.fromWire(message), PaxosWire.stamps(message)));
        }
    }

    /** Whether a value may be proposed; and whether what it is made from is all that is committed, for a leader that has lost touch with the others must not answer from what it has. */
    public boolean isWriteable() {
        boolean isNew = paxos.record().lastCommitted() == 0;
        return unsettled == 0 && proposing == 0 && paxos.isWriteable() && (isNew || paxos.isReadable());
    }

    public boolean isReadable() {
        return unsettled == 0 && paxos.isReadable();
    }

    public Phase phase() {
        return paxos.phase();
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
        counters.begin.increment();
        counters.beginBytes.add(encoded.size());
        proposedNanos = reactor.clock().nanoTime();
        proposing++;
        on(new PaxosEvent.Propose(encoded));
    }

    private void on(PaxosEvent event) {
        if (!stopped) {
            queue.add(event);
            drain();
        }
    }

    private void drain() {
        if (busy) {
            return;
        }
        busy = true;
        try {
            while (!persisting && !queue.isEmpty()) {
                take(queue.remove());
            }
        } finally {
            busy = false;
        }
    }

    private void take(PaxosEvent event) {
        switch (event) {
            case PaxosEvent.LeaderInit e -> settled(e.epoch());
            case PaxosEvent.PeonInit e -> settled(e.epoch());
            case PaxosEvent.Restart e -> settled(0);
            case PaxosEvent.Propose e -> {
                proposing--;
                if (!paxos.isWriteable()) {
                    return; // the quorum ended before: who asked for this asks again
                }
            }
            default -> {}
        }
        for (PaxosEffect effect : paxos.on(event)) {
            switch (effect) {
                case PaxosEffect.Persist p -> persist(p);
                case PaxosEffect.Send s -> {
                    if (sendingEpoch != 0) {
                        send(s.rank(), PaxosWire.toWire(sendingEpoch, s.message(), s.stamps()));
                    }
                }
                case PaxosEffect.Committed c -> {
                    counted();
                    listener.committed(c.version());
                }
                case PaxosEffect.MayWrite w -> {
                    if (isWriteable()) {
                        listener.writeable();
                    }
                }
                case PaxosEffect.MayRead r -> {
                    if (unsettled == 0) {
                        listener.readable();
                    }
                }
                case PaxosEffect.Arm a -> arm(a);
                case PaxosEffect.Disarm d -> disarm(d.which());
                case PaxosEffect.Bootstrap b -> listener.bootstrap(b.why());
            }
        }
    }

    private void settled(int newEpoch) {
        unsettled--;
        sendingEpoch = newEpoch;
    }

    private void persist(PaxosEffect.Persist p) {
        persisting = true;
        committer.commit(p.transaction(), () -> {
            if (stopped) {
                return;
            }
            persisting = false;
            queue.addFirst(p.then());
            drain();
        });
    }

    private void arm(PaxosEffect.Arm a) {
        disarm(a.which());
        timers.put(a.which(), reactor.schedule(a.after(), () -> {
            timers.remove(a.which());
            on(new PaxosEvent.TimedOut(a.which()));
        }));
    }

    private void disarm(PaxosEvent.Timeout which) {
        Reactor.Timer timer = timers.remove(which);
        if (timer != null) {
            timer.cancel();
        }
    }

    /** Nothing is done any more, not even what follows on a write that is under way. */
    public void stop() {
        stopped = true;
        for (PaxosEvent.Timeout which : PaxosEvent.Timeout.values()) {
            disarm(which);
        }
        queue.clear();
        epoch = 0;
    }

    private static final FeatureMaps UNTOLD = new FeatureMaps() {
        @Override
        public Bytes own() {
            return Bytes.EMPTY;
        }

        @Override
        public void heard(int rank, Bytes featureMap) {}
    };

    private static final Listener NOBODY = new Listener() {
        @Override
        public void committed(long version) {}

        @Override
        public void writeable() {}

        @Override
        public void readable() {}

        @Override
        public void bootstrap(String why) {}
    };
}
