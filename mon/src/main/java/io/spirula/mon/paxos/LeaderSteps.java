package io.spirula.mon.paxos;

import io.spirula.common.encoding.Bytes;
import io.spirula.mon.paxos.PaxosEvent.Timeout;
import io.spirula.mon.store.StoreTransaction;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** What the leader of a quorum does about one event. */
final class LeaderSteps {
    private final Paxos paxos;
    private final long now;

    LeaderSteps(Paxos paxos, long now) {
        this.paxos = paxos;
        this.now = now;
    }

    private PaxosRecord record() {
        return paxos.record();
    }

    /** Begins anew with a number higher than all that are known. */
    List<PaxosEffect> collect(Phase.Lead before, long seen) {
        long highest = Math.max(seen, Math.max(record().lastPn(), record().acceptedPn()));
        long pn = (highest / 100 + 1) * 100 + before.rank();
        paxos.become(new Phase.Recovering(
                new Phase.Lead(before.rank(), pn, before.quorum(), before.leases()), new TreeMap<>()));
        StoreTransaction promise = new StoreTransaction()
                .put(PaxosRecord.PREFIX, PaxosRecord.LAST_PN, pn)
                .put(PaxosRecord.PREFIX, PaxosRecord.ACCEPTED_PN, pn);
        return List.of(new PaxosEffect.Persist(promise, new PaxosEvent.PnStored(pn)));
    }

    List<PaxosEffect> pnStored(long pn) {
        paxos.remember(record().proposing(pn));
        if (!(paxos.phase() instanceof Phase.Recovering r) || r.lead().pn() != pn) {
            return List.of();
        }
        List<PaxosEffect> effects = new ArrayList<>();
        toPeons(r.lead(), new PaxosMessage.Collect(pn, record().firstCommitted(), record().lastCommitted()), effects);
        effects.add(new PaxosEffect.Arm(Timeout.COLLECT, paxos.settings().acceptTimeout()));
        effects.addAll(collected(r, r.lead().rank()));
        return effects;
    }

    private void toPeons(Phase.Lead lead, PaxosMessage message, List<PaxosEffect> effects) {
        for (int member : lead.quorum()) {
            if (member != lead.rank()) {
                effects.add(new PaxosEffect.Send(member, message, new Stamps(now, 0)));
            }
        }
    }

    List<PaxosEffect> last(int from, PaxosMessage.Last m, Stamps stamps) {
        if (!(paxos.phase() instanceof Phase.Recovering r) || !r.lead().quorum().contains(from)) {
            return List.of();
        }
        if (m.firstCommitted() > record().lastCommitted() + 1) {
            return List.of(new PaxosEffect.Bootstrap("rank " + from + " has forgotten versions that we lack"));
        }
        if (m.lastCommitted() > record().lastCommitted()) {
            return paxos.store(m.values(), Optional.of(new PaxosEvent.Received(from, m, stamps)));
        }
        if (m.pn() > r.lead().pn()) {
            return collect(r.lead(), m.pn());
        }
        if (m.pn() < r.lead().pn()) {
            return List.of();
        }
        PaxosRecord.Uncommitted theirs = m.uncommitted();
        PaxosRecord.Uncommitted ours = record().uncommitted();
        if (theirs != null
                && theirs.version() == record().lastCommitted() + 1
                && (ours == null || theirs.pn() > ours.pn())) {
            paxos.remember(record().accepting(theirs));
        }
        SortedMap<Integer, Phase.Versions> last = new TreeMap<>(r.last());
        last.put(from, new Phase.Versions(m.firstCommitted(), m.lastCommitted()));
        return collected(
                new Phase.Recovering(
                        r.lead().with(r.lead().leases().answered(from, stamps)),
                        Collections.unmodifiableSortedMap(last)),
                from);
    }

    private List<PaxosEffect> collected(Phase.Recovering r, int member) {
        SortedMap<Integer, Phase.Versions> last = new TreeMap<>(r.last());
        if (member == r.lead().rank()) {
            last.put(member, new Phase.Versions(record().firstCommitted(), record().lastCommitted()));
        }
        paxos.become(new Phase.Recovering(r.lead(), last));
        if (!r.lead().isAll(new TreeSet<>(last.keySet()))) {
            return List.of();
        }
        List<PaxosEffect> effects = new ArrayList<>();
        effects.add(new PaxosEffect.Disarm(Timeout.COLLECT));
        for (Map.Entry<Integer, Phase.Versions> e : last.entrySet()) {
            long has = e.getValue().lastCommitted();
            if (has + 1 < record().firstCommitted()) {
                effects.add(new PaxosEffect.Bootstrap("rank " + e.getKey() + " lacks versions that we have forgotten"));
                return effects;
            }
            if (e.getKey() != r.lead().rank() && has < record().lastCommitted()) {
                PaxosMessage share =
                        new PaxosMessage.Commit(r.lead().pn(), record().lastCommitted(), paxos.valuesAfter(has));
                effects.add(new PaxosEffect.Send(e.getKey(), share, new Stamps(now, 0)));
            }
        }
        PaxosRecord.Uncommitted value = record().uncommitted();
        if (value != null && value.version() == record().lastCommitted() + 1) {
            effects.addAll(begin(r.lead(), value.value(), true));
        } else {
            effects.addAll(finish(r.lead()));
        }
        return effects;
    }

    List<PaxosEffect> propose(Bytes value) {
        if (!(paxos.phase() instanceof Phase.Active a)) {
            throw new IllegalStateException(
                    "proposed in phase " + paxos.phase().getClass().getSimpleName());
        }
        return begin(a.lead(), value, false);
    }

    private List<PaxosEffect> begin(Phase.Lead lead, Bytes value, boolean previous) {
        long version = record().lastCommitted() + 1;
        paxos.become(new Phase.Updating(lead, version, value, new TreeSet<>(), previous));
        paxos.remember(record().accepting(new PaxosRecord.Uncommitted(version, lead.pn(), value)));
        List<PaxosEffect> effects = new ArrayList<>();
        toPeons(lead, new PaxosMessage.Begin(lead.pn(), version, value), effects);
        if (lead.quorum().size() > 1) {
            effects.add(new PaxosEffect.Arm(Timeout.ACCEPT, paxos.settings().acceptTimeout()));
        }
        effects.add(new PaxosEffect.Persist(
                acceptance(lead.pn(), version, value), new PaxosEvent.BeginStored(lead.pn(), version)));
        return effects;
    }

    /** What an acceptance writes. */
    static StoreTransaction acceptance(long pn, long version, Bytes value) {
        return new StoreTransaction()
                .put(PaxosRecord.PREFIX, Long.toString(version), value)
                .put(PaxosRecord.PREFIX, PaxosRecord.PENDING_V, version)
                .put(PaxosRecord.PREFIX, PaxosRecord.PENDING_PN, pn);
    }

    List<PaxosEffect> beginStored(long pn, long version) {
        return paxos.phase() instanceof Phase.Updating u && u.lead().pn() == pn && u.version() == version
                ? accepted(u, u.lead().rank())
                : List.of();
    }

    List<PaxosEffect> accept(int from, PaxosMessage.Accept m, Stamps stamps) {
        if (!(paxos.phase() instanceof Phase.Updating u)
                || u.lead().pn() != m.pn()
                || u.version() != m.version()
                || !u.lead().quorum().contains(from)) {
            return List.of();
        }
        Phase.Lead lead = u.lead().with(u.lead().leases().answered(from, stamps));
        return accepted(new Phase.Updating(lead, u.version(), u.value(), u.accepted(), u.previous()), from);
    }

    private List<PaxosEffect> accepted(Phase.Updating u, int member) {
        SortedSet<Integer> accepted = new TreeSet<>(u.accepted());
        accepted.add(member);
        paxos.become(new Phase.Updating(
                u.lead(), u.version(), u.value(), Collections.unmodifiableSortedSet(accepted), u.previous()));
        return u.lead().isAll(accepted) ? commit(u) : List.of();
    }

    private List<PaxosEffect> commit(Phase.Updating u) {
        paxos.become(new Phase.Writing(u.lead(), u.version(), u.value(), u.previous()));
        StoreTransaction commit = new StoreTransaction();
        if (record().firstCommitted() == 0) {
            commit.put(PaxosRecord.PREFIX, PaxosRecord.FIRST_COMMITTED, u.version());
        }
        commit.put(PaxosRecord.PREFIX, PaxosRecord.LAST_COMMITTED, u.version())
                .append(StoreTransaction.CODEC.fromBytes(u.value()))
                .erase(PaxosRecord.PREFIX, PaxosRecord.PENDING_V)
                .erase(PaxosRecord.PREFIX, PaxosRecord.PENDING_PN);
        List<PaxosEffect> effects = new ArrayList<>();
        effects.add(new PaxosEffect.Disarm(Timeout.ACCEPT));
        effects.add(new PaxosEffect.Persist(
                commit, new PaxosEvent.CommitStored(u.lead().pn(), u.version())));
        return effects;
    }

    List<PaxosEffect> commitStored(long pn, long version) {
        paxos.committed();
        if (!(paxos.phase() instanceof Phase.Writing w) || w.lead().pn() != pn || w.version() != version) {
            return List.of(new PaxosEffect.Committed(version));
        }
        List<PaxosEffect> effects = new ArrayList<>();
        SortedMap<Long, Bytes> values = new TreeMap<>(Map.of(version, w.value()));
        toPeons(w.lead(), new PaxosMessage.Commit(pn, version, values), effects);
        effects.add(new PaxosEffect.Committed(version));
        effects.addAll(finish(w.lead()));
        return effects;
    }

    /** Nothing is under way: reads are fine, at the peons too, and a value may be proposed. Ceph: finish_round. */
    private List<PaxosEffect> finish(Phase.Lead lead) {
        paxos.become(new Phase.Active(lead));
        List<PaxosEffect> effects = new ArrayList<>(extend(lead));
        effects.add(new PaxosEffect.MayRead());
        effects.add(new PaxosEffect.MayWrite());
        return effects;
    }

    private List<PaxosEffect> extend(Phase.Lead lead) {
        List<PaxosEffect> effects = new ArrayList<>();
        if (lead.quorum().size() == 1 && lead.leases().monitors() == 1) {
            return effects;
        }
        for (int member : lead.quorum()) {
            if (member != lead.rank()) {
                PaxosMessage lease = new PaxosMessage.Lease(
                        record().firstCommitted(),
                        record().lastCommitted(),
                        lead.leases().until(member, now));
                effects.add(new PaxosEffect.Send(member, lease, new Stamps(now, 0)));
            }
        }
        effects.add(new PaxosEffect.Arm(Timeout.RENEW, paxos.settings().renewal()));
        return effects;
    }

    List<PaxosEffect> leaseAck(int from, Stamps stamps) {
        if (paxos.phase() instanceof Phase.Leading l && l.lead().quorum().contains(from)) {
            boolean was = paxos.isReadable();
            become(l, l.lead().with(l.lead().leases().answered(from, stamps)));
            return !was && paxos.isReadable() ? List.of(new PaxosEffect.MayRead()) : List.of();
        }
        return List.of();
    }

    private void become(Phase.Leading same, Phase.Lead lead) {
        paxos.become(
                switch (same) {
                    case Phase.Recovering p -> new Phase.Recovering(lead, p.last());
                    case Phase.Active p -> new Phase.Active(lead);
                    case Phase.Updating p ->
                        new Phase.Updating(lead, p.version(), p.value(), p.accepted(), p.previous());
                    case Phase.Writing p -> new Phase.Writing(lead, p.version(), p.value(), p.previous());
                });
    }

    /** Renews leases, but not while a value is under way: whoever accepted it may be the only one not to have heard that it is committed. */
    List<PaxosEffect> renew() {
        if (!(paxos.phase() instanceof Phase.Leading l)) {
            return List.of();
        }
        int silent = l.lead().leases().silentFor(paxos.settings().leaseTimeout().toNanos(), now);
        if (silent >= 0) {
            return List.of(new PaxosEffect.Bootstrap("rank " + silent + " has not acknowledged a lease in time"));
        }
        return l instanceof Phase.Active a
                ? extend(a.lead())
                : List.of(new PaxosEffect.Arm(Timeout.RENEW, paxos.settings().renewal()));
    }
}
