package io.spirula.osd.peering;

import io.spirula.common.pg.PgShard;

/** What happens to a group's recovery and its reservations. Ceph's names (osd/PeeringState.h) where it has them. */
public sealed interface RecoveryEvent extends PeeringEvent.OfRecovery {
    /** Recovery may begin, or begin again. */
    record DoRecovery() implements RecoveryEvent {}

    /** Backfill may begin, or begin again. */
    record RequestBackfill() implements RecoveryEvent {}

    /** Nothing that the logs tell of is missing any more, here and on the replicas. */
    record AllReplicasRecovered() implements RecoveryEvent {}

    /** All backfill targets are complete. */
    record Backfilled() implements RecoveryEvent {}

    /** What is missing still, nobody has. Ceph: UnfoundRecovery, UnfoundBackfill. */
    record Unfound() implements RecoveryEvent {}

    /** This OSD has a place for the group. Ceph: LocalRecoveryReserved, LocalBackfillReserved. */
    record LocalReserved() implements RecoveryEvent {}

    /** The place is needed for a more urgent group. Ceph: DeferRecovery, DeferBackfill. */
    record LocalPreempted() implements RecoveryEvent {}

    /** A peer's word on reservations: an answer to the primary, or a primary's wish. */
    record Reserve(PgShard from, PeerMessage.Reserve message, boolean tooFull) implements RecoveryEvent {}

    /** On a replica: its OSD has a place for the primary; or has no room left. Ceph: RemoteRecoveryReserved, RemoteBackfillReserved. */
    record RemoteReserved(boolean tooFull) implements RecoveryEvent {}

    /** On a replica: the place is needed for a more urgent group. Ceph: RemoteRecoveryPreempted, RemoteBackfillPreempted. */
    record RemotePreempted() implements RecoveryEvent {}

    /** On a replica that is being backfilled: the disk has become too full. */
    record BackfillTooFull() implements RecoveryEvent {}

    /** An operator wants this group's recovery or backfill before that of others, or does not any more. Ceph: SetForceRecovery and its like. */
    record Force(boolean backfill, boolean on) implements RecoveryEvent {}
}
