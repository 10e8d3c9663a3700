package io.spirula.mon.paxos;

import io.spirula.common.encoding.Bytes;
import io.spirula.mon.paxos.PaxosEvent.Timeout;
import io.spirula.mon.store.StoreTransaction;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/** What a peon does about one event. Only its leader's word counts. */
final class PeonSteps {
    private final Paxos paxos;
    private final long now;

    PeonSteps(Paxos paxos, long now) {
        this.paxos = paxos;
        this.now = now;
    }

    private PaxosRecord record() {
        return paxos.record();
    }

    private boolean follows(int leader) {
        return paxos.phase() instanceof Phase.Following f && f.leader() == leader;
    }

    private void dropLease(int leader) {
        paxos.become(new Phase.Following(leader, Phase.Following.NO_LEASE));
    }

    List<PaxosEffect> collect(int from, PaxosMessage.Collect m, Stamps stamps) {
        if (!follows(from)) {
            return List.of();
        }
        dropLease(from);
        if (m.firstCommitted() > record().lastCommitted() + 1) {
            return List.of(new PaxosEffect.Bootstrap("the leader has forgotten versions that we lack"));
        }
        PaxosEvent.PromiseStored then = new PaxosEvent.PromiseStored(from, m, stamps.sent());
        if (m.pn() <= record().acceptedPn()) {
            return promised(then);
        }
        paxos.remember(record().promising(m.pn()));
        StoreTransaction promise = new StoreTransaction().put(PaxosRecord.PREFIX, PaxosRecord.ACCEPTED_PN, m.pn());
        return List.of(new PaxosEffect.Persist(promise, then));
    }

    List<PaxosEffect> promised(PaxosEvent.PromiseStored e) {
        if (!follows(e.leader())) {
            return List.of();
        }
        SortedMap<Long, Bytes> lacking = paxos.valuesAfter(e.collect().lastCommitted());
        PaxosMessage last = new PaxosMessage.Last(
                record().acceptedPn(),
                record().firstCommitted(),
                record().lastCommitted(),
                lacking,
                record().uncommitted());
        return List.of(
                new PaxosEffect.Arm(Timeout.LEASE, paxos.settings().leaseTimeout()),
                new PaxosEffect.Send(e.leader(), last, new Stamps(now, e.echo())));
    }

    /** Accepts a value. From here on nobody may read here what was before it, until it is known what became of it. */
    List<PaxosEffect> begin(int from, PaxosMessage.Begin m, Stamps stamps) {
        if (!follows(from) || m.pn() < record().acceptedPn()) {
            return List.of();
        }
        if (m.pn() != record().acceptedPn() || m.version() != record().lastCommitted() + 1) {
            return List.of(new PaxosEffect.Bootstrap(
                    "the leader proposes version " + m.version() + ", we have " + record().lastCommitted()));
        }
        dropLease(from);
        paxos.remember(record().accepting(new PaxosRecord.Uncommitted(m.version(), m.pn(), m.value())));
        return List.of(new PaxosEffect.Persist(
                LeaderSteps.acceptance(m.pn(), m.version(), m.value()),
                new PaxosEvent.AcceptStored(from, m.pn(), m.version(), stamps.sent())));
    }

    List<PaxosEffect> accepted(PaxosEvent.AcceptStored e) {
        return follows(e.leader())
                ? List.of(new PaxosEffect.Send(
                        e.leader(), new PaxosMessage.Accept(e.pn(), e.version()), new Stamps(now, e.echo())))
                : List.of();
    }

    List<PaxosEffect> commit(int from, PaxosMessage.Commit m) {
        return follows(from) ? paxos.store(m.values(), Optional.empty()) : List.of();
    }

    List<PaxosEffect> lease(int from, PaxosMessage.Lease m, Stamps stamps) {
        if (!follows(from) || m.lastCommitted() != record().lastCommitted()) {
            return List.of();
        }
        paxos.become(new Phase.Following(from, m.until()));
        List<PaxosEffect> effects = new ArrayList<>();
        effects.add(new PaxosEffect.Arm(Timeout.LEASE, paxos.settings().leaseTimeout()));
        PaxosMessage ack = new PaxosMessage.LeaseAck(record().firstCommitted(), record().lastCommitted());
        effects.add(new PaxosEffect.Send(from, ack, new Stamps(now, stamps.sent())));
        if (paxos.isReadable()) {
            effects.add(new PaxosEffect.MayRead());
        }
        return effects;
    }
}
