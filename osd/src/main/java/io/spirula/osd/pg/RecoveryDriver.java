package io.spirula.osd.pg;

import io.spirula.common.command.Json;
import io.spirula.common.encoding.Bytes;
import io.spirula.common.maps.OsdMap;
import io.spirula.common.maps.OsdMapFlag;
import io.spirula.common.message.Message;
import io.spirula.common.message.OsdPgBackfill;
import io.spirula.common.message.OsdPgBackfillRemove;
import io.spirula.common.message.OsdPgPull;
import io.spirula.common.message.OsdPgPush;
import io.spirula.common.message.OsdPgPushReply;
import io.spirula.common.message.OsdPgScan;
import io.spirula.common.pg.ObjectInfo;
import io.spirula.common.pg.ObjectStats;
import io.spirula.common.pg.ObjectStats.Counter;
import io.spirula.common.pg.PgDump;
import io.spirula.common.pg.PgLogEntry;
import io.spirula.common.pg.PgShard;
import io.spirula.common.pg.PgState;
import io.spirula.common.pg.PullOp;
import io.spirula.common.pg.RecoveryInfo;
import io.spirula.common.pg.RecoveryProgress;
import io.spirula.common.pg.SnapSet;
import io.spirula.common.types.EVersion;
import io.spirula.common.types.IntervalSet;
import io.spirula.common.types.ObjectId;
import io.spirula.osd.peering.PeeringState;
import io.spirula.osd.peering.PgMembers;
import io.spirula.osd.peering.RecoveryEvent;
import io.spirula.osd.peering.RecoveryState;
import io.spirula.osd.recovery.RecoveryPlan;
import io.spirula.osd.recovery.RecoverySettings;
import io.spirula.osd.recovery.RecoveryStep;
import io.spirula.osd.recovery.RecoveryThrottle;
import io.spirula.osd.recovery.StoredVersions;
import io.spirula.osd.store.Transaction;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A group's recovery: has what its {@link RecoveryPlan} decides on carried out, and tells the plan what has come of it; knows who waits for which object, and gives its parts what peers say. */
final class RecoveryDriver implements RecoveryThrottle.Work {
    private static final Bytes NO_OBJECTS = new StoredVersions(new TreeMap<>(), ObjectId.MIN).encoded();

    private final PlacementGroup pg;
    private final PgHost host;
    private final AwaitedObjects awaited;
    private final RecoveryMessages messages;
    private final BackfillLocks locks;
    private final IncomingObjects incoming;
    private final OutgoingObjects outgoing;
    private final BackfillTarget target;
    private final Reversion reversion;
    private @Nullable RecoveryPlan plan;
    private boolean proceeding;

    RecoveryDriver(PlacementGroup pg, PgHost host) {
        this.pg = pg;
        this.host = host;
        awaited = new AwaitedObjects(pg, host);
        messages = new RecoveryMessages(pg, host);
        locks = new BackfillLocks(pg, this::proceed);
        incoming = new IncomingObjects(pg, host, this, awaited);
        outgoing = new OutgoingObjects(pg, host, this, awaited, messages);
        target = new BackfillTarget(pg, host);
        reversion = new Reversion(pg, host, awaited, this::proceed);
    }

    /** The interval is over. */
    void reset() {
        plan = null;
        locks.reset();
        awaited.reset();
        outgoing.reset();
        messages.reset();
        host.recovery().throttle().leave(this);
        incoming.reset();
    }

    private PgMembers members() {
        return pg.members();
    }

    private RecoverySettings settings() {
        return host.recovery().settings();
    }

    private @Nullable RecoveryPlan plan() {
        if (plan == null && pg.state() instanceof PeeringState.Active) {
            plan = new RecoveryPlan(members(), host.store(), settings(), locks::take);
        }
        return plan;
    }

    @Nullable
    RecoveryPlan currentPlan() {
        return plan;
    }

    /** Whether an operation has to wait for the object; {@code again} is run when that may have changed. */
    boolean mustWait(ObjectId object, ClientOp op, Runnable again) {
        boolean write = op.traits().writeOrdered();
        RecoveryPlan current = plan;
        boolean wait = members().isMissing(object)
                || awaited.contains(object) // a read does not overtake its client's write
                || write && (members().isDegraded(object) || current != null && current.isUnderWay(object));
        if (wait) {
            awaited.await(object, op, again);
            if (current != null) {
                current.prioritize(object);
                outgoing.goFirst(object);
                host.reactor().execute(pg.inThisInterval(this::proceed));
            }
        }
        return wait;
    }

    /** Whether all copies of the object were found to be damaged. */
    boolean isBadEverywhere(ObjectId object) {
        return awaited.isBadEverywhere(object);
    }

    /** The object is not missing any more. */
    void settled(ObjectId object) {
        awaited.foundGood(object);
        awaited.wake(object);
    }

    /** The object is missing somewhere, whatever the logs say: it is next. */
    void prioritize(ObjectId object) {
        RecoveryPlan current = plan();
        if (current != null) {
            current.prioritize(object);
        }
    }

    private boolean isRecovering() {
        return pg.state() instanceof RecoveryState.Recovering || pg.state() instanceof RecoveryState.Backfilling;
    }

    /** Starts what clients wait for, gets in line for the rest, and tells peering when all is done. */
    void proceed() {
        RecoveryPlan now = plan();
        if (proceeding || now == null) {
            return;
        }
        carryOut(now.urgent());
        host.recovery().throttle().count(this);
        if (!isRecovering()) {
            locks.releaseAllBut(now::isUnderWay);
            return;
        }
        if (pg.state() instanceof RecoveryState.Recovering && now.isRecovered()) {
            pg.handle(new RecoveryEvent.AllReplicasRecovered());
        } else if (pg.state() instanceof RecoveryState.Backfilling && now.isRecovered() && now.isBackfilled()) {
            pg.handle(new RecoveryEvent.Backfilled());
        } else if (!host.map().has(OsdMapFlag.NORECOVER)) {
            host.recovery().throttle().wants(this);
        } else {
            locks.releaseAllBut(now::isUnderWay);
        }
    }

    @Override
    public long start(int most) {
        RecoveryPlan now = plan;
        if (now == null || !isRecovering() || host.map().has(OsdMapFlag.NORECOVER)) {
            return 0;
        }
        boolean backfill = pg.state() instanceof RecoveryState.Backfilling && mayBackfill();
        int before = now.active();
        List<RecoveryStep> steps = now.next(most, backfill);
        carryOut(steps);
        locks.releaseAllBut(now::isUnderWay); // what waited for them may have removed them
        if (now.active() > before) {
            host.recovery().throttle().wants(this);
        } else if (steps.isEmpty() && now.isStuck()) {
            now.lookAgain();
            pg.handle(new RecoveryEvent.Unfound());
        }
        return steps.stream().mapToLong(this::bytes).sum();
    }

    /** How much a step copies, about: what is elsewhere counts for what the group's objects have on average. */
    private long bytes(RecoveryStep step) {
        return switch (step) {
            case RecoveryStep.Pull s -> {
                ObjectStats stats = members().info().stats().stats();
                yield stats.get(Counter.BYTES) / Math.max(1, stats.get(Counter.OBJECTS));
            }
            case RecoveryStep.Push s -> Math.max(0, host.store().size(pg.collection(), s.object()));
            case RecoveryStep.Scan s -> 0;
            case RecoveryStep.Remove s -> 0;
            case RecoveryStep.Progress s -> 0;
        };
    }

    /** The member {@code recovery_progress} of {@code pg query}. Source: PrimaryLogPG::dump_recovery_info. */
    Json progress() {
        List<Object> underWay = plan == null ? List.of() : Json.list(plan.underWay(), ObjectId::toString);
        boolean backfilling = pg.state() instanceof RecoveryState.Backfilling;
        Json interval = Json.object()
                .put("begin", ObjectId.MIN.toString())
                .put("end", ObjectId.MIN.toString())
                .put("objects", List.of());
        return Json.object()
                .put("backfill_targets", PgDump.shards(members().backfillTargets()))
                .put("waiting_on_backfill", List.of())
                .put("last_backfill_started", members().lastBackfillStarted().toString())
                .put("backfill_info", interval)
                .put("peer_backfill_info", List.of())
                .put("backfills_in_flight", backfilling ? underWay : List.of())
                .put("recovering", backfilling ? List.of() : underWay)
                .put(
                        "pg_backend",
                        Json.object().put("pull_from_peer", List.of()).put("pushing", List.of()));
    }

    @Override
    public int active() {
        return plan == null ? 0 : plan.active();
    }

    @Override
    public boolean isForced() {
        return (pg.stateBits() & (PgState.FORCED_RECOVERY | PgState.FORCED_BACKFILL)) != 0;
    }

    /** Source: PrimaryLogPG::start_recovery_ops. */
    private boolean mayBackfill() {
        OsdMap map = host.map();
        return !map.has(OsdMapFlag.NOBACKFILL)
                && (!map.has(OsdMapFlag.NOREBALANCE) || (pg.stateBits() & PgState.DEGRADED) != 0);
    }

    /** A newer map: whom we pulled from may be gone. */
    void mapAdvanced() {
        if (plan != null) {
            plan.sourcesGone(host.map()::isUp);
        }
    }

    private void carryOut(List<RecoveryStep> steps) {
        proceeding = true;
        try {
            steps.forEach(this::carryOut);
        } finally {
            proceeding = false;
        }
    }

    private void carryOut(RecoveryStep step) {
        switch (step) {
            case RecoveryStep.Pull s when s.from().equals(pg.self()) -> goBack(s);
            case RecoveryStep.Pull s -> pull(s.from(), s.object(), s.need(), RecoveryProgress.START);
            case RecoveryStep.Push s -> outgoing.push(s.to(), s.object(), s.version());
            case RecoveryStep.Scan s ->
                send(
                        s.target(),
                        new OsdPgScan(
                                OsdPgScan.GET_DIGEST,
                                host.map().epoch(),
                                pg.interval(),
                                pg.id(),
                                s.from(),
                                ObjectId.MIN,
                                pg.self(),
                                NO_OBJECTS));
            case RecoveryStep.Remove s ->
                send(s.target(), new OsdPgBackfillRemove(pg.id(), host.map().epoch(), s.objects()));
            case RecoveryStep.Progress s ->
                send(
                        s.to(),
                        new OsdPgBackfill(
                                s.lastBackfill().max() ? OsdPgBackfill.FINISH : OsdPgBackfill.PROGRESS,
                                host.map().epoch(),
                                pg.interval(),
                                pg.id(),
                                s.lastBackfill(),
                                members().info().stats()));
        }
    }

    private void send(PgShard to, Message message) {
        host.sendToOsd(to.osd(), message);
    }

    private void goBack(RecoveryStep.Pull step) {
        if (plan != null) {
            reversion.begin(plan, step.object(), step.need());
        }
    }

    void pull(PgShard from, ObjectId object, EVersion need, RecoveryProgress reached) {
        RecoveryInfo wanted = new RecoveryInfo(
                object, need, 0, ObjectInfo.of(object), SnapSet.EMPTY, IntervalSet.EMPTY, Map.of(), true);
        messages.pull(from, new PullOp(object, wanted, reached), awaited.contains(object));
    }

    /** Our own copy is damaged: we get another before we push it. Ceph: PrimaryLogPG::primary_error. */
    void isUnreadable(ObjectId object, EVersion version) {
        RecoveryPlan current = plan;
        if (current == null) {
            return;
        }
        PgLogEntry latest = members().log().latest(object);
        EVersion known =
                version.equals(EVersion.MAX) ? StoredVersions.of(host.store(), pg.collection(), object) : version;
        Transaction transaction = new Transaction();
        current.unreadableHere(object, latest == null ? known : latest.version(), transaction);
        host.store().submit(transaction, () -> {});
        proceed();
    }

    /** A peer has all of an object on its disk. */
    void pushed(PgShard to, ObjectId object, long bytes, long keys) {
        RecoveryPlan current = plan;
        if (current == null) {
            return;
        }
        current.pushed(to, object);
        if (!current.isUnderWay(object)) {
            locks.release(object);
        }
        members().countRecovered(bytes, keys);
        if (pg.scrubs().isRepairing()) {
            members().countRepaired();
        }
        awaited.wake(object);
    }

    /** What a peer says in this interval. */
    void received(PgShard from, Message message) {
        switch (message) {
            case OsdPgPull m -> outgoing.pulled(m);
            case OsdPgPush m -> incoming.arrived(m);
            case OsdPgPushReply m -> outgoing.arrived(m);
            case OsdPgScan m when m.op() == OsdPgScan.GET_DIGEST -> target.scan(m);
            case OsdPgScan m -> scanned(m);
            case OsdPgBackfillRemove m -> target.remove(m);
            case OsdPgBackfill m when m.op() == OsdPgBackfill.FINISH_ACK -> isComplete(from);
            case OsdPgBackfill m -> target.progressed(from, m);
            default -> throw new IllegalArgumentException(message.type() + " has nothing to do with recovery");
        }
    }

    /** A target has said what it has. */
    private void scanned(OsdPgScan message) {
        if (plan != null) {
            plan.scanned(
                    message.from(),
                    StoredVersions.decode(message.objects(), message.end()).objects(),
                    message.end());
            proceed();
        }
    }

    /** A target has noted that it has all. */
    private void isComplete(PgShard peer) {
        if (plan != null) {
            plan.backfilled(peer);
            proceed();
        }
    }
}
