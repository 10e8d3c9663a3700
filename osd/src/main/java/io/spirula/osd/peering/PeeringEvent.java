package io.spirula.osd.peering;

import io.spirula.common.pg.PgShard;

/** What happens to a placement group's peering. Ceph's names (osd/PGPeeringEvent.h, PeeringState.h). */
public sealed interface PeeringEvent {
    /** The group was made or read from the store; {@code map} is the one that its state belongs to. Ceph: Initialize, Load. */
    record Initialize(PeeringMap map) implements PeeringEvent {}

    /** The next map. Every epoch's is given, in order. */
    record AdvMap(PeeringMap map) implements PeeringEvent {}

    /** No newer map for now. */
    record ActMap() implements PeeringEvent {}

    record MNotifyRec(PgShard from, PeerMessage.Notify message) implements PeeringEvent {}

    record MInfoRec(PgShard from, PeerMessage.InfoShare message) implements PeeringEvent {}

    record MLogRec(PgShard from, PeerMessage.Log message) implements PeeringEvent {}

    record MQuery(PgShard from, PeerMessage.Query message) implements PeeringEvent {}

    record MLease(PgShard from, PeerMessage.Lease message) implements PeeringEvent {}

    record MRemove(PgShard from, PeerMessage.Remove message) implements PeeringEvent {}

    record MLeaseAck(PgShard from, PeerMessage.LeaseAck message) implements PeeringEvent {}

    /** Nobody from an earlier interval can be serving any more. */
    record CheckReadable() implements PeeringEvent {}

    /** A primary's lease has run for a while. */
    record RenewLease() implements PeeringEvent {}

    /** The transaction of an activation is durable here. */
    record ActivateCommitted(int epoch) implements PeeringEvent {}

    /** What happens to recovery, backfill and their reservations. */
    sealed interface OfRecovery extends PeeringEvent permits RecoveryEvent {}

    /** @param tooFull whether this OSD has no room for what the message may ask a place for */
    static PeeringEvent received(PgShard from, PeerMessage message, boolean tooFull) {
        return switch (message) {
            case PeerMessage.Notify m -> new MNotifyRec(from, m);
            case PeerMessage.InfoShare m -> new MInfoRec(from, m);
            case PeerMessage.Log m -> new MLogRec(from, m);
            case PeerMessage.Query m -> new MQuery(from, m);
            case PeerMessage.Lease m -> new MLease(from, m);
            case PeerMessage.Remove m -> new MRemove(from, m);
            case PeerMessage.LeaseAck m -> new MLeaseAck(from, m);
            case PeerMessage.Reserve m -> new RecoveryEvent.Reserve(from, m, tooFull);
        };
    }
}
