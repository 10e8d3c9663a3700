package io.spirula.mon.election;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.env.Reactor;
import io.spirula.common.maps.CephRelease;
import io.spirula.common.maps.MonMap;
import io.spirula.common.message.Message;
import io.spirula.common.message.MonElection;
import io.spirula.common.message.MonFeatures;
import io.spirula.mon.store.Committer;
import io.spirula.mon.store.KeyValueStore;
import io.spirula.mon.store.StoreTransaction;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Carries out what {@link ElectionLogic} asks for, and tells the monitor. While an epoch is being made durable, what happens meanwhile waits. Lives on the monitor's reactor. Ceph: Elector. */
public final class Elector {
    private static final Logger LOG = LoggerFactory.getLogger(Elector.class);

    public static final String PREFIX = "monitor";
    public static final String EPOCH = "election_epoch";

    /** Who is told how an election goes. */
    public interface Listener {
        /** An election has begun: whatever quorum there was is over. */
        void electing();

        void won(int epoch, SortedSet<Integer> quorum);

        void lost(int epoch, int leader, SortedSet<Integer> quorum);

        /** Nobody can win. */
        void bootstrap(String why);
    }

    /** How the other monitors are reached. */
    public interface Network {
        void send(int rank, Message message);

        /** Learns soon whether anybody is there: a session that has no link right now is made anew. */
        void tryNow(int rank);

        boolean isConnected(int rank);
    }

    private final ElectionLogic logic;
    private final Committer committer;
    private final Reactor reactor;
    private final Network network;
    private final Listener listener;
    private final Supplier<MonMap> map;
    private final Supplier<Electorate> electorate;
    private final Connectivity connectivity;
    private final Map<String, String> metadata;
    private final long features;
    private final ArrayDeque<ElectionEvent> queue = new ArrayDeque<>();
    private final SortedMap<Integer, Map<String, String>> peerMetadata = new TreeMap<>();
    private Reactor.@Nullable Timer timer;
    private boolean persisting;
    private boolean busy;

    public Elector(
            ElectionLogic logic,
            Committer committer,
            Reactor reactor,
            Network network,
            Listener listener,
            Supplier<MonMap> map,
            Supplier<Electorate> electorate,
            Connectivity connectivity,
            Map<String, String> metadata,
            long features) {
        this.logic = logic;
        this.committer = committer;
        this.reactor = reactor;
        this.network = network;
        this.listener = listener;
        this.map = map;
        this.electorate = electorate;
        this.connectivity = connectivity;
        this.metadata = metadata;
        this.features = features;
    }

    /** The epoch that a store has. */
    public static int storedEpoch(KeyValueStore store) {
        return (int) store.number(PREFIX, EPOCH);
    }

    public int epoch() {
        return logic.epoch();
    }

    /** What the members of our quorum said of themselves when they voted for us, by rank. */
    public SortedMap<Integer, Map<String, String>> peerMetadata() {
        return peerMetadata;
    }

    public void start() {
        peerMetadata.clear();
        on(new ElectionEvent.Start());
    }

    /** Elections are left alone until the next {@link #start}. */
    public void cancel() {
        disarm();
        queue.clear();
        logic.reset();
    }

    public void receive(int from, MonElection m) {
        connectivity.learn(m.scoring());
        switch (m.op()) {
            case MonElection.PROPOSE -> on(new ElectionEvent.Propose(from, m.epoch()));
            case MonElection.ACK -> {
                peerMetadata.put(from, m.metadata());
                on(new ElectionEvent.Ack(from, m.epoch()));
            }
            case MonElection.VICTORY -> on(new ElectionEvent.Victory(from, m.epoch(), new TreeSet<>(m.quorum())));
            default -> {}
        }
    }

    /** Nobody listens where that monitor should be. */
    public void refused(int rank) {
        on(new ElectionEvent.Refused(rank));
    }

    private void on(ElectionEvent event) {
        queue.add(event);
        drain();
    }

    private void drain() {
        if (busy) {
            return;
        }
        busy = true;
        try {
            while (!persisting && !queue.isEmpty()) {
                ElectionEvent event = queue.remove();
                Electorate us = electorate.get();
                List<ElectionEffect> effects = logic.on(event, us);
                LOG.debug("rank {}: {} -> {}", us.rank(), event, effects);
                effects.forEach(this::carryOut);
            }
        } finally {
            busy = false;
        }
    }

    private void carryOut(ElectionEffect effect) {
        switch (effect) {
            case ElectionEffect.PersistEpoch p -> {
                persisting = true;
                connectivity.epochIs(p.epoch());
                StoreTransaction epoch = new StoreTransaction().put(PREFIX, EPOCH, p.epoch());
                committer.commit(connectivity.storedIn(epoch), () -> {
                    persisting = false;
                    queue.addFirst(p.then());
                    drain();
                });
            }
            case ElectionEffect.Join j -> listener.electing();
            case ElectionEffect.SendPropose s -> propose(s.epoch());
            case ElectionEffect.Remind r -> network.send(r.to(), message(MonElection.PROPOSE, r.epoch(), List.of()));
            case ElectionEffect.SendAck s -> network.send(s.to(), message(MonElection.ACK, s.epoch(), List.of()));
            case ElectionEffect.SendVictory s -> {
                MonElection victory = message(MonElection.VICTORY, s.epoch(), List.copyOf(s.quorum()));
                int self = electorate.get().rank();
                s.quorum().stream().filter(rank -> rank != self).forEach(rank -> network.send(rank, victory));
            }
            case ElectionEffect.Win w -> listener.won(w.epoch(), w.quorum());
            case ElectionEffect.Lose l -> listener.lost(l.epoch(), l.leader(), l.quorum());
            case ElectionEffect.Arm a -> {
                disarm();
                timer = reactor.schedule(a.after(), () -> on(new ElectionEvent.TimedOut()));
            }
            case ElectionEffect.Disarm d -> disarm();
            case ElectionEffect.Bootstrap b -> {
                disarm();
                listener.bootstrap("the election came to nothing");
            }
        }
    }

    private void propose(int epoch) {
        Electorate us = electorate.get();
        MonElection proposal = message(MonElection.PROPOSE, epoch, List.of());
        for (int rank = 0; rank < us.size(); rank++) {
            if (rank != us.rank()) {
                network.tryNow(rank);
                network.send(rank, proposal);
            }
        }
    }

    private MonElection message(int op, int epoch, List<Integer> quorum) {
        MonMap m = map.get();
        Bytes scores = connectivity.encoded();
        boolean shared = op == MonElection.PROPOSE && m.strategy() == MonMap.CONNECTIVITY;
        return new MonElection(
                m.fsid(),
                op,
                epoch,
                m.encoded(),
                quorum,
                features,
                shared ? scores : Bytes.EMPTY,
                new MonFeatures(MonMap.PACIFIC_FEATURES),
                metadata,
                CephRelease.PACIFIC.number(),
                scores,
                m.strategy());
    }

    private void disarm() {
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
    }
}
