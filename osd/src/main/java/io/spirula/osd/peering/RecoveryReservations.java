package io.spirula.osd.peering;

import io.spirula.common.pg.ObjectStats.Counter;
import io.spirula.common.pg.PgInfo;
import io.spirula.common.pg.PgShard;
import io.spirula.osd.peering.PeerMessage.Reserve.Kind;
import io.spirula.osd.peering.RecoveryState.Pause;
import io.spirula.osd.pglog.MissingSet;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * An active group's way to its recovery and backfill: no OSD takes part in more of them than it has places for, so a group gets a place at its own OSD first, then at each peer that takes part, one after the other in
 * the peers' order, and gives them back together. Ceph: the states within Active and ReplicaActive in PeeringState.
 */
final class RecoveryReservations {
    private final PgCore core;
    private final Supplier<PeeringState> recovered;

    /** @param recovered what to do when nobody misses anything */
    RecoveryReservations(PgCore core, Supplier<PeeringState> recovered) {
        this.core = core;
        this.recovered = recovered;
    }

    /** The first step for a group that has just become active, or has paused. */
    PeeringState begin() {
        core.out.notice(Effects.Notice.STATS);
        if (needsRecovery()) {
            return beginRecovery();
        }
        core.forcedRecovery = false;
        if (needsBackfill()) {
            return beginBackfill();
        }
        core.forcedBackfill = false;
        return recovered.get();
    }

    PeeringState on(PeeringState state, RecoveryEvent event) {
        PeeringState next = switch (state) {
            case RecoveryState s -> onPrimary(s, event);
            case ReplicaState s -> onReplica(s, event);
            case PeeringState.Clean s -> event instanceof RecoveryEvent.DoRecovery ? begin() : s;
            default -> state;
        };
        if (!next.equals(state)) {
            core.out.notice(Effects.Notice.STATS);
        }
        return next;
    }

    /** What is given back at this OSD when a state is left, whatever comes next. */
    void left(PeeringState before, PeeringState after) {
        if (holdsLocal(before) && !holdsLocal(after)) {
            core.out.reserve(new Effects.Reservation.CancelLocal());
        }
        if (holdsRemote(before) && !holdsRemote(after)) {
            core.out.reserve(new Effects.Reservation.CancelRemote());
        }
        if (after instanceof PeeringState.Reset && !core.isPrimary()) {
            core.forcedRecovery = false;
            core.forcedBackfill = false;
        }
    }

    private static boolean holdsLocal(PeeringState state) {
        return state instanceof RecoveryState
                && !(state instanceof RecoveryState.NotRecovering)
                && !(state instanceof RecoveryState.NotBackfilling);
    }

    private static boolean holdsRemote(PeeringState state) {
        return state instanceof ReplicaState && !(state instanceof ReplicaState.RepNotRecovering);
    }

    // The primary

    private PeeringState onPrimary(RecoveryState state, RecoveryEvent event) {
        return switch (event) {
            case RecoveryEvent.DoRecovery e -> isPaused(state) ? begin() : state;
            case RecoveryEvent.RequestBackfill e -> isPaused(state) ? begin() : state;
            case RecoveryEvent.AllReplicasRecovered e ->
                state instanceof RecoveryState.Recovering ? goOn(state) : state;
            case RecoveryEvent.Backfilled e -> state instanceof RecoveryState.Backfilling ? goOn(state) : state;
            case RecoveryEvent.Unfound e -> pause(state, Pause.UNFOUND);
            case RecoveryEvent.LocalReserved e ->
                switch (state) {
                    case RecoveryState.WaitLocalRecoveryReserved s -> askNext(List.of(), false);
                    case RecoveryState.WaitLocalBackfillReserved s -> askNext(List.of(), true);
                    default -> state;
                };
            case RecoveryEvent.LocalPreempted e -> isPaused(state) ? state : beginAgain(state);
            case RecoveryEvent.Reserve e -> answered(state, e.from(), e.message());
            case RecoveryEvent.Force e -> force(state, e);
            case RecoveryEvent.RemoteReserved e -> state;
            case RecoveryEvent.RemotePreempted e -> state;
            case RecoveryEvent.BackfillTooFull e -> state;
        };
    }

    private static boolean isPaused(RecoveryState state) {
        return state instanceof RecoveryState.NotRecovering || state instanceof RecoveryState.NotBackfilling;
    }

    private PeeringState beginRecovery() {
        if (core.participants.stream().anyMatch(p -> core.map.isFull(p.osd()))) {
            core.out.reserve(new Effects.Reservation.Retry(new RecoveryEvent.DoRecovery(), false));
            return new RecoveryState.NotRecovering(Pause.TOOFULL);
        }
        core.out.reserve(new Effects.Reservation.RequestLocal(recoveryPriority()));
        return new RecoveryState.WaitLocalRecoveryReserved();
    }

    private PeeringState beginBackfill() {
        core.out.reserve(new Effects.Reservation.RequestLocal(backfillPriority()));
        return new RecoveryState.WaitLocalBackfillReserved();
    }

    private PeeringState askNext(List<PgShard> asked, boolean backfill) {
        List<PgShard> all = backfill ? List.copyOf(core.backfillTargets) : core.otherParticipants();
        if (asked.size() == all.size()) {
            return backfill ? new RecoveryState.Backfilling() : new RecoveryState.Recovering();
        }
        PgShard next = all.get(asked.size());
        PgInfo theirs = core.peerInfo.get(next);
        core.out.send(
                next,
                new PeerMessage.Reserve(
                        core.map.epoch(),
                        backfill,
                        Kind.REQUEST,
                        backfill ? backfillPriority() : recoveryPriority(),
                        backfill ? core.info.stats().stats().get(Counter.BYTES) : 0,
                        backfill && theirs != null ? theirs.stats().stats().get(Counter.BYTES) : 0));
        List<PgShard> more = new ArrayList<>(asked);
        more.add(next);
        return backfill
                ? new RecoveryState.WaitRemoteBackfillReserved(List.copyOf(more))
                : new RecoveryState.WaitRemoteRecoveryReserved(List.copyOf(more));
    }

    private PeeringState answered(RecoveryState state, PgShard from, PeerMessage.Reserve message) {
        return switch (message.kind()) {
            case GRANT ->
                switch (state) {
                    case RecoveryState.WaitRemoteRecoveryReserved s ->
                        !message.backfill() && s.asked().getLast().equals(from) ? askNext(s.asked(), false) : s;
                    case RecoveryState.WaitRemoteBackfillReserved s ->
                        message.backfill() && s.asked().getLast().equals(from) ? askNext(s.asked(), true) : s;
                    default -> state;
                };
            case REJECT_TOOFULL, REVOKE_TOOFULL -> {
                if (!message.backfill() || !asked(state).contains(from)) {
                    yield state;
                }
                core.out.reserve(new Effects.Reservation.Retry(new RecoveryEvent.RequestBackfill(), true));
                yield pause(state, Pause.TOOFULL);
            }
            case REVOKE -> {
                if (!asked(state).contains(from) || message.backfill() != isBackfill(state)) {
                    yield state;
                }
                yield beginAgain(state);
            }
            case REQUEST, RELEASE -> state;
        };
    }

    /** Gives back all places, and waits. */
    private PeeringState pause(RecoveryState state, Pause why) {
        if (isPaused(state)) {
            return state;
        }
        release(state);
        return isBackfill(state) ? new RecoveryState.NotBackfilling(why) : new RecoveryState.NotRecovering(why);
    }

    /** One kind of copying is done; perhaps the other is to follow, with places of its own. */
    private PeeringState goOn(RecoveryState state) {
        if (needsRecovery() || needsBackfill()) {
            return beginAgain(state);
        }
        release(state);
        return begin();
    }

    /** Gives back all places, and gets in line again. */
    private PeeringState beginAgain(RecoveryState state) {
        release(state);
        core.out.reserve(new Effects.Reservation.CancelLocal());
        return begin();
    }

    private void release(RecoveryState state) {
        boolean backfill = isBackfill(state);
        for (PgShard peer : asked(state)) {
            core.out.send(peer, PeerMessage.Reserve.of(core.map.epoch(), backfill, Kind.RELEASE));
        }
    }

    private static boolean isBackfill(RecoveryState state) {
        return switch (state) {
            case RecoveryState.WaitLocalRecoveryReserved s -> false;
            case RecoveryState.WaitRemoteRecoveryReserved s -> false;
            case RecoveryState.Recovering s -> false;
            case RecoveryState.NotRecovering s -> false;
            case RecoveryState.WaitLocalBackfillReserved s -> true;
            case RecoveryState.WaitRemoteBackfillReserved s -> true;
            case RecoveryState.Backfilling s -> true;
            case RecoveryState.NotBackfilling s -> true;
        };
    }

    private List<PgShard> asked(RecoveryState state) {
        return switch (state) {
            case RecoveryState.WaitRemoteRecoveryReserved s -> s.asked();
            case RecoveryState.WaitRemoteBackfillReserved s -> s.asked();
            case RecoveryState.Recovering s -> core.otherParticipants();
            case RecoveryState.Backfilling s -> List.copyOf(core.backfillTargets);
            case RecoveryState.WaitLocalRecoveryReserved s -> List.of();
            case RecoveryState.WaitLocalBackfillReserved s -> List.of();
            case RecoveryState.NotRecovering s -> List.of();
            case RecoveryState.NotBackfilling s -> List.of();
        };
    }

    private PeeringState force(RecoveryState state, RecoveryEvent.Force e) {
        if (e.backfill()) {
            core.forcedBackfill = e.on();
        } else {
            core.forcedRecovery = e.on();
        }
        if (holdsLocal(state)) {
            core.out.reserve(
                    new Effects.Reservation.UpdateLocal(isBackfill(state) ? backfillPriority() : recoveryPriority()));
        }
        core.out.notice(Effects.Notice.STATS);
        return state;
    }

    // A replica

    private PeeringState onReplica(ReplicaState state, RecoveryEvent event) {
        return switch (event) {
            case RecoveryEvent.Reserve e -> asked(state, e.message(), e.tooFull());
            case RecoveryEvent.RemoteReserved e ->
                switch (state) {
                    case ReplicaState.RepWaitRecoveryReserved s -> {
                        tell(false, Kind.GRANT);
                        yield new ReplicaState.RepRecovering(false);
                    }
                    case ReplicaState.RepWaitBackfillReserved s -> {
                        tell(true, e.tooFull() ? Kind.REJECT_TOOFULL : Kind.GRANT);
                        yield e.tooFull() ? new ReplicaState.RepNotRecovering() : new ReplicaState.RepRecovering(true);
                    }
                    case ReplicaState.RepNotRecovering s -> s;
                    case ReplicaState.RepRecovering s -> s;
                };
            case RecoveryEvent.RemotePreempted e -> {
                // Also one that waits: it had got the place, and lost it before it heard of that.
                switch (state) {
                    case ReplicaState.RepRecovering s -> tell(s.backfill(), Kind.REVOKE);
                    case ReplicaState.RepWaitRecoveryReserved s -> tell(false, Kind.REVOKE);
                    case ReplicaState.RepWaitBackfillReserved s -> tell(true, Kind.REVOKE);
                    case ReplicaState.RepNotRecovering s -> {}
                }
                yield new ReplicaState.RepNotRecovering();
            }
            case RecoveryEvent.BackfillTooFull e -> {
                if (!(state instanceof ReplicaState.RepRecovering s) || !s.backfill()) {
                    yield state;
                }
                tell(true, Kind.REVOKE_TOOFULL);
                yield new ReplicaState.RepNotRecovering();
            }
            case RecoveryEvent.DoRecovery e -> state;
            case RecoveryEvent.RequestBackfill e -> state;
            case RecoveryEvent.AllReplicasRecovered e -> state;
            case RecoveryEvent.Backfilled e -> state;
            case RecoveryEvent.Unfound e -> state;
            case RecoveryEvent.LocalReserved e -> state;
            case RecoveryEvent.LocalPreempted e -> state;
            case RecoveryEvent.Force e -> state;
        };
    }

    private PeeringState asked(ReplicaState state, PeerMessage.Reserve message, boolean tooFull) {
        return switch (message.kind()) {
            case REQUEST -> {
                if (message.backfill() && tooFull) {
                    tell(true, Kind.REJECT_TOOFULL);
                    yield new ReplicaState.RepNotRecovering();
                }
                if (holdsRemote(state)) {
                    core.out.reserve(new Effects.Reservation.CancelRemote());
                }
                core.out.reserve(new Effects.Reservation.RequestRemote(message.priority()));
                yield message.backfill()
                        ? new ReplicaState.RepWaitBackfillReserved()
                        : new ReplicaState.RepWaitRecoveryReserved();
            }
            case RELEASE -> new ReplicaState.RepNotRecovering();
            case GRANT, REJECT_TOOFULL, REVOKE_TOOFULL, REVOKE -> state;
        };
    }

    private void tell(boolean backfill, Kind kind) {
        core.out.send(core.primary(), PeerMessage.Reserve.of(core.map.epoch(), backfill, kind));
    }

    // What there is to do

    boolean needsRecovery() {
        return !core.missing.isEmpty() || core.otherParticipants().stream().anyMatch(this::misses);
    }

    private boolean misses(PgShard peer) {
        MissingSet theirs = core.peerMissing.get(peer);
        return theirs != null && !theirs.isEmpty();
    }

    boolean needsBackfill() {
        return core.backfillTargets.stream().anyMatch(core::needsBackfill);
    }

    private int recoveryPriority() {
        int whole = core.missing.isEmpty() ? 1 : 0;
        for (PgShard peer : core.otherParticipants()) {
            whole += misses(peer) || core.needsBackfill(peer) ? 0 : 1;
        }
        return RecoveryPriority.recovery(core.map, whole, needsRecovery() || !core.isWhole(), core.forcedRecovery);
    }

    private int backfillPriority() {
        boolean degraded = needsRecovery()
                || core.backfillTargets.stream().anyMatch(p -> core.map.acting().contains(p.osd()));
        return RecoveryPriority.backfill(core.map, core.acting(), degraded, core.forcedBackfill);
    }
}
