package io.spirula.osd.peering;

import io.spirula.common.pg.PgInfo;
import io.spirula.common.pg.PgLease;
import io.spirula.common.pg.PgQuery;
import io.spirula.common.pg.PgShard;
import io.spirula.common.types.EVersion;
import io.spirula.common.types.ObjectId;
import io.spirula.osd.pglog.LogMerge;
import io.spirula.osd.pglog.MissingSet;
import java.util.List;
import java.util.TreeSet;

/** A primary's way to agreement: GetInfo, GetLog, GetMissing, WaitUpThru. Each step returns the state it leads to. */
final class PrimaryPeering {
    private final PgCore core;
    private final Activation activation;

    PrimaryPeering(PgCore core, Activation activation) {
        this.core = core;
        this.activation = activation;
    }

    PeeringState start() {
        PriorSet prior = PriorSet.of(core.map, core.past, core.info.history().lastEpochStarted());
        core.lease.mayBeServing(core.notHeard(), core.map);
        core.needUpThru = core.map.upThru(core.self.osd()) < core.info.history().sameIntervalSince();
        if (core.needUpThru && !prior.pgDown()) {
            core.out.ask(new Effects.MonitorRequest.UpThru(core.info.history().sameIntervalSince()));
        }
        return askInfos(prior, new TreeSet<>());
    }

    void renewLease() {
        PgLease lease = core.lease.renew();
        for (PgShard peer : Intervals.shards(core.map.acting())) {
            if (!peer.equals(core.self)) {
                core.out.send(peer, new PeerMessage.Lease(core.map.epoch(), lease));
            }
        }
    }

    private PeeringState askInfos(PriorSet prior, TreeSet<PgShard> alreadyAsked) {
        TreeSet<PgShard> awaited = new TreeSet<>();
        for (PgShard peer : prior.probe()) {
            if (peer.equals(core.self) || core.peerInfo.containsKey(peer) || !core.map.isUp(peer.osd())) {
                continue;
            }
            awaited.add(peer);
            if (!alreadyAsked.contains(peer)) {
                core.query(peer, PgQuery.Kind.INFO, EVersion.ZERO);
            }
        }
        if (prior.pgDown()) {
            return new PeeringState.Down(prior);
        }
        return awaited.isEmpty() ? getLog(prior) : new PeeringState.GetInfo(prior, awaited);
    }

    /** Somebody's info came. */
    PeeringState notified(PeeringState state, PgShard from, PeerMessage.Notify message) {
        if (!core.map.hasBeenUpSince(from.osd(), message.epochSent())) {
            return state;
        }
        int startedBefore = core.info.history().lastEpochStarted();
        boolean news = learn(from, message.content().info());
        boolean startedLater = core.info.history().lastEpochStarted() > startedBefore;
        return switch (state) {
            case PeeringState.GetInfo s -> {
                TreeSet<PgShard> awaited = new TreeSet<>(s.awaited());
                awaited.remove(from);
                if (startedLater) {
                    yield askInfos(
                            PriorSet.of(core.map, core.past, core.info.history().lastEpochStarted()), awaited);
                }
                yield awaited.isEmpty() ? getLog(s.prior()) : new PeeringState.GetInfo(s.prior(), awaited);
            }
            case PeeringState.Down s -> startedLater ? start() : s;
            case PeeringState.Incomplete s -> news ? getLog(s.prior()) : s;
            case PeeringState.Active s -> {
                if (news) {
                    turnedUp(from, s);
                }
                yield s;
            }
            default -> state;
        };
    }

    /** Somebody has a copy and did not take part in the agreement. */
    private void turnedUp(PgShard from, PeeringState.Active state) {
        if (state instanceof PeeringState.Clean && core.isWhole()) {
            core.purgeStrays();
            return;
        }
        core.unfound.add(from);
        if (core.unfound.isAny()) {
            core.unfound.ask();
        }
    }

    /** Takes note of a peer's info; false where it says nothing new. Ceph: proc_replica_info. */
    private boolean learn(PgShard from, PgInfo theirs) {
        if (core.peerInfo.containsKey(from) || core.purged.contains(from)) {
            return false; // it says so with every map; what we know by now may be what we made of it
        }
        core.peerInfo.put(from, theirs);
        core.updateHistory(theirs.history());
        core.hearReport(theirs.stats());
        return true;
    }

    private PeeringState getLog(PriorSet prior) {
        core.historyBinds = ActingChoice.isBoundByHistory(core.allInfos());
        ActingChoice choice = core.choose();
        if (choice == null) {
            if (!core.map.up().equals(core.map.acting())) {
                core.out.ask(new Effects.MonitorRequest.PgTemp(List.of()));
                return new PeeringState.WaitActingChange(prior, core.map.up());
            }
            return new PeeringState.Incomplete(prior);
        }
        if (!choice.want().equals(core.map.acting())) {
            askToAct(core, choice);
            return new PeeringState.WaitActingChange(prior, choice.want());
        }
        core.participants = choice.participants();
        core.backfillTargets = choice.backfill();
        core.asyncRecoveryTargets = choice.asyncRecovery();
        if (choice.authority().equals(core.self)) {
            return getMissing(prior);
        }
        PgInfo best = core.peerInfo.get(choice.authority());
        if (best == null || core.info.lastUpdate().compareTo(best.logTail()) < 0) {
            return new PeeringState.Incomplete(prior);
        }
        EVersion since = core.info.lastUpdate();
        for (PgShard peer : core.otherParticipants()) {
            // Ask for as much as the one who is furthest behind will need of us.
            PgInfo theirs = core.peerInfo.get(peer);
            if (theirs != null
                    && theirs.lastUpdate().compareTo(best.logTail()) >= 0
                    && theirs.lastUpdate().compareTo(since) < 0) {
                since = theirs.lastUpdate();
            }
        }
        core.query(choice.authority(), PgQuery.Kind.LOG, since);
        return new PeeringState.GetLog(prior, choice.authority());
    }

    static void askToAct(PgCore core, ActingChoice choice) {
        core.out.ask(
                new Effects.MonitorRequest.PgTemp(choice.want().equals(core.map.up()) ? List.of() : choice.want()));
    }

    /** A log that was asked for came. */
    PeeringState logReceived(PeeringState state, PgShard from, PeerMessage.Log message) {
        return switch (state) {
            case PeeringState.GetLog s -> {
                if (!from.equals(s.authority())) {
                    yield s;
                }
                core.mergeLog(message.info(), message.log());
                PgInfo mine = core.info;
                if (message.info().lastEpochStarted() > mine.lastEpochStarted()) {
                    core.info(PgInfos.withStarted(
                            mine,
                            message.info().lastEpochStarted(),
                            message.info().lastIntervalStarted()));
                }
                core.updateHistory(message.info().history());
                core.peerInfo.put(from, message.info());
                core.peerMissing.put(from, MissingSet.of(message.missing()));
                yield getMissing(s.prior());
            }
            case PeeringState.GetMissing s -> {
                TreeSet<PgShard> awaited = new TreeSet<>(s.awaited());
                if (!awaited.remove(from)) {
                    yield s;
                }
                compareWith(from, message);
                yield awaited.isEmpty() ? agree(s.prior()) : new PeeringState.GetMissing(s.prior(), awaited);
            }
            case PeeringState.Active s -> {
                if (!core.unfound.isAsked(from) || core.participants.contains(from)) {
                    yield s;
                }
                compareWith(from, message);
                yield activation.searched(s);
            }
            default -> state;
        };
    }

    private PeeringState getMissing(PriorSet prior) {
        TreeSet<PgShard> awaited = new TreeSet<>();
        for (PgShard peer : core.otherParticipants()) {
            PgInfo theirs = core.peerInfo.get(peer);
            if (theirs == null) {
                continue;
            }
            boolean knownToMissNothing =
                    !theirs.hasMissing() && theirs.lastUpdate().equals(core.info.lastUpdate());
            boolean willBeBackfilled = theirs.isEmpty()
                    || theirs.lastUpdate().compareTo(core.log.tail()) < 0
                    || theirs.lastBackfill().equals(ObjectId.MIN);
            if (knownToMissNothing || willBeBackfilled) {
                core.peerMissing.put(peer, new MissingSet(null));
            } else if (!core.peerMissing.containsKey(peer)) { // but not the authority, whose log is ours now
                // From the last time it was active on, so that all it has alone is seen; but it may have started later
                // than its newest entry is, as a primary whom nobody followed.
                EVersion started = new EVersion(theirs.lastEpochStarted(), 0);
                EVersion common = core.log.newestUpTo(theirs.lastUpdate());
                EVersion since = started.compareTo(common) < 0 ? started : common;
                boolean whole = theirs.logTail().compareTo(since) > 0;
                core.query(peer, whole ? PgQuery.Kind.FULL_LOG : PgQuery.Kind.LOG, whole ? EVersion.ZERO : since);
                awaited.add(peer);
            }
        }
        return awaited.isEmpty() ? agree(prior) : new PeeringState.GetMissing(prior, awaited);
    }

    /** What a peer will miss, and from where on our log is news to it. Ceph: proc_replica_log. */
    private void compareWith(PgShard from, PeerMessage.Log message) {
        MissingSet theirMissing = MissingSet.of(message.missing());
        PgInfo theirs = message.info();
        if (message.log().head().compareTo(core.log.tail()) >= 0
                && !message.log().head().equals(core.log.head())) {
            EVersion common = LogMerge.peerAfterRewind(core.log, message.log(), theirMissing, theirs.lastBackfill());
            if (common.compareTo(theirs.lastUpdate()) < 0) {
                theirs = PgInfos.withUpdate(theirs, common, theirs.lastComplete(), theirs.lastUserVersion());
            }
        }
        core.updateHistory(theirs.history());
        core.peerInfo.put(from, theirs);
        core.peerMissing.put(from, theirMissing);
    }

    private PeeringState agree(PriorSet prior) {
        return core.needUpThru ? new PeeringState.WaitUpThru(prior) : activation.asPrimary();
    }

    /** A map came that does not start an interval. */
    PeeringState mapped(PeeringState.Peering state) {
        if (state.prior().isAffectedBy(core.map) || lacksWhatItWaitsFor(state)) {
            return new PeeringState.Reset();
        }
        if (core.map.upThru(core.self.osd()) >= core.info.history().sameIntervalSince()) {
            core.needUpThru = false;
        }
        return state;
    }

    /** Whoever has the log, or should act, need not be one of those who had to be heard. */
    private boolean lacksWhatItWaitsFor(PeeringState.Peering state) {
        return switch (state) {
            case PeeringState.GetLog s -> !core.map.isUp(s.authority().osd());
            case PeeringState.WaitActingChange s ->
                s.want().stream().anyMatch(osd -> osd != PeeringMap.NONE && !core.map.isUp(osd));
            case PeeringState.GetInfo s -> false;
            case PeeringState.GetMissing s -> false;
            case PeeringState.WaitUpThru s -> false;
            case PeeringState.Down s -> false;
            case PeeringState.Incomplete s -> false;
        };
    }

    PeeringState activateIfKnownAlive(PeeringState.WaitUpThru state) {
        return core.needUpThru ? state : activation.asPrimary();
    }
}
