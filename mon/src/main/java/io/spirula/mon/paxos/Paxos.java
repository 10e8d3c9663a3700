package io.spirula.mon.paxos;

import io.spirula.common.encoding.Bytes;
import io.spirula.mon.store.StoreTransaction;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The leader's side of Paxos over a quorum of any size, today of one: a proposal number is durable before it is used, a value is durable at every member of the quorum before it is committed, and a value
 * found accepted after a restart is proposed again before anything new. Source: Ceph's mon/Paxos.h.
 */
public final class Paxos {
    private final int rank;
    private PaxosRecord record;
    private Phase phase = new Phase.Inactive();

    public Paxos(int rank, PaxosRecord record) {
        this.rank = rank;
        this.record = record;
    }

    public Phase phase() {
        return phase;
    }

    public PaxosRecord record() {
        return record;
    }

    public boolean isWriteable() {
        return phase instanceof Phase.Active;
    }

    /** Takes an event; returns what is to be done because of it. An event from an earlier proposal number is ignored. */
    public List<PaxosEffect> on(PaxosEvent event) {
        return switch (event) {
            case PaxosEvent.LeaderInit e -> collect(e.quorum());
            case PaxosEvent.PnStored e -> pnStored(e);
            case PaxosEvent.Propose e -> propose(e.value());
            case PaxosEvent.BeginStored e -> accepted(rank, e.pn(), e.version());
            case PaxosEvent.CommitStored e -> commitStored(e);
            case PaxosEvent.Received e -> received(e.from(), e.message());
        };
    }

    private List<PaxosEffect> received(int from, PaxosMessage message) {
        return switch (message) {
            case PaxosMessage.Last m -> last(from, m);
            case PaxosMessage.Accept m -> accepted(from, m.pn(), m.version());
            // A leader has no use for these: they are for peons.
            case PaxosMessage.Collect m -> List.of();
            case PaxosMessage.Begin m -> List.of();
            case PaxosMessage.Commit m -> List.of();
        };
    }

    private List<PaxosEffect> collect(SortedSet<Integer> quorum) {
        long pn = newProposalNumber();
        phase = new Phase.Recovering(pn, copy(quorum), new TreeSet<>());
        StoreTransaction promise = new StoreTransaction()
                .put(PaxosRecord.PREFIX, PaxosRecord.LAST_PN, pn)
                .put(PaxosRecord.PREFIX, PaxosRecord.ACCEPTED_PN, pn);
        return List.of(new PaxosEffect.Persist(promise, new PaxosEvent.PnStored(pn)));
    }

    /** Numbers of different members never collide: the rank is their last two digits. */
    private long newProposalNumber() {
        return (Math.max(record.lastPn(), record.acceptedPn()) / 100 + 1) * 100 + rank;
    }

    private List<PaxosEffect> pnStored(PaxosEvent.PnStored e) {
        if (!(phase instanceof Phase.Recovering r) || r.pn() != e.pn()) {
            return List.of();
        }
        record = new PaxosRecord(record.firstCommitted(), record.lastCommitted(), e.pn(), e.pn(), record.uncommitted());
        List<PaxosEffect> effects = new ArrayList<>();
        for (int member : r.quorum()) {
            if (member != rank) {
                effects.add(new PaxosEffect.Send(
                        member, new PaxosMessage.Collect(r.pn(), record.firstCommitted(), record.lastCommitted())));
            }
        }
        effects.addAll(collected(r, rank));
        return effects;
    }

    private List<PaxosEffect> last(int from, PaxosMessage.Last m) {
        if (!(phase instanceof Phase.Recovering r) || r.pn() != m.pn()) {
            return List.of();
        }
        PaxosRecord.Uncommitted theirs = m.uncommitted();
        PaxosRecord.Uncommitted ours = record.uncommitted();
        if (theirs != null
                && theirs.version() == record.lastCommitted() + 1
                && (ours == null || theirs.pn() > ours.pn())) {
            record = withUncommitted(theirs);
        }
        return collected(r, from);
    }

    private List<PaxosEffect> collected(Phase.Recovering r, int member) {
        SortedSet<Integer> last = plus(r.last(), member);
        phase = new Phase.Recovering(r.pn(), r.quorum(), last);
        if (!last.containsAll(r.quorum())) {
            return List.of();
        }
        PaxosRecord.Uncommitted value = record.uncommitted();
        phase = new Phase.Active(r.pn(), r.quorum());
        return value == null ? List.of(new PaxosEffect.Writeable()) : propose(value.value());
    }

    private List<PaxosEffect> propose(Bytes value) {
        if (!(phase instanceof Phase.Active a)) {
            throw new IllegalStateException(
                    "proposed in phase " + phase.getClass().getSimpleName());
        }
        long version = record.lastCommitted() + 1;
        phase = new Phase.Updating(a.pn(), a.quorum(), version, value, new TreeSet<>());
        record = withUncommitted(new PaxosRecord.Uncommitted(version, a.pn(), value));
        List<PaxosEffect> effects = new ArrayList<>();
        for (int member : a.quorum()) {
            if (member != rank) {
                effects.add(new PaxosEffect.Send(member, new PaxosMessage.Begin(a.pn(), version, value)));
            }
        }
        StoreTransaction begin = new StoreTransaction()
                .put(PaxosRecord.PREFIX, Long.toString(version), value)
                .put(PaxosRecord.PREFIX, PaxosRecord.PENDING_V, version)
                .put(PaxosRecord.PREFIX, PaxosRecord.PENDING_PN, a.pn());
        effects.add(new PaxosEffect.Persist(begin, new PaxosEvent.BeginStored(a.pn(), version)));
        return effects;
    }

    private List<PaxosEffect> accepted(int member, long pn, long version) {
        if (!(phase instanceof Phase.Updating u) || u.pn() != pn || u.version() != version) {
            return List.of();
        }
        SortedSet<Integer> accepted = plus(u.accepted(), member);
        phase = new Phase.Updating(u.pn(), u.quorum(), u.version(), u.value(), accepted);
        return accepted.containsAll(u.quorum()) ? commit(u) : List.of();
    }

    private List<PaxosEffect> commit(Phase.Updating u) {
        phase = new Phase.Writing(u.pn(), u.quorum(), u.version(), u.value());
        StoreTransaction commit = new StoreTransaction()
                .put(PaxosRecord.PREFIX, PaxosRecord.LAST_COMMITTED, u.version())
                .append(StoreTransaction.CODEC.fromBytes(u.value()));
        if (record.firstCommitted() == 0) {
            commit.put(PaxosRecord.PREFIX, PaxosRecord.FIRST_COMMITTED, u.version());
        }
        commit.erase(PaxosRecord.PREFIX, PaxosRecord.PENDING_V);
        commit.erase(PaxosRecord.PREFIX, PaxosRecord.PENDING_PN);
        return List.of(new PaxosEffect.Persist(commit, new PaxosEvent.CommitStored(u.pn(), u.version())));
    }

    private List<PaxosEffect> commitStored(PaxosEvent.CommitStored e) {
        if (!(phase instanceof Phase.Writing w) || w.pn() != e.pn() || w.version() != e.version()) {
            return List.of();
        }
        long first = record.firstCommitted() == 0 ? w.version() : record.firstCommitted();
        record = new PaxosRecord(first, w.version(), record.acceptedPn(), record.lastPn(), null);
        phase = new Phase.Active(w.pn(), w.quorum());
        List<PaxosEffect> effects = new ArrayList<>();
        for (int member : w.quorum()) {
            if (member != rank) {
                effects.add(new PaxosEffect.Send(member, new PaxosMessage.Commit(w.pn(), w.version(), w.value())));
            }
        }
        effects.add(new PaxosEffect.Committed(w.version()));
        effects.add(new PaxosEffect.Writeable());
        return effects;
    }

    /** The changes that forget all but the newest {@code keep} versions, at most {@code most} at once; empty if there is little to forget. To be proposed with other changes. */
    public StoreTransaction trim(int keep, int most) {
        StoreTransaction t = new StoreTransaction();
        long first = record.firstCommitted();
        long end = Math.min(record.lastCommitted() - keep, first + most);
        if (first == 0 || end - first < most) {
            return t;
        }
        for (long v = first; v < end; v++) {
            t.erase(PaxosRecord.PREFIX, Long.toString(v));
        }
        record = new PaxosRecord(
                end, record.lastCommitted(), record.acceptedPn(), record.lastPn(), record.uncommitted());
        return t.put(PaxosRecord.PREFIX, PaxosRecord.FIRST_COMMITTED, end);
    }

    private PaxosRecord withUncommitted(PaxosRecord.Uncommitted value) {
        return new PaxosRecord(
                record.firstCommitted(), record.lastCommitted(), record.acceptedPn(), record.lastPn(), value);
    }

    private static SortedSet<Integer> plus(SortedSet<Integer> set, int member) {
        SortedSet<Integer> result = new TreeSet<>(set);
        result.add(member);
        return Collections.unmodifiableSortedSet(result);
    }

    private static SortedSet<Integer> copy(SortedSet<Integer> set) {
        return Collections.unmodifiableSortedSet(new TreeSet<>(set));
    }
}
