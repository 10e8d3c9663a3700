package io.spirula.mon.paxos;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.encoding.MalformedInput;
import io.spirula.common.message.MonPaxos;
import java.time.Instant;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Paxos's messages as MMonPaxos has them: an uncommitted value is the one after the last committed, as Ceph has it. The time stamps are those of {@link Stamps}: a lease's end is in its receiver's clock, and what a peon
 * echoes is where a lease's end is in a lease.
 */
final class PaxosWire {
    private static final long SECOND = 1_000_000_000L;

    private PaxosWire() {}

    static MonPaxos toWire(int epoch, PaxosMessage message, Stamps stamps) {
        return switch (message) {
            case PaxosMessage.Collect m ->
                wire(epoch, MonPaxos.COLLECT, m.firstCommitted(), m.lastCommitted(), m.pn(), 0, stamps, Map.of());
            case PaxosMessage.Last m -> {
                TreeMap<Long, Bytes> values = new TreeMap<>(m.values());
                PaxosRecord.Uncommitted u = m.uncommitted();
                if (u != null) {
                    values.put(u.version(), u.value());
                }
                yield wire(
                        epoch,
                        MonPaxos.LAST,
                        m.firstCommitted(),
                        m.lastCommitted(),
                        m.pn(),
                        u == null ? 0 : u.pn(),
                        stamps,
                        values);
            }
            case PaxosMessage.Begin m ->
                wire(epoch, MonPaxos.BEGIN, 0, m.version() - 1, m.pn(), 0, stamps, Map.of(m.version(), m.value()));
            case PaxosMessage.Accept m -> wire(epoch, MonPaxos.ACCEPT, 0, m.version() - 1, m.pn(), 0, stamps, Map.of());
            case PaxosMessage.Commit m ->
                wire(epoch, MonPaxos.COMMIT, 0, m.lastCommitted(), m.pn(), 0, stamps, m.values());
            case PaxosMessage.Lease m -> {
                Instant until = m.until() == Phase.Following.NO_LEASE ? Instant.EPOCH : instant(m.until());
                yield new MonPaxos(
                        epoch,
                        MonPaxos.LEASE,
                        m.firstCommitted(),
                        m.lastCommitted(),
                        0,
                        0,
                        0,
                        until,
                        instant(stamps.sent()),
                        0,
                        Bytes.EMPTY,
                        Map.of(),
                        Bytes.EMPTY);
            }
            case PaxosMessage.LeaseAck m ->
                wire(epoch, MonPaxos.LEASE_ACK, m.firstCommitted(), m.lastCommitted(), 0, 0, stamps, Map.of());
        };
    }

    private static MonPaxos wire(
            int epoch,
            int op,
            long first,
            long last,
            long pn,
            long uncommittedPn,
            Stamps stamps,
            Map<Long, Bytes> values) {
        return new MonPaxos(
                epoch,
                op,
                first,
                last,
                0,
                pn,
                uncommittedPn,
                instant(stamps.echo()),
                instant(stamps.sent()),
                0,
                Bytes.EMPTY,
                values,
                Bytes.EMPTY);
    }

    static Stamps stamps(MonPaxos m) {
        return new Stamps(nanos(m.sentTimestamp()), nanos(m.leaseTimestamp()));
    }

    static PaxosMessage fromWire(MonPaxos m) {
        return switch (m.op()) {
            case MonPaxos.COLLECT -> new PaxosMessage.Collect(m.proposal(), m.firstCommitted(), m.lastCommitted());
            case MonPaxos.LAST -> {
                SortedMap<Long, Bytes> values = new TreeMap<>(m.values());
                Bytes value = m.uncommittedProposal() == 0 ? null : values.remove(m.lastCommitted() + 1);
                yield new PaxosMessage.Last(
                        m.proposal(),
                        m.firstCommitted(),
                        m.lastCommitted(),
                        values,
                        value == null
                                ? null
                                : new PaxosRecord.Uncommitted(m.lastCommitted() + 1, m.uncommittedProposal(), value));
            }
            case MonPaxos.BEGIN -> {
                Bytes value = m.values().get(m.lastCommitted() + 1);
                if (value == null) {
                    throw new MalformedInput("a proposal without a value");
                }
                yield new PaxosMessage.Begin(m.proposal(), m.lastCommitted() + 1, value);
            }
            case MonPaxos.ACCEPT -> new PaxosMessage.Accept(m.proposal(), m.lastCommitted() + 1);
            case MonPaxos.COMMIT -> new PaxosMessage.Commit(m.proposal(), m.lastCommitted(), new TreeMap<>(m.values()));
            case MonPaxos.LEASE -> {
                boolean none = m.leaseTimestamp().equals(Instant.EPOCH);
                yield new PaxosMessage.Lease(
                        m.firstCommitted(),
                        m.lastCommitted(),
                        none ? Phase.Following.NO_LEASE : nanos(m.leaseTimestamp()));
            }
            case MonPaxos.LEASE_ACK -> new PaxosMessage.LeaseAck(m.firstCommitted(), m.lastCommitted());
            default -> throw new MalformedInput("no step of Paxos has the number " + m.op());
        };
    }

    private static Instant instant(long nanos) {
        return Instant.ofEpochSecond(Math.floorDiv(nanos, SECOND) & 0xffffffffL, Math.floorMod(nanos, SECOND));
    }

    private static long nanos(Instant time) {
        return (int) time.getEpochSecond() * SECOND + time.getNano();
    }
}
