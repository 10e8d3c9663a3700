package io.spirula.osd.peering;

import io.spirula.common.command.Json;
import io.spirula.common.encoding.Bytes;
import io.spirula.common.encoding.Decoder;
import io.spirula.common.env.Clock;
import io.spirula.common.maps.PgLineage;
import io.spirula.common.maps.PgMergeMeta;
import io.spirula.common.pg.PastIntervals;
import io.spirula.common.pg.PgHistory;
import io.spirula.common.pg.PgInfo;
import io.spirula.common.pg.PgLeaseAck;
import io.spirula.common.pg.PgNotify;
import io.spirula.common.pg.PgQuery;
import io.spirula.common.pg.PgShard;
import io.spirula.common.pg.PgStats;
import io.spirula.common.types.EVersion;
import io.spirula.common.types.ShardPgId;
import io.spirula.osd.pglog.MissingSet;
import io.spirula.osd.pglog.PgLog;
import io.spirula.osd.pglog.PgMeta;
import io.spirula.osd.store.ObjectStore;
import io.spirula.osd.store.Transaction;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.function.Supplier;

/**
 * One placement group's peering on one OSD: {@link #handle} takes what happens and gives what is to be done. Between events, {@link #members} tells the data path who takes part and what each has, and appends to the
 * log. Ceph: PeeringState.
 *
 * <p>The transaction of every {@link Effects} must be submitted, in order with those of the data path. The first event is {@link PeeringEvent.Initialize}; then every map, in order, each run of them ended by {@link
 * PeeringEvent.ActMap}. A message that a peer sent at an epoch later than ours has to wait for that map.
 */
public final class PgPeering {
    /** A change of state, for those who want to know how it came to this. */
    public record Transition(int epoch, String from, String to, Instant at) {}

    /** What a store has of a group: {@code epoch} is the map with which peering goes on. */
    public record Stored(PgInfo info, PastIntervals past, int epoch) {}

    private final PgCore core;
    private final Activation activation;
    private final PrimaryPeering primary;
    private final PgMembers members;
    private final PgReport report;
    private final PeeringTimes times = new PeeringTimes();
    private PeeringState state = new PeeringState.Initial();

    private PgPeering(PgCore core) {
        this.core = core;
        activation = new Activation(core);
        primary = new PrimaryPeering(core, activation);
        members = new PgMembers(core);
        report = new PgReport(core);
    }

    /**
     * A group that is new on this OSD. Its collection and its {@link PgMeta} object are made by {@code transaction}.
     *
     * @param history of a new group, or as the message told that made us create it; its intervals are those of {@code map}'s epoch where it has none
     */
    public static PgPeering create(
            PgShard self,
            ShardPgId pg,
            PgHistory history,
            PastIntervals past,
            PeeringMap map,
            Supplier<PgLog.Limits> limits,
            Clock clock,
            Supplier<Duration> readLease,
            Supplier<ActingCosts> costs,
            Transaction transaction) {
        PgMeta meta = new PgMeta(pg);
        transaction.add(new Transaction.CreateCollection(meta.collection()));
        transaction.add(new Transaction.Touch(meta.collection(), meta.object()));
        PgHistory started = history.sameIntervalSince() == 0
                ? PgInfos.withIntervals(history, map.epoch(), map.epoch(), map.epoch())
                : history;
        PgInfo info = PgInfos.withHistory(PgInfo.empty(pg), started);
        PgCore core = new PgCore(
                self, meta, new PgLog(meta, limits), new MissingSet(meta), info, past, map, clock, readLease, costs);
        core.info(info);
        core.persist(transaction);
        return new PgPeering(core);
    }

    /**
     * Splits this group as the newest map wants it, which it has followed already: takes what belongs to the children out of it.
     *
     * @param before the map before that one
     * @param maps the newest map as each child sees it, by the child's seed
     * @param transaction must become durable together with the one of the step to that map
     */
    public List<PgPeering> split(PeeringMap before, SortedMap<Integer, PeeringMap> maps, Transaction transaction) {
        PgSplit split = new PgSplit(core, before, maps.size(), transaction);
        List<PgPeering> children = new ArrayList<>();
        maps.forEach((seed, map) -> children.add(new PgPeering(split.child(seed, map))));
        split.end();
        return children;
    }

    /** Takes over all that {@code sources} have, which end; before the map is followed that wants it so. {@code transaction} must become durable together with the one of that step. */
    public void merge(List<PgPeering> sources, boolean allThere, PgMergeMeta meta, Transaction transaction) {
        new PgMerge(core, meta, transaction)
                .take(sources.stream().map(s -> s.core).toList(), allThere);
    }

    /** What is stored of a group whose collection is there. Throws MalformedInput where it is damaged. */
    public static Stored stored(ObjectStore store, ShardPgId pg) {
        PgMeta meta = new PgMeta(pg);
        SortedMap<Bytes, Bytes> values = store.omapValues(
                meta.collection(),
                meta.object(),
                List.of(PgCore.INFO_KEY, PgCore.FAST_INFO_KEY, PgCore.PAST_KEY, PgCore.EPOCH_KEY));
        Bytes full = values.getOrDefault(PgCore.INFO_KEY, Bytes.EMPTY);
        Bytes fast = values.getOrDefault(PgCore.FAST_INFO_KEY, Bytes.EMPTY);
        Bytes past = values.getOrDefault(PgCore.PAST_KEY, Bytes.EMPTY);
        Bytes epoch = values.getOrDefault(PgCore.EPOCH_KEY, Bytes.EMPTY);
        return new Stored(PgCore.loadInfo(full, fast), PastIntervals.CODEC.fromBytes(past), new Decoder(epoch).i32());
    }

    /** A group from the store, to go on with the map of {@code stored.epoch()}. */
    public static PgPeering load(
            PgShard self,
            ObjectStore store,
            Stored stored,
            PeeringMap map,
            Supplier<PgLog.Limits> limits,
            Clock clock,
            Supplier<Duration> readLease,
            Supplier<ActingCosts> costs) {
        PgMeta meta = new PgMeta(stored.info().pg());
        PgLog log = new PgLog(meta, limits);
        MissingSet missing = new MissingSet(meta);
        log.load(store, stored.info().lastUpdate(), missing);
        // The log is trimmed without the info being written anew.
        PgInfo info = PgInfos.withLogTail(stored.info(), log.tail());
        PgCore core = new PgCore(self, meta, log, missing, info, stored.past(), map, clock, readLease, costs);
        core.lease.restarted();
        return new PgPeering(core);
    }

    /** The answer to a query about a group that this OSD does not have. */
    public static PeerMessage answerWithoutGroup(ShardPgId pg, PgShard self, PgQuery query, int epoch) {
        PgInfo none = PgInfo.empty(pg);
        return switch (query.kind()) {
            case INFO ->
                new PeerMessage.Notify(
                        new PgNotify(query.epochSent(), epoch, none, query.from(), self.shard(), PastIntervals.EMPTY));
            case LOG, FULL_LOG, MISSING ->
                new PeerMessage.Log(
                        epoch,
                        query.epochSent(),
                        none,
                        io.spirula.common.pg.PgLogRecord.EMPTY,
                        io.spirula.common.pg.PgMissing.EMPTY,
                        PastIntervals.EMPTY,
                        null);
        };
    }

    public PeeringState state() {
        return state;
    }

    /** The group's members and their logs, for the data path and for recovery. */
    public PgMembers members() {
        return members;
    }

    public PgReport report() {
        return report;
    }

    public PeeringMap map() {
        return core.map;
    }

    /** The members of {@code pg list_unfound} about the search. */
    public Json queryUnfound() {
        return new PgQueryDump(core, state, times).unfound();
    }

    /**
     * The members of {@code pg query} that peering knows.
     *
     * @param stats as they are reported now
     * @param recovery how far recovery is
     */
    public Json query(PgStats stats, Json recovery) {
        return new PgQueryDump(core, state, times).of(stats, recovery);
    }

    /** The newest changes of state, oldest first. */
    public List<Transition> transitions() {
        return times.transitions();
    }

    /** Takes one event. Throws IllegalStateException for one that cannot happen now. */
    public Effects handle(PeeringEvent event) {
        core.out = new Effects.Builder();
        PeeringState next = next(event);
        activation.recovery().left(state, next);
        if (!next.equals(state)) {
            times.changed(core.map.epoch(), state, next, core.clock.now());
            state = next;
            report.state(state);
        }
        core.persist(core.out.transaction);
        return core.out.build();
    }

    private PeeringState next(PeeringEvent event) {
        return switch (event) {
            case PeeringEvent.Initialize e -> initialize(e.map());
            case PeeringEvent.AdvMap e -> advance(e.map());
            case PeeringEvent.ActMap e -> mapsAreIn();
            case PeeringEvent.MNotifyRec e ->
                core.isFromThePast(e.message()) || !core.isPrimary()
                        ? state
                        : primary.notified(state, e.from(), e.message());
            case PeeringEvent.MInfoRec e -> core.isFromThePast(e.message()) ? state : info(e);
            case PeeringEvent.MLogRec e -> core.isFromThePast(e.message()) ? state : log(e);
            case PeeringEvent.MQuery e -> core.isFromThePast(e.message()) ? state : answer(e);
            case PeeringEvent.MLease e -> core.isFromThePast(e.message()) ? state : leased(e);
            case PeeringEvent.MRemove e -> {
                boolean meant = !core.isFromThePast(e.message()) && e.from().equals(core.primary());
                if (meant && state instanceof PeeringState.Stray && core.isStray(core.self)) {
                    core.out.notice(Effects.Notice.REMOVE);
                }
                yield state;
            }
            case PeeringEvent.MLeaseAck e -> {
                if (!core.isFromThePast(e.message()) && state instanceof PeeringState.Active) {
                    agreed(e.from(), e.message().ack());
                }
                yield state;
            }
            case PeeringEvent.CheckReadable e -> readable();
            case PeeringEvent.RenewLease e -> {
                if (state instanceof PeeringState.Active) {
                    lease(primary::renewLease);
                }
                yield state;
            }
            case PeeringEvent.ActivateCommitted e -> activateCommitted(e.epoch());
            case RecoveryEvent.Reserve e ->
                core.isFromThePast(e.message()) ? state : activation.recovery().on(state, e);
            case PeeringEvent.OfRecovery e -> activation.recovery().on(state, (RecoveryEvent) e);
        };
    }

    private PeeringState initialize(PeeringMap map) {
        if (!(state instanceof PeeringState.Initial)) {
            throw new IllegalStateException(core.pg + " is initialized already");
        }
        core.map = map;
        core.lastPeeringReset = map.epoch();
        core.sendNotify = !core.isPrimary();
        return new PeeringState.Reset();
    }

    private PeeringState advance(PeeringMap next) {
        PeeringMap last = core.map;
        if (next.isPoolFull() && !last.isPoolFull()) {
            core.info(PgInfos.withHistory(
                    core.info,
                    core.info.history().toBuilder()
                            .lastEpochMarkedFull(next.epoch())
                            .build()));
        }
        if (!Intervals.isNew(core.pg.pg().seed(), last, next)) {
            core.map = next;
            core.forgetDownPeers();
            if (core.lease.mapped(next)) {
                core.out.notice(Effects.Notice.READABLE);
            }
            return state instanceof PeeringState.Peering s ? reset(primary.mapped(s)) : state;
        }
        PgHistory history = core.info.history();
        core.past(Intervals.extend(core.past, history, last, next.epoch()));
        PgHistory begun = PgInfos.withIntervals(
                history,
                next.epoch(),
                last.up().equals(next.up()) ? history.sameUpSince() : next.epoch(),
                last.actingPrimary() == next.actingPrimary() ? history.samePrimarySince() : next.epoch());
        boolean splits = PgLineage.splits(core.pg.pg().seed(), last.pgNum(), next.pgNum());
        core.info(PgInfos.withHistory(
                PgInfos.withStats(core.info, PgReport.withMapping(core.info.stats(), next)),
                splits ? PgInfos.withSplit(begun, next.epoch()) : begun));
        core.map = next;
        core.sendNotify = !core.isPrimary();
        core.out.notice(Effects.Notice.INTERVAL_CHANGED);
        return reset(new PeeringState.Reset());
    }

    private PeeringState reset(PeeringState next) {
        if (next instanceof PeeringState.Reset) {
            core.lastPeeringReset = core.map.epoch();
            core.lease.reset();
            core.forgetPeers();
            core.out.notice(Effects.Notice.STATS);
        }
        return next;
    }

    private PeeringState mapsAreIn() {
        core.noteEpoch();
        return switch (state) {
            case PeeringState.Reset s -> {
                if (core.isPrimary()) {
                    yield primary.start();
                }
                notifyPrimary();
                yield new PeeringState.Stray();
            }
            case PeeringState.WaitUpThru s -> primary.activateIfKnownAlive(s);
            case PeeringState.Stray s -> {
                notifyPrimary();
                yield s;
            }
            case PeeringState.Active s -> {
                if (core.unfound.isAny()) {
                    core.unfound.ask();
                }
                yield goClean(s);
            }
            default -> state;
        };
    }

    private void notifyPrimary() {
        if (core.sendNotify && core.map.actingPrimary() >= 0 && !core.info.doesNotExist()) {
            core.sendNotify(core.primary(), core.map.epoch());
        }
    }

    private PeeringState info(PeeringEvent.MInfoRec e) {
        return switch (state) {
            case PeeringState.Stray s -> activation.withInfo(e.message());
            case PeeringState.ReplicaActive s -> {
                activation.promise(e.message().lease());
                core.updateHistory(e.message().info().history());
                core.takeScrubErrors(e.message().info().stats().stats());
                core.hearReport(e.message().info().stats());
                yield s;
            }
            case PeeringState.Active s -> {
                PgLeaseAck ack = e.message().leaseAck();
                if (ack != null) {
                    agreed(e.from(), ack);
                }
                yield s instanceof PeeringState.Activating a && core.participants.contains(e.from())
                        ? activation.activated(a, e.from())
                        : s;
            }
            default -> state;
        };
    }

    private PeeringState leased(PeeringEvent.MLease e) {
        if (state instanceof PeeringState.ReplicaActive) {
            activation.promise(e.message().lease());
            PgLeaseAck ack = new PgLeaseAck(e.message().lease().readableUntilUpperBound());
            core.out.send(e.from(), new PeerMessage.LeaseAck(core.map.epoch(), ack));
        }
        return state;
    }

    private void agreed(PgShard from, PgLeaseAck ack) {
        lease(() -> core.lease.agreed(from, ack.readableUntilUpperBound()));
    }

    /** Does something to the primary's lease that it may be able to serve by. Who has no replicas agrees with itself at once. */
    private void lease(Runnable change) {
        boolean before = isReadable();
        change.run();
        if (!before && isReadable()) {
            core.out.notice(Effects.Notice.READABLE);
        }
    }

    /** Whether a primary may serve at this moment: nobody else can be serving, and nobody else can have taken over. */
    public boolean isReadable() {
        return !core.lease.isWaiting() && !core.lease.isLaggy();
    }

    private PeeringState readable() {
        if (isReadable()) {
            core.out.notice(Effects.Notice.READABLE);
        }
        return state instanceof PeeringState.Active s ? goClean(s) : state;
    }

    /** Goes on to clean where only the wait for a former primary was in the way. */
    private PeeringState goClean(PeeringState.Active active) {
        boolean mayBe = active instanceof PeeringState.Recovered
                && core.map.acting().equals(core.map.up())
                && !core.lease.isWaiting();
        return mayBe ? activation.recovered() : active;
    }

    /** For how long a former primary may still be serving. */
    public Duration waitForFormer() {
        return core.lease.prior();
    }

    private PeeringState log(PeeringEvent.MLogRec e) {
        return switch (state) {
            case PeeringState.Stray s -> activation.withLog(e.message());
            case PeeringState.ReplicaActive s -> activation.withLog(e.message());
            default -> primary.logReceived(state, e.from(), e.message());
        };
    }

    private PeeringState answer(PeeringEvent.MQuery e) {
        if (!(state instanceof PeeringState.Stray || state instanceof PeeringState.ReplicaActive)) {
            return state;
        }
        PgQuery query = e.message().query();
        core.updateHistory(query.history());
        switch (query.kind()) {
            case INFO -> core.sendNotify(e.from(), query.epochSent());
            case LOG, MISSING ->
                core.sendLog(
                        e.from(), query.epochSent(), core.info, core.log.copyAfter(query.since()), PastIntervals.EMPTY);
            case FULL_LOG ->
                core.sendLog(
                        e.from(), query.epochSent(), core.info, core.log.copyAfter(EVersion.ZERO), PastIntervals.EMPTY);
        }
        return state;
    }

    private PeeringState activateCommitted(int epoch) {
        if (epoch < core.lastPeeringReset) {
            return state;
        }
        return switch (state) {
            case PeeringState.Activating s -> activation.activated(s, core.self);
            case PeeringState.ReplicaActive s -> {
                activation.tellPrimary();
                yield s;
            }
            default -> state;
        };
    }
}
