package io.spirula.mon.quorum;

import io.spirula.common.env.Reactor;
import io.spirula.common.maps.CephRelease;
import io.spirula.common.maps.MonMap;
import io.spirula.common.message.MonElection;
import io.spirula.common.message.MonJoin;
import io.spirula.common.message.MonPaxos;
import io.spirula.common.message.MonPing;
import io.spirula.common.message.MonProbe;
import io.spirula.common.message.MonSync;
import io.spirula.common.msgr.Connection;
import io.spirula.common.types.EntityAddrs;
import io.spirula.mon.election.Connectivity;
import io.spirula.mon.election.Elector;
import io.spirula.mon.election.Electorate;
import io.spirula.mon.election.PeerPings;
import io.spirula.mon.paxos.PaxosDriver;
import io.spirula.mon.store.KeyValueStore;
import io.spirula.mon.store.StoreTransaction;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A monitor's way into the quorum and out of it: it probes for the others until it finds a quorum or enough for one, copies a store if its own is too old, takes part in elections, and leads or follows until something breaks;
 * then it begins anew. Ceph: Monitor::bootstrap and what follows.
 */
public final class Membership {
    private static final Logger LOG = LoggerFactory.getLogger(Membership.class);
    /** How far behind a monitor may be and still catch up within the quorum. Ceph: paxos_max_join_drift. */
    private static final long MAX_JOIN_DRIFT = 10;

    private static final int MAX_STRANGERS = 16;
    private static final int MAX_EARLY = 100;

    private record Early(int from, MonPaxos message) {}

    /** What a monitor remembers of the others' map beside the committed one, and who is told how it fares. */
    public interface Listener {
        /** This monitor leads from now on. */
        void leads(int epoch, SortedSet<Integer> quorum);

        void follows(int epoch, int leader, SortedSet<Integer> quorum);

        /** It calls for an election among several. */
        void callsElection();

        /** It is in no quorum any more. */
        void left();

        /** The store was replaced by another monitor's. */
        void storeReplaced();

        /** The map lacks this monitor, which was in it before. */
        void removed();

        /** This monitor is in a quorum for the first time. */
        void joined();

        /** A newer map than ours, from another monitor. */
        void adopt(MonMap newer);
    }

    /** How long things take. */
    public record Settings(Duration probeTimeout, Duration ping) {}

    private final String name;
    private final EntityAddrs addrs;
    private final KeyValueStore store;
    private final Reactor reactor;
    private final Settings settings;
    private final java.util.function.Supplier<MonMap> map;
    private final Peers peers;
    private final Connectivity connectivity;
    private final PeerPings pings;
    private final Listener listener;
    private final Set<EntityAddrs> strangers = new LinkedHashSet<>();
    /** What a new leader sent while its victory was still being made durable here. */
    private final List<Early> early = new ArrayList<>();

    private @Nullable Elector elector;
    private @Nullable PaxosDriver paxos;
    private @Nullable StoreSync sync;
    private MonState state = MonState.PROBING;
    private SortedSet<Integer> quorum = Collections.emptySortedSet();
    private final TreeSet<String> outside = new TreeSet<>();
    private int leader = -1;
    private long sinceNanos;
    private boolean hasEverJoined;
    private boolean participating = true;
    private Reactor.@Nullable Timer timer;

    public Membership(
            String name,
            EntityAddrs addrs,
            KeyValueStore store,
            Reactor reactor,
            Settings settings,
            java.util.function.Supplier<MonMap> map,
            Peers peers,
            Connectivity connectivity,
            PeerPings pings,
            Listener listener) {
        this.name = name;
        this.addrs = addrs;
        this.store = store;
        this.reactor = reactor;
        this.settings = settings;
        this.map = map;
        this.peers = peers;
        this.connectivity = connectivity;
        this.pings = pings;
        this.listener = listener;
    }

    /** The parts that tell this one. Called once, before {@link #start}. */
    public void wire(Elector newElector, PaxosDriver newPaxos, StoreSync newSync) {
        elector = newElector;
        paxos = newPaxos;
        sync = newSync;
    }

    private Elector elector() {
        return java.util.Objects.requireNonNull(elector);
    }

    private PaxosDriver paxos() {
        return java.util.Objects.requireNonNull(paxos);
    }

    private StoreSync sync() {
        return java.util.Objects.requireNonNull(sync);
    }

    public void start() {
        sinceNanos = reactor.clock().nanoTime();
        hasEverJoined = store.number(Elector.PREFIX, "joined") != 0;
        pings.start();
        bootstrap("starting");
    }

    public void stop() {
        state = MonState.SHUTDOWN;
        leader = -1;
        quorum = Collections.emptySortedSet();
        cancelTimer();
        pings.stop();
        elector().cancel();
        sync().cancel();
        paxos().stop();
    }

    public MonState state() {
        return state;
    }

    public int rank() {
        return map.get().rank(name);
    }

    /** -1 while there is no quorum. */
    public int leader() {
        return leader;
    }

    public QuorumStatus status() {
        Duration age = Duration.ofNanos(reactor.clock().nanoTime() - sinceNanos);
        return new QuorumStatus(state, rank(), elector().epoch(), leader, quorum, age, outside);
    }

    public Electorate electorate() {
        MonMap m = map.get();
        TreeSet<Integer> disallowed = new TreeSet<>();
        if (m.strategy() != MonMap.CLASSIC) {
            m.disallowedLeaders().forEach(n -> disallowed.add(m.rank(n)));
        }
        return new Electorate(
                rank(),
                m.size(),
                disallowed,
                quorum,
                leader,
                m.strategy() == MonMap.CONNECTIVITY ? Optional.of(connectivity.links()) : Optional.empty());
    }

    /** Looks for the others from the beginning. */
    public void bootstrap(String why) {
        if (state == MonState.SHUTDOWN) {
            return;
        }
        leave();
        elector().cancel();
        sync().cancel();
        become(MonState.PROBING, why);
        MonMap m = map.get();
        int rank = m.rank(name);
        if (rank < 0 && hasEverJoined && m.epoch() > 0) {
            listener.removed();
            return;
        }
        peers.rankIs(rank);
        outside.clear();
        if (rank >= 0) {
            outside.add(name);
        }
        if (rank == 0 && m.size() == 1 && !StoreSync.isUnfinished(store)) {
            startElection("alone");
            return;
        }
        arm(settings.probeTimeout(), () -> bootstrap("not enough monitors answer"));
        for (int other = 0; other < m.size(); other++) {
            if (other != rank) {
                peers.tryNow(other);
                peers.send(other, probe(MonProbe.PROBE));
            }
        }
        for (EntityAddrs stranger : strangers) {
            peers.connection(stranger).send(probe(MonProbe.PROBE));
        }
    }

    private void become(MonState next, String why) {
        if (state != next || next == MonState.PROBING) {
            LOG.info("mon.{} {} -> {}: {}", name, state, next, why);
        }
        state = next;
        sinceNanos = reactor.clock().nanoTime();
    }

    private void leave() {
        cancelTimer();
        early.clear();
        boolean was = state.isInQuorum();
        leader = -1;
        quorum = Collections.emptySortedSet();
        if (was) {
            state = MonState.ELECTING;
            paxos().restart();
            listener.left();
        }
    }

    private void arm(Duration after, Runnable task) {
        cancelTimer();
        timer = reactor.schedule(after, task);
    }

    private void cancelTimer() {
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
    }

    // ---- probing

    private MonProbe probe(int op) {
        MonMap m = map.get();
        boolean unfinished = StoreSync.isUnfinished(store);
        return new MonProbe(
                m.fsid(),
                op,
                name,
                List.copyOf(quorum),
                m.encoded(),
                hasEverJoined,
                unfinished ? 0 : paxos().firstCommitted(),
                unfinished ? 0 : paxos().lastCommitted(),
                0,
                CephRelease.PACIFIC.number(),
                leader);
    }

    public void receive(Connection connection, MonProbe m) {
        MonMap ours = map.get();
        if (!m.fsid().equals(ours.fsid())) {
            LOG.warn("mon.{} at {} belongs to another cluster, {}", m.name(), connection.peerAddrs(), m.fsid());
            return;
        }
        if (m.op() != MonProbe.PROBE && m.op() != MonProbe.REPLY) {
            return;
        }
        pings.heard(peers.rank(connection));
        if (m.op() == MonProbe.PROBE) {
            if (ours.rank(m.name()) < 0 && strangers.size() < MAX_STRANGERS) {
                strangers.add(connection.peerAddrs());
            }
            connection.send(probe(MonProbe.REPLY));
        }
        MonMap theirs = MonMap.CODEC.fromBytes(m.monMap());
        if (theirs.epoch() > ours.epoch() && m.hasEverJoined()) {
            listener.adopt(theirs);
            bootstrap("mon." + m.name() + " has map " + theirs.epoch());
            return;
        }
        if (state == MonState.PROBING) {
            found(connection, m);
        }
    }

    private void found(Connection connection, MonProbe m) {
        boolean unfinished = StoreSync.isUnfinished(store);
        long first = m.paxosFirstVersion();
        long last = m.paxosLastVersion();
        boolean behind = paxos().lastCommitted() + 1 < first || paxos().lastCommitted() + MAX_JOIN_DRIFT < last;
        if (last > 0 && (unfinished || behind)) {
            become(MonState.SYNCHRONIZING, "behind mon." + m.name());
            cancelTimer();
            StoreTransaction kept =
                    new StoreTransaction().put("mkfs", "monmap", map.get().encoded());
            sync().start(connection, kept);
            arm(settings.ping(), this::ping);
            return;
        }
        if (unfinished) {
            return;
        }
        if (!m.quorum().isEmpty()) {
            if (rank() >= 0) {
                startElection("there is a quorum");
            } else {
                connection.send(new MonJoin(map.get().fsid(), name, addrs));
            }
            return;
        }
        if (map.get().rank(m.name()) >= 0) {
            outside.add(m.name());
        }
        if (rank() >= 0 && outside.size() > map.get().size() / 2) {
            startElection("enough monitors are there");
        }
    }

    public StoreSync.Listener syncListener() {
        return new StoreSync.Listener() {
            @Override
            public void synchronizedNow() {
                paxos().reload();
                listener.storeReplaced();
                bootstrap("synchronized");
            }

            @Override
            public void failed(String why) {
                bootstrap("synchronizing failed: " + why);
            }
        };
    }

    // ---- electing

    private void startElection(String why) {
        leave();
        become(MonState.ELECTING, why);
        if (!participating) {
            return;
        }
        if (map.get().size() > 1) {
            listener.callsElection();
        }
        elector().start();
    }

    /** The others shall elect without this monitor from now on. Ceph: {@code quorum exit}. */
    public void exitQuorum() {
        startElection("told to leave the quorum");
        participating = false;
    }

    /** Ceph: {@code quorum enter}. */
    public void enterQuorum() {
        participating = true;
        startElection("told to come into the quorum");
    }

    /** Calls for an election: something is not as it should be with the quorum. */
    public void callElection(String why) {
        if (state.isInQuorum()) {
            startElection(why);
        }
    }

    public Elector.Listener electionListener() {
        return new Elector.Listener() {
            @Override
            public void electing() {
                if (state.isInQuorum()) {
                    leave();
                    become(MonState.ELECTING, "another monitor called for it");
                }
            }

            @Override
            public void won(int epoch, SortedSet<Integer> members) {
                if (state == MonState.ELECTING) {
                    enter(MonState.LEADER, rank(), members);
                    paxos().lead(epoch, rank(), members, map.get().size());
                    listener.leads(epoch, members);
                }
            }

            @Override
            public void lost(int epoch, int newLeader, SortedSet<Integer> members) {
                if (state == MonState.ELECTING) {
                    enter(MonState.PEON, newLeader, members);
                    paxos().follow(epoch, newLeader);
                    listener.follows(epoch, newLeader, members);
                    arm(settings.ping(), Membership.this::ping);
                    List<Early> waiting = List.copyOf(early);
                    early.clear();
                    waiting.forEach(e -> paxos().receive(e.from, e.message));
                }
            }

            @Override
            public void bootstrap(String why) {
                Membership.this.bootstrap(why);
            }
        };
    }

    private void enter(MonState next, int newLeader, SortedSet<Integer> members) {
        become(next, "epoch " + elector().epoch() + ", quorum " + members);
        leader = newLeader;
        quorum = members;
        strangers.clear();
        if (!hasEverJoined) {
            hasEverJoined = true;
            listener.joined();
        }
    }

    /** A peon has nothing to say to its leader for long, and would not notice that the link is gone; nor would who waits for another's store. */
    private void ping() {
        if (state == MonState.PEON) {
            arm(settings.ping(), this::ping);
            peers.ping(leader);
        } else if (state == MonState.SYNCHRONIZING) {
            arm(settings.ping(), this::ping);
            sync().ping();
        }
    }

    public void receive(Connection connection, MonElection m) {
        if (!m.fsid().equals(map.get().fsid()) || state == MonState.SHUTDOWN) {
            return;
        }
        MonMap theirs = MonMap.CODEC.fromBytes(m.monMap());
        if (theirs.epoch() > map.get().epoch()) {
            listener.adopt(theirs);
            bootstrap("a newer map came with an election");
            return;
        }
        if (theirs.epoch() < map.get().epoch()) {
            connection.send(probe(MonProbe.REPLY));
            return;
        }
        int from = peers.rank(connection);
        pings.heard(from);
        if (m.op() == MonElection.PROPOSE && isEnoughFor(from)) {
            startElection("rank " + from + " may find enough monitors");
        }
        if (from >= 0 && participating && rank() >= 0 && (state == MonState.ELECTING || state.isInQuorum())) {
            elector().receive(from, m);
        }
    }

    /**
     * Whether somebody who wants to lead is answered though we have not found enough monitors ourselves: where connections count it needs links to a majority, and we need one to it. Its probes have shown that our store is not too
     * old.
     */
    private boolean isEnoughFor(int candidate) {
        return state == MonState.PROBING
                && map.get().strategy() == MonMap.CONNECTIVITY
                && rank() >= 0
                && candidate >= 0
                && outside.contains(map.get().ranks().get(candidate));
    }

    public void receive(Connection connection, MonPing m) {
        if (state != MonState.SHUTDOWN) {
            pings.receive(peers.rank(connection), m, connection::send);
        }
    }

    public void receive(Connection connection, MonPaxos m) {
        int from = peers.rank(connection);
        if (state == MonState.ELECTING && m.epoch() > elector().epoch() && early.size() < MAX_EARLY) {
            early.add(new Early(from, m));
        } else if (state.isInQuorum() && quorum.contains(from)) {
            if (m.epoch() > elector().epoch()) {
                bootstrap("rank " + from + " is in election epoch " + m.epoch());
            } else {
                paxos().receive(from, m);
            }
        }
    }

    public void receive(Connection connection, MonSync m) {
        sync().receive(connection, m);
    }

    /** Nobody listens at a monitor's address: its process is gone. */
    public void refused(Connection connection) {
        sync().lost(connection);
        int gone = peers.rank(connection);
        if (gone < 0 || state == MonState.SHUTDOWN) {
            return;
        }
        elector().refused(gone);
        if (state == MonState.LEADER && quorum.contains(gone) || state == MonState.PEON && gone == leader) {
            startElection("nobody listens where rank " + gone + " was");
        }
    }

    /** A monitor was started anew, and has forgotten what it was sent before. */
    public void restarted(Connection connection) {
        sync().lost(connection);
    }

    /** The monitors of the quorum but ourselves. */
    public List<Integer> others() {
        int self = rank();
        return quorum.stream().filter(member -> member != self).toList();
    }
}
