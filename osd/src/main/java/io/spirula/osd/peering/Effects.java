package io.spirula.osd.peering;

import io.spirula.common.pg.PgShard;
import io.spirula.osd.store.Transaction;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * What an event brings about, carried out in this order: the notices' consequences that drop old work, the transaction, what is sent now, and, once the transaction is durable, what is sent and what happens then.
 *
 * @param transaction to be submitted (even if empty, where something waits for it)
 * @param monitor what the monitors are to be asked for; asked again by whoever carries this out until the map shows it
 */
public record Effects(
        Transaction transaction,
        List<Send> now,
        List<PeeringEvent> whenDurable,
        List<MonitorRequest> monitor,
        List<Reservation> reservations,
        Set<Notice> notices) {
    /** A message to the same group's shard on another OSD. */
    public record Send(PgShard to, PeerMessage message) {}

    /** What only the monitors can change. */
    public sealed interface MonitorRequest {
        /** The map is to say that this OSD was alive in {@code epoch}. Ceph: MOSDAlive. */
        record UpThru(int epoch) implements MonitorRequest {}

        /** Others are to act for now; empty for "those who are up". Ceph: MOSDPGTemp. */
        record PgTemp(List<Integer> acting) implements MonitorRequest {}

        /** The new group has started. Ceph: MOSDPGCreated. */
        record PgCreated() implements MonitorRequest {}
    }

    /** What the group's own OSD is asked about its few places for recovery and backfill. A place is asked for once and given back once. */
    public sealed interface Reservation {
        /** For a primary: answered by {@link RecoveryEvent.LocalReserved}, and ended by {@link RecoveryEvent.LocalPreempted}. */
        record RequestLocal(int priority) implements Reservation {}

        /** What the group has, or waits for, has another urgency now. */
        record UpdateLocal(int priority) implements Reservation {}

        record CancelLocal() implements Reservation {}

        /** For a replica: answered by {@link RecoveryEvent.RemoteReserved}, and ended by {@link RecoveryEvent.RemotePreempted}. */
        record RequestRemote(int priority) implements Reservation {}

        record CancelRemote() implements Reservation {}

        /** The event is to come after osd_recovery_retry_interval or osd_backfill_retry_interval. */
        record Retry(RecoveryEvent event, boolean backfill) implements Reservation {}
    }

    /** What those around peering have to know. */
    public enum Notice {
        /** A new interval: operations under way are void, clients will send them again; recovery stops. */
        INTERVAL_CHANGED,
        /** Clients' operations may be taken from now on. */
        ACTIVE,
        /** The group's copy here is of no use any more: it is to be removed, and nothing else is to be done for it. */
        REMOVE,
        /** The primary may serve again, or at last: requests that waited for that begin. */
        READABLE,
        /** The group has peered with fewer than min_size: nothing is served. */
        PEERED,
        CLEAN,
        /** The group's statistics changed and should be reported. */
        STATS
    }

    boolean isEmpty() {
        return transaction.isEmpty()
                && now.isEmpty()
                && whenDurable.isEmpty()
                && monitor.isEmpty()
                && reservations.isEmpty()
                && notices.isEmpty();
    }

    /** Effects being collected. */
    static final class Builder {
        final Transaction transaction = new Transaction();
        private final List<Send> now = new ArrayList<>();
        private final List<PeeringEvent> whenDurable = new ArrayList<>();
        private final List<MonitorRequest> monitor = new ArrayList<>();
        private final List<Reservation> reservations = new ArrayList<>();
        private final EnumSet<Notice> notices = EnumSet.noneOf(Notice.class);

        void send(PgShard to, PeerMessage message) {
            now.add(new Send(to, message));
        }

        void whenDurable(PeeringEvent event) {
            whenDurable.add(event);
        }

        void ask(MonitorRequest request) {
            monitor.add(request);
        }

        void reserve(Reservation reservation) {
            reservations.add(reservation);
        }

        void notice(Notice notice) {
            notices.add(notice);
        }

        Effects build() {
            return new Effects(
                    transaction,
                    List.copyOf(now),
                    List.copyOf(whenDurable),
                    List.copyOf(monitor),
                    List.copyOf(reservations),
                    notices);
        }
    }
}
