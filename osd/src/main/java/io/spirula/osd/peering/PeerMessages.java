package io.spirula.osd.peering;

import io.spirula.common.encoding.MalformedInput;
import io.spirula.common.message.BackfillReserve;
import io.spirula.common.message.Message;
import io.spirula.common.message.OsdPgInfo2;
import io.spirula.common.message.OsdPgLease;
import io.spirula.common.message.OsdPgLeaseAck;
import io.spirula.common.message.OsdPgLog;
import io.spirula.common.message.OsdPgNotify2;
import io.spirula.common.message.OsdPgQuery2;
import io.spirula.common.message.OsdPgRemove;
import io.spirula.common.message.RecoveryReserve;
import io.spirula.common.pg.PgShard;
import io.spirula.common.types.ShardPgId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Peering's messages as they are on the wire, and back. */
public final class PeerMessages {
    /** In the order of their numbers on the wire: the enums of MRecoveryReserve and MBackfillReserve. */
    private static final List<PeerMessage.Reserve.Kind> RECOVERY_KINDS = List.of(
            PeerMessage.Reserve.Kind.REQUEST,
            PeerMessage.Reserve.Kind.GRANT,
            PeerMessage.Reserve.Kind.RELEASE,
            PeerMessage.Reserve.Kind.REVOKE);

    private static final List<PeerMessage.Reserve.Kind> BACKFILL_KINDS = List.of(PeerMessage.Reserve.Kind.values());

    private PeerMessages() {}

    /** A message from the wire: which group it is about, from whose shard, and what it says. */
    public record Arrived(ShardPgId pg, PgShard from, PeerMessage message) {}

    public static Message toWire(ShardPgId pg, PgShard from, PgShard to, PeerMessage message) {
        return switch (message) {
            case PeerMessage.Notify m -> new OsdPgNotify2(pg, m.content());
            case PeerMessage.InfoShare m ->
                new OsdPgInfo2(pg, m.epochSent(), m.queryEpoch(), m.info(), m.lease(), m.leaseAck());
            case PeerMessage.Query m -> new OsdPgQuery2(pg, m.query());
            case PeerMessage.Log m ->
                new OsdPgLog(
                        m.epochSent(),
                        m.info(),
                        m.log(),
                        m.missing(),
                        m.queryEpoch(),
                        m.pastIntervals(),
                        to.shard(),
                        from.shard(),
                        m.lease());
            case PeerMessage.Lease m -> new OsdPgLease(m.epochSent(), pg, m.lease());
            case PeerMessage.Remove m -> new OsdPgRemove(m.epochSent(), List.of(pg));
            case PeerMessage.LeaseAck m -> new OsdPgLeaseAck(m.epochSent(), pg, m.ack());
            case PeerMessage.Reserve m -> reserve(pg, m);
        };
    }

    /** Null for a message that is none of peering's. {@code osd} is the number of the sender. */
    public static @Nullable Arrived fromWire(int osd, Message message) {
        return switch (message) {
            case OsdPgNotify2 m ->
                new Arrived(m.pg(), new PgShard(osd, m.peerInfo().from()), new PeerMessage.Notify(m.peerInfo()));
            case OsdPgInfo2 m ->
                new Arrived(
                        m.pg(),
                        new PgShard(osd, m.info().pg().shard()),
                        new PeerMessage.InfoShare(m.epochSent(), m.minEpoch(), m.info(), m.lease(), m.leaseAck()));
            case OsdPgQuery2 m ->
                new Arrived(m.pg(), new PgShard(osd, m.query().from()), new PeerMessage.Query(m.query()));
            case OsdPgLog m ->
                new Arrived(
                        new ShardPgId(m.info().pg().pg(), m.to()),
                        new PgShard(osd, m.from()),
                        new PeerMessage.Log(
                                m.epoch(),
                                m.queryEpoch(),
                                m.info(),
                                m.log(),
                                m.missing(),
                                m.pastIntervals(),
                                m.lease()));
            case OsdPgLease m -> new Arrived(m.pg(), PgShard.replica(osd), new PeerMessage.Lease(m.epoch(), m.lease()));
            case OsdPgRemove m ->
                m.pgs().size() == 1
                        ? new Arrived(m.pgs().getFirst(), PgShard.replica(osd), new PeerMessage.Remove(m.epoch()))
                        : null;
            case OsdPgLeaseAck m ->
                new Arrived(m.pg(), PgShard.replica(osd), new PeerMessage.LeaseAck(m.epoch(), m.leaseAck()));
            case RecoveryReserve m -> new Arrived(m.pg(), new PgShard(osd, m.pg().shard()), reserve(m));
            case BackfillReserve m -> new Arrived(m.pg(), new PgShard(osd, m.pg().shard()), reserve(m));
            default -> null;
        };
    }

    private static Message reserve(ShardPgId pg, PeerMessage.Reserve m) {
        PeerMessage.Reserve.Kind kind = m.kind();
        return m.backfill()
                ? new BackfillReserve(
                        pg, m.epoch(), BACKFILL_KINDS.indexOf(kind), m.priority(), m.primaryBytes(), m.shardBytes())
                : new RecoveryReserve(pg, m.epoch(), RECOVERY_KINDS.indexOf(kind), m.priority());
    }

    private static PeerMessage.Reserve reserve(RecoveryReserve m) {
        return new PeerMessage.Reserve(
                m.queryEpoch(), false, kind(RECOVERY_KINDS, m.kind()), m.reservationPriority(), 0, 0);
    }

    private static PeerMessage.Reserve reserve(BackfillReserve m) {
        return new PeerMessage.Reserve(
                m.queryEpoch(),
                true,
                kind(BACKFILL_KINDS, m.kind()),
                m.reservationPriority(),
                m.primaryBytes(),
                m.shardBytes());
    }

    private static PeerMessage.Reserve.Kind kind(List<PeerMessage.Reserve.Kind> kinds, int number) {
        if (number < 0 || number >= kinds.size()) {
            throw new MalformedInput("a reservation's message of unknown kind " + number);
        }
        return kinds.get(number);
    }
}
