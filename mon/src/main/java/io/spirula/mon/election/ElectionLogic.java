package io.spirula.mon.election;

import io.spirula.common.env.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * One monitor's part in electing a leader. Epochs are odd while an election is under way and even while there is a quorum, never go back, and are durable before anybody hears of them. Among those that take part, the one with
 * the lowest rank wins (of those that may lead, where some are disallowed), or who is connected best: {@link Electorate#prefers}. Everybody has one vote an epoch, so an epoch has one leader at most, however differently
 * monitors see each other's connections. Source: Ceph's mon/ElectionLogic.cc; there it is fixed scores and deferring only to whom one's candidate would defer to that make leaders unique.
 *
 * <p>Unlike Ceph's, a victory without everybody's acknowledgement waits until no lease can hold any more that an earlier leader gave: a lease's time after the last of the winners came over (see {@code paxos.Leases}). Where
 * every missing monitor is known to have had no process since, there is nothing to wait for, not even its acknowledgement: so the loss of a process costs a fraction of a second, that of a host the election's timeout.
 */
public final class ElectionLogic {
    private sealed interface Ballot {
        /** Neither wanting to lead nor wanting somebody else to. */
        record Open() implements Ballot {}

        /** @param acked when who came over, ourselves included: the clock's nanoseconds */
        record Standing(long since, SortedMap<Integer, Long> acked) implements Ballot {}

        /** Ceph: leader_acked. */
        record Deferring(int to) implements Ballot {}
    }

    private final Clock clock;
    private final Duration timeout;
    private final Duration lease;
    private int epoch;
    /** Whether our one vote of this epoch is given, to ourselves or somebody else. */
    private boolean voted;

    private Ballot ballot = new Ballot.Open();
    private final SortedMap<Integer, Long> refused = new TreeMap<>();
    /** An outsider's proposal that seemed to change nothing: it counts if we get into that election after all. */
    private ElectionEvent.@Nullable Propose passedOver;

    /**
     * @param epoch the one that is durable; 0 for a new monitor
     * @param timeout how long a candidate waits for everybody. Ceph: mon_election_timeout
     * @param lease how long a leader's leases last
     */
    public ElectionLogic(int epoch, Clock clock, Duration timeout, Duration lease) {
        this.epoch = epoch;
        // A vote given before a restart is forgotten, not taken back.
        voted = epoch % 2 == 1;
        this.clock = clock;
        this.timeout = timeout;
        this.lease = lease;
    }

    public int epoch() {
        return epoch;
    }

    /** Takes an event; returns what is to be done because of it. */
    public List<ElectionEffect> on(ElectionEvent event, Electorate us) {
        return switch (event) {
            case ElectionEvent.Start e -> start();
            case ElectionEvent.Stand e -> stand(us);
            case ElectionEvent.Propose e -> proposed(e, us);
            case ElectionEvent.Invite e -> invited(e, us);
            case ElectionEvent.Ack e -> acknowledged(e, us);
            case ElectionEvent.Victory e -> claimed(e);
            case ElectionEvent.Defeat e -> defeated(e);
            case ElectionEvent.Refused e -> refused(e.rank(), us);
            case ElectionEvent.TimedOut e -> timedOut(us);
            case ElectionEvent.Declare e -> declared(e.quorum());
            case ElectionEvent.EpochStored e -> stored(e, us);
        };
    }

    /** The quorum is over for other reasons than an election. */
    public void reset() {
        ballot = new Ballot.Open();
    }

    private List<ElectionEffect> bump(int newEpoch, Optional<ElectionEvent> then) {
        if (newEpoch < epoch) {
            throw new IllegalStateException("the election epoch goes from " + epoch + " back to " + newEpoch);
        }
        return List.of(new ElectionEffect.PersistEpoch(newEpoch, new ElectionEvent.EpochStored(newEpoch, then)));
    }

    private List<ElectionEffect> stored(ElectionEvent.EpochStored e, Electorate us) {
        voted &= epoch == e.epoch();
        epoch = e.epoch();
        ballot = new Ballot.Open();
        List<ElectionEffect> effects = new ArrayList<>();
        if (epoch % 2 == 1) {
            effects.add(new ElectionEffect.Join());
        }
        e.then().ifPresent(next -> effects.addAll(on(next, us)));
        ElectionEvent.Propose heard = passedOver;
        if (heard != null && heard.epoch() <= epoch) {
            passedOver = null;
            if (heard.epoch() == epoch) {
                effects.addAll(on(heard, us));
            }
        }
        return effects;
    }

    private List<ElectionEffect> start() {
        int next = epoch % 2 == 0 ? epoch + 1 : voted ? epoch + 2 : epoch;
        return bump(next, Optional.of(new ElectionEvent.Stand()));
    }

    private List<ElectionEffect> stand(Electorate us) {
        long now = clock.nanoTime();
        ballot = new Ballot.Standing(now, new TreeMap<>(Map.of(us.rank(), now)));
        voted = true;
        List<ElectionEffect> effects = new ArrayList<>();
        effects.add(new ElectionEffect.SendPropose(epoch));
        effects.add(new ElectionEffect.Arm(timeout));
        effects.addAll(decide(us));
        return effects;
    }

    private List<ElectionEffect> proposed(ElectionEvent.Propose e, Electorate us) {
        if (e.epoch() % 2 == 0) {
            return List.of();
        }
        refused.remove(e.from());
        if (epoch % 2 == 0 && us.passesOver(e.from())) {
            passedOver = e;
            return List.of();
        }
        if (e.epoch() > epoch) {
            boolean toldByUs = us.links().isPresent() && us.leader() == us.rank() && us.isOutsider(e.from());
            return bump(e.epoch(), Optional.of(toldByUs ? new ElectionEvent.Invite(e) : e));
        }
        if (e.epoch() < epoch) {
            if (ballot instanceof Ballot.Standing) {
                return List.of(new ElectionEffect.Remind(e.from(), epoch));
            }
            // From somebody whom our quorum lacks: it may come in.
            return epoch % 2 == 0 && us.isOutsider(e.from()) ? start() : List.of();
        }
        if (us.prefers(us.rank(), e.from())) {
            return ballot instanceof Ballot.Open ? start() : List.of();
        }
        if (!us.mayLead(e.from())) {
            // Neither of us may: we wait for somebody who does.
            return ballot instanceof Ballot.Open ? List.of(patience()) : List.of();
        }
        return switch (ballot) {
            // Our own candidature ends with this, so our vote for it counts no more.
            case Ballot.Standing b -> defer(e.from());
            case Ballot.Deferring b when b.to() == e.from() -> defer(e.from());
            case Ballot.Deferring b -> us.prefers(b.to(), e.from()) ? List.of() : askAgain(e.from());
            case Ballot.Open b -> voted ? askAgain(e.from()) : defer(e.from());
        };
    }

    /** Whoever follows us has passed the outsider over. */
    private List<ElectionEffect> invited(ElectionEvent.Invite e, Electorate us) {
        List<ElectionEffect> effects = new ArrayList<>(stand(us));
        effects.addAll(proposed(e.outsider(), us));
        return effects;
    }

    private List<ElectionEffect> defer(int to) {
        ballot = new Ballot.Deferring(to);
        voted = true;
        return List.of(new ElectionEffect.SendAck(to, epoch), patience());
    }

    /** Time for the candidate, and a little more for its victory to get here. */
    private ElectionEffect patience() {
        return new ElectionEffect.Arm(timeout.plus(Duration.ofSeconds(1)));
    }

    /**
     * Our vote of this epoch is given, and two leaders of one epoch there must not be: a better candidate gets it in the next election. It is told so by an even epoch, which no vote has: it may have got to the next election by
     * itself, where our vote may be another's.
     */
    private List<ElectionEffect> askAgain(int candidate) {
        return List.of(new ElectionEffect.SendAck(candidate, epoch + 1));
    }

    private List<ElectionEffect> acknowledged(ElectionEvent.Ack e, Electorate us) {
        if (e.epoch() > epoch) {
            return bump(e.epoch() | 1, Optional.of(new ElectionEvent.Start()));
        }
        if (e.epoch() < epoch || !(ballot instanceof Ballot.Standing s)) {
            return List.of();
        }
        TreeMap<Integer, Long> acked = new TreeMap<>(s.acked());
        acked.putIfAbsent(e.from(), clock.nanoTime());
        ballot = new Ballot.Standing(s.since(), Collections.unmodifiableSortedMap(acked));
        return decide(us);
    }

    private List<ElectionEffect> refused(int rank, Electorate us) {
        refused.put(rank, clock.nanoTime());
        return decide(us);
    }

    private List<ElectionEffect> timedOut(Electorate us) {
        return switch (ballot) {
            case Ballot.Standing s -> {
                if (!us.isMajority(s.acked().size()) || !us.mayLead(us.rank())) {
                    yield List.of(new ElectionEffect.Bootstrap());
                }
                List<ElectionEffect> decision = decide(us);
                long left = lastCameOver(s) + lease.toNanos() - clock.nanoTime();
                yield decision.isEmpty()
                        ? List.of(new ElectionEffect.Arm(Duration.ofNanos(Math.max(1_000_000, left))))
                        : decision;
            }
            case Ballot.Deferring d -> List.of(new ElectionEffect.Bootstrap());
            case Ballot.Open o -> List.of(new ElectionEffect.Bootstrap());
        };
    }

    private static long lastCameOver(Ballot.Standing s) {
        return Collections.max(s.acked().values());
    }

    /** Declares victory if it can be. */
    private List<ElectionEffect> decide(Electorate us) {
        if (!(ballot instanceof Ballot.Standing s)
                || epoch % 2 == 0
                || !us.mayLead(us.rank())
                || !us.isMajority(s.acked().size())) {
            return List.of();
        }
        long last = lastCameOver(s);
        long now = clock.nanoTime();
        boolean timeIsUp = now - s.since() >= timeout.toNanos() && now - last >= lease.toNanos();
        for (int rank = 0; rank < us.size() && !timeIsUp; rank++) {
            boolean gone = refused.containsKey(rank) && refused.get(rank) - last > 0;
            if (!s.acked().containsKey(rank) && !gone) {
                return List.of();
            }
        }
        SortedSet<Integer> quorum =
                Collections.unmodifiableSortedSet(new TreeSet<>(s.acked().keySet()));
        return bump(epoch + 1, Optional.of(new ElectionEvent.Declare(quorum)));
    }

    private List<ElectionEffect> declared(SortedSet<Integer> quorum) {
        return List.of(
                new ElectionEffect.Disarm(),
                new ElectionEffect.SendVictory(epoch, quorum),
                new ElectionEffect.Win(epoch, quorum));
    }

    private List<ElectionEffect> claimed(ElectionEvent.Victory e) {
        if (e.epoch() <= epoch || e.epoch() % 2 == 1) {
            return List.of();
        }
        boolean ours = e.epoch() == epoch + 1 && ballot instanceof Ballot.Deferring d && d.to() == e.from();
        // Of an election that we took no part in we only learn its epoch, and want another.
        ElectionEvent then = ours ? new ElectionEvent.Defeat(e.from(), e.quorum()) : new ElectionEvent.Start();
        return bump(e.epoch(), Optional.of(then));
    }

    private List<ElectionEffect> defeated(ElectionEvent.Defeat e) {
        return List.of(new ElectionEffect.Disarm(), new ElectionEffect.Lose(epoch, e.leader(), e.quorum()));
    }
}
