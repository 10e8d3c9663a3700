package io.spirula.mon.paxos;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.env.Clock;
import io.spirula.mon.store.KeyValueStore;
import io.spirula.mon.store.StoreTransaction;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * One member of the monitors' quorum. A proposal number is durable before it is used, a value is durable at every member of the quorum before it is committed, and a value found accepted by any of them is proposed again
 * before anything new. Events go in, the effects to carry out come out; while an effect asks for something to be made durable, nothing but its completion may be reported. Source: Ceph's mon/Paxos.h.
 *
 * <p>The leader's part is {@link LeaderSteps}, the peon's {@link PeonSteps}; what both need of the store is here.
 */
public final class Paxos {
    private final KeyValueStore store;
    private final Clock clock;
    private final PaxosSettings settings;
    private PaxosRecord record;
    private Phase phase = new Phase.Inactive();

    public Paxos(KeyValueStore store, Clock clock, PaxosSettings settings) {
        this.store = store;
        this.clock = clock;
        this.settings = settings;
        record = PaxosRecord.load(store);
    }

    public Phase phase() {
        return phase;
    }

    public PaxosRecord record() {
        return record;
    }

    /** Whether a value may be proposed. */
    public boolean isWriteable() {
        return phase instanceof Phase.Active;
    }

    /** Whether what is committed here is all that anybody can have been told of. */
    public boolean isReadable() {
        long now = clock.nanoTime();
        return record.lastCommitted() > 0
                && switch (phase) {
                    case Phase.Inactive p -> false;
                    case Phase.Recovering p -> false;
                    case Phase.Active p -> leads(p, now);
                    case Phase.Updating p -> !p.previous() && leads(p, now);
                    case Phase.Writing p -> !p.previous() && leads(p, now);
                    case Phase.Following p -> p.leaseUntil() != Phase.Following.NO_LEASE && now < p.leaseUntil();
                };
    }

    private static boolean leads(Phase.Leading leading, long now) {
        long until = leading.lead().leases().leadsUntil(now);
        return until != Long.MIN_VALUE && now < until;
    }

    /** Takes an event; returns what is to be done because of it. What belongs to an earlier leader or number is ignored. */
    public List<PaxosEffect> on(PaxosEvent event) {
        return switch (event) {
            case PaxosEvent.LeaderInit e -> {
                Leases leases = Leases.none(e.monitors(), settings.lease().toNanos());
                yield leader().collect(new Phase.Lead(e.rank(), 0, new TreeSet<>(e.quorum()), leases), 0);
            }
            case PaxosEvent.PeonInit e -> {
                phase = new Phase.Following(e.leader(), Phase.Following.NO_LEASE);
                yield List.of(new PaxosEffect.Arm(PaxosEvent.Timeout.LEASE, settings.leaseTimeout()));
            }
            case PaxosEvent.Restart e -> restart();
            case PaxosEvent.PnStored e -> leader().pnStored(e.pn());
            case PaxosEvent.PromiseStored e -> peon().promised(e);
            case PaxosEvent.Propose e -> leader().propose(e.value());
            case PaxosEvent.BeginStored e -> leader().beginStored(e.pn(), e.version());
            case PaxosEvent.AcceptStored e -> peon().accepted(e);
            case PaxosEvent.CommitStored e -> leader().commitStored(e.pn(), e.version());
            case PaxosEvent.ValuesStored e -> valuesStored(e);
            case PaxosEvent.Received e -> received(e);
            case PaxosEvent.TimedOut e -> timedOut(e.which());
        };
    }

    private List<PaxosEffect> received(PaxosEvent.Received e) {
        return switch (e.message()) {
            case PaxosMessage.Last m -> leader().last(e.from(), m, e.stamps());
            case PaxosMessage.Accept m -> leader().accept(e.from(), m, e.stamps());
            case PaxosMessage.LeaseAck m -> leader().leaseAck(e.from(), e.stamps());
            case PaxosMessage.Collect m -> peon().collect(e.from(), m, e.stamps());
            case PaxosMessage.Begin m -> peon().begin(e.from(), m, e.stamps());
            case PaxosMessage.Commit m -> peon().commit(e.from(), m);
            case PaxosMessage.Lease m -> peon().lease(e.from(), m, e.stamps());
        };
    }

    private List<PaxosEffect> timedOut(PaxosEvent.Timeout which) {
        return switch (which) {
            case RENEW -> leader().renew();
            case COLLECT -> List.of(new PaxosEffect.Bootstrap("not all of the quorum said what they have in time"));
            case ACCEPT -> List.of(new PaxosEffect.Bootstrap("not all of the quorum accepted a value in time"));
            case LEASE -> List.of(new PaxosEffect.Bootstrap("the leader has not renewed the lease in time"));
        };
    }

    private List<PaxosEffect> restart() {
        phase = new Phase.Inactive();
        List<PaxosEffect> effects = new ArrayList<>();
        for (PaxosEvent.Timeout which : PaxosEvent.Timeout.values()) {
            effects.add(new PaxosEffect.Disarm(which));
        }
        return effects;
    }

    private LeaderSteps leader() {
        return new LeaderSteps(this, clock.nanoTime());
    }

    private PeonSteps peon() {
        return new PeonSteps(this, clock.nanoTime());
    }

    PaxosSettings settings() {
        return settings;
    }

    void become(Phase next) {
        phase = next;
    }

    void remember(PaxosRecord next) {
        record = next;
    }

    /** What is durable has changed by a commit. */
    void committed() {
        PaxosRecord stored = PaxosRecord.load(store);
        record = new PaxosRecord(
                stored.firstCommitted(),
                stored.lastCommitted(),
                record.acceptedPn(),
                record.lastPn(),
                stored.uncommitted());
    }

    /** Committed versions from one on, for somebody who lacks them. */
    SortedMap<Long, Bytes> valuesAfter(long version) {
        TreeMap<Long, Bytes> values = new TreeMap<>();
        for (long v = Math.max(version + 1, record.firstCommitted()); v <= record.lastCommitted(); v++) {
            Bytes value = store.get(PaxosRecord.PREFIX, Long.toString(v));
            if (value == null) {
                throw new IllegalStateException("the store lacks the committed version " + v);
            }
            values.put(v, value);
        }
        return values;
    }

    /** Makes those of some committed values durable that follow on what is here. Ceph: store_state. */
    List<PaxosEffect> store(SortedMap<Long, Bytes> values, Optional<PaxosEvent> then) {
        StoreTransaction t = new StoreTransaction();
        long last = record.lastCommitted();
        for (Map.Entry<Long, Bytes> e : values.entrySet()) {
            if (e.getKey() == last + 1) {
                last++;
                if (record.firstCommitted() == 0 && last == 1) {
                    t.put(PaxosRecord.PREFIX, PaxosRecord.FIRST_COMMITTED, 1);
                }
                t.put(PaxosRecord.PREFIX, Long.toString(last), e.getValue());
                t.append(StoreTransaction.CODEC.fromBytes(e.getValue()));
            }
        }
        if (t.isEmpty()) {
            return then.map(this::on).orElse(List.of());
        }
        t.put(PaxosRecord.PREFIX, PaxosRecord.LAST_COMMITTED, last);
        if (record.uncommitted() != null) {
            t.erase(PaxosRecord.PREFIX, PaxosRecord.PENDING_V);
            t.erase(PaxosRecord.PREFIX, PaxosRecord.PENDING_PN);
        }
        return List.of(new PaxosEffect.Persist(t, new PaxosEvent.ValuesStored(last, then)));
    }

    private List<PaxosEffect> valuesStored(PaxosEvent.ValuesStored e) {
        committed();
        List<PaxosEffect> effects = new ArrayList<>(List.of(new PaxosEffect.Committed(e.lastCommitted())));
        e.then().ifPresent(event -> effects.addAll(on(event)));
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
        return t.put(PaxosRecord.PREFIX, PaxosRecord.FIRST_COMMITTED, end);
    }
}
