package io.spirula.osd.peering;

import io.spirula.common.pg.PastIntervals;
import io.spirula.common.pg.PgInfo;
import io.spirula.common.pg.PgLease;
import io.spirula.common.pg.PgLeaseAck;
import io.spirula.common.pg.PgLogEntry;
import io.spirula.common.pg.PgLogRecord;
import io.spirula.common.pg.PgShard;
import io.spirula.common.types.EVersion;
import io.spirula.common.types.ObjectId;
import io.spirula.osd.pglog.MissingSet;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The agreement put into effect: each replica is sent what it lacks of the log, everybody makes it durable, and then operations may go on. Ceph: PeeringState::activate and what follows it. */
final class Activation {
    /** How much of the log a replica gets that starts from nothing: for requests sent twice. */
    private static final int ENTRIES_FOR_BACKFILL = 250;

    private final PgCore core;
    private final RecoveryReservations recovery;
    /** On a replica: what it was asked for last. */
    private @Nullable PgLease promised;

    Activation(PgCore core) {
        this.core = core;
        recovery = new RecoveryReservations(core, this::recovered);
    }

    /** What comes after it, where objects are missing. */
    RecoveryReservations recovery() {
        return recovery;
    }

    PeeringState asPrimary() {
        if (core.isWriteable()) {
            core.info(PgInfos.withStarted(
                    core.info, core.map.epoch(), core.info.history().sameIntervalSince()));
        }
        core.followLog(core.info.lastUserVersion());
        core.lease.mayBeServing(core.notHeard(), core.map);
        core.lease.serve(Intervals.shards(core.map.acting()).stream()
                .filter(shard -> !shard.equals(core.self))
                .toList());
        for (PgShard peer : core.otherParticipants()) {
            bringUpToDate(peer);
        }
        core.unfound.reset();
        if (recovery.needsRecovery()) {
            core.unfound.begin();
        }
        core.out.whenDurable(new PeeringEvent.ActivateCommitted(core.map.epoch()));
        core.out.notice(Effects.Notice.STATS);
        return new PeeringState.Activating(Set.of());
    }

    private void bringUpToDate(PgShard peer) {
        PgInfo theirs = core.peerInfo.getOrDefault(peer, PgInfo.empty(core.pg));
        MissingSet theirMissing = core.peerMissing.computeIfAbsent(peer, p -> new MissingSet(null));
        PastIntervals past = theirs.doesNotExist() ? core.past : PastIntervals.EMPTY;
        PgLogRecord sent;
        PgInfo shared = core.info;
        if (theirs.lastUpdate().equals(core.info.lastUpdate()) && !theirs.isEmpty()) {
            core.shareInfo(peer, core.info);
            core.peerInfo.put(peer, upToDate(theirs, theirMissing));
            return;
        } else if (core.log.tail().compareTo(theirs.lastUpdate()) > 0
                || theirs.lastBackfill().equals(ObjectId.MIN)
                || core.backfillTargets.contains(peer) && theirs.lastBackfill().max()) {
            // Nothing that its log says helps: all objects are to be copied, from the first one on.
            sent = core.log.copyNewest(ENTRIES_FOR_BACKFILL);
            theirs = PgInfos.withBackfill(core.info, ObjectId.MIN);
            shared = PgInfos.withLogTail(theirs, sent.tail());
            theirMissing = new MissingSet(null);
            core.peerMissing.put(peer, theirMissing);
        } else {
            sent = core.log.copyAfter(theirs.lastUpdate());
            for (PgLogEntry entry : sent.entries()) {
                theirMissing.happened(entry, theirs.lastBackfill());
            }
        }
        core.sendLog(peer, core.map.epoch(), shared, sent, past);
        core.peerInfo.put(peer, upToDate(theirs, theirMissing));
    }

    private PgInfo upToDate(PgInfo theirs, MissingSet theirMissing) {
        EVersion complete = theirMissing.isEmpty() ? core.info.lastUpdate() : theirs.lastComplete();
        return PgInfos.withUpdate(theirs, core.info.lastUpdate(), complete, core.info.lastUserVersion());
    }

    /** A replica is told to activate with the primary's log. */
    PeeringState withLog(PeerMessage.Log message) {
        PgInfo theirs = message.info();
        promise(message.lease());
        core.updateHistory(theirs.history());
        if (!message.pastIntervals().isEmpty() && core.past.isEmpty()) {
            core.past(message.pastIntervals());
        }
        if (theirs.lastBackfill().equals(ObjectId.MIN)) {
            core.merge().replace(message.log());
            PgInfo fresh = PgInfos.withHistory(theirs, core.info.history());
            core.info(PgInfos.withStarted(fresh, core.info.lastEpochStarted(), core.info.lastIntervalStarted()));
            core.followLog(theirs.lastUserVersion());
        } else {
            core.mergeLog(theirs, message.log());
        }
        return asReplica(theirs.lastEpochStarted());
    }

    /** A replica is told to activate with what it has, or with less. */
    PeeringState withInfo(PeerMessage.InfoShare message) {
        promise(message.lease());
        core.updateHistory(message.info().history());
        if (core.info.lastUpdate().compareTo(message.info().lastUpdate()) > 0) {
            core.rewindTo(message.info());
        }
        return asReplica(message.info().lastEpochStarted());
    }

    private PeeringState asReplica(int epochStarted) {
        core.sendNotify = false;
        boolean acting = core.map.acting().contains(core.self.osd());
        if (acting && core.info.lastEpochStarted() < epochStarted) {
            core.info(PgInfos.withStarted(
                    core.info, epochStarted, core.info.history().sameIntervalSince()));
        }
        core.out.whenDurable(new PeeringEvent.ActivateCommitted(core.map.epoch()));
        return new ReplicaState.RepNotRecovering();
    }

    /** On a replica: not to take part in anybody's interval but this primary's for a while. */
    void promise(@Nullable PgLease lease) {
        if (lease != null) {
            core.lease.promised(lease);
            promised = lease;
        }
    }

    /** A replica's activation is durable: the primary may count on it. */
    void tellPrimary() {
        PgInfo activated = PgInfos.withHistory(
                core.info,
                PgInfos.withStarted(
                        core.info.history(),
                        Math.max(core.info.history().lastEpochStarted(), core.info.lastEpochStarted()),
                        core.info.history().sameIntervalSince()));
        PgLeaseAck ack = promised == null ? null : new PgLeaseAck(promised.readableUntilUpperBound());
        core.out.send(
                core.primary(),
                new PeerMessage.InfoShare(core.map.epoch(), core.map.epoch(), core.told(activated), null, ack));
    }

    /** {@code who} has activated. */
    PeeringState activated(PeeringState.Activating state, PgShard who) {
        SortedSet<PgShard> activated = new TreeSet<>(state.activated());
        activated.add(who);
        return activated.containsAll(core.participants) ? allActivated() : new PeeringState.Activating(activated);
    }

    private PeeringState allActivated() {
        if (core.info.history().lastEpochStarted() == 0) {
            core.out.ask(new Effects.MonitorRequest.PgCreated());
        }
        core.info(PgInfos.withHistory(
                core.info,
                PgInfos.withStarted(
                        core.info.history(), core.info.lastEpochStarted(), core.info.lastIntervalStarted())));
        for (PgShard peer : core.otherParticipants()) {
            core.shareInfo(peer, core.info);
        }
        core.out.notice(core.isServing() ? Effects.Notice.ACTIVE : Effects.Notice.PEERED);
        core.out.notice(Effects.Notice.STATS);
        return recovery.begin();
    }

    /** More may be known of where objects are. */
    PeeringState searched(PeeringState.Active state) {
        core.out.notice(Effects.Notice.STATS);
        return state instanceof RecoveryState s ? recovery.on(s, new RecoveryEvent.DoRecovery()) : state;
    }

    /** Everybody has everything; perhaps others should act now. */
    PeeringState recovered() {
        core.followLog(core.info.lastUserVersion());
        core.out.notice(Effects.Notice.STATS);
        if (!core.map.acting().equals(core.map.up())) {
            ActingChoice choice = core.choose();
            if (choice != null && !choice.want().equals(core.map.acting())) {
                PrimaryPeering.askToAct(core, choice);
                return new PeeringState.Recovered();
            }
        }
        if (core.isWhole()) {
            // While a former primary may still serve, who took part must not be forgotten.
            if (core.lease.isWaiting()) {
                return new PeeringState.Recovered();
            }
            core.info(PgInfos.withHistory(
                    core.info,
                    PgInfos.withClean(
                            core.info.history(),
                            core.map.epoch(),
                            core.info.history().sameIntervalSince())));
            core.past(PastIntervals.EMPTY);
            core.out.notice(Effects.Notice.CLEAN);
            core.purgeStrays();
        }
        for (PgShard peer : core.otherParticipants()) {
            core.shareInfo(peer, core.info);
        }
        return new PeeringState.Clean();
    }
}
