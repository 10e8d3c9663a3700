package io.spirula.osd.pg;

import io.spirula.common.maps.OsdMap;
import io.spirula.common.maps.OsdMapFlag;
import io.spirula.common.maps.OsdState;
import io.spirula.common.message.OsdPgBackfill;
import io.spirula.common.message.OsdPgPull;
import io.spirula.common.message.OsdPgPush;
import io.spirula.common.message.OsdPgPushReply;
import io.spirula.common.message.PushReplyOp;
import io.spirula.common.pg.ObjectInfo;
import io.spirula.common.pg.PgMissing;
import io.spirula.common.pg.PgShard;
import io.spirula.common.pg.PullOp;
import io.spirula.common.pg.PushOp;
import io.spirula.common.pg.RecoveryInfo;
import io.spirula.common.pg.RecoveryProgress;
import io.spirula.common.pg.SnapSet;
import io.spirula.common.types.EVersion;
import io.spirula.common.types.IntervalSet;
import io.spirula.common.types.ObjectId;
import io.spirula.osd.peering.PeeringEvent;
import io.spirula.osd.peering.PeeringState;
import io.spirula.osd.peering.PgMembers;
import io.spirula.osd.peering.PgReport;
import io.spirula.osd.recovery.ObjectPush;
import io.spirula.osd.recovery.RecoveryPlan;
import io.spirula.osd.recovery.RecoveryStep;
import io.spirula.osd.store.Transaction;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Carries out a group's recovery: sends the pulls and pushes that its {@link RecoveryPlan} decides on, answers those of others, and wakes the clients' operations that wait for an object. */
final class RecoveryDriver {
    private static final Logger LOG = LoggerFactory.getLogger(RecoveryDriver.class);
    private static final int MAX_ACTIVE = 8;

    private final PlacementGroup pg;
    private final PgHost host;
    private final TreeMap<ObjectId, List<Runnable>> waiting = new TreeMap<>();
    private @Nullable RecoveryPlan plan;
    private boolean proceeding;

    RecoveryDriver(PlacementGroup pg, PgHost host) {
        this.pg = pg;
        this.host = host;
    }

    void reset() {
        plan = null;
        waiting.clear();
    }

    private PgMembers members() {
        return pg.members();
    }

    /** Whether an operation has to wait for the object; {@code again} is run when that may have changed. */
    boolean mustWait(ObjectId object, boolean write, Runnable again) {
        RecoveryPlan current = plan;
        boolean wait = members().isMissing(object)
                || write && (members().isDegraded(object) || current != null && current.isUnderWay(object));
        if (wait) {
            waiting.computeIfAbsent(object, o -> new ArrayList<>()).add(again);
            if (current != null) {
                current.prioritize(object);
                host.reactor().execute(pg.inThisInterval(this::proceed));
            }
        }
        return wait;
    }

    private void wake(ObjectId object) {
        List<Runnable> ready = waiting.remove(object);
        if (ready != null) {
            ready.forEach(Runnable::run);
        }
        pg.ops().recovered(object);
    }

    /** Starts what may be started, and tells peering when all is done. */
    void proceed() {
        if (proceeding || !(pg.state() instanceof PeeringState.Active)) {
            return;
        }
        RecoveryPlan now = plan;
        if (now == null) {
            now = new RecoveryPlan(members(), host.store(), MAX_ACTIVE);
            plan = now;
        }
        boolean recovering = pg.state() instanceof PeeringState.Recovering;
        boolean backfilling = pg.state() instanceof PeeringState.Backfilling;
        if (!recovering && !backfilling) {
            return;
        }
        proceeding = true;
        try {
            now.next(!host.map().has(OsdMapFlag.NORECOVER), mayBackfill()).forEach(this::carryOut);
        } finally {
            proceeding = false;
        }
        if (recovering && now.isRecovered()) {
            pg.handle(new PeeringEvent.AllReplicasRecovered());
        } else if (backfilling && now.isBackfilled()) {
            pg.handle(new PeeringEvent.Backfilled());
        }
    }

    /** Source: PrimaryLogPG::start_recovery_ops. */
    private boolean mayBackfill() {
        OsdMap map = host.map();
        return !map.has(OsdMapFlag.NOBACKFILL)
                && (!map.has(OsdMapFlag.NOREBALANCE) || isDegraded())
                && !targetIsTooFull();
    }

    private boolean isDegraded() {
        return (pg.stats().state() & PgReport.DEGRADED) != 0;
    }

    /** Whether backfill waits for room at one of its targets. */
    boolean targetIsTooFull() {
        return members().backfillTargets().stream()
                .map(target -> host.map().osd(target.osd()))
                .anyMatch(row -> (row.state() & (OsdState.BACKFILLFULL | OsdState.FULL)) != 0);
    }

    private void carryOut(RecoveryStep step) {
        switch (step) {
            case RecoveryStep.Pull s ->
                host.sendToOsd(
                        s.from().osd(),
                        new OsdPgPull(pg.id(), host.map().epoch(), List.of(pullOf(s)), 0, pg.self(), pg.interval()));
            case RecoveryStep.Push s -> push(s.to(), s.object(), s.version());
            case RecoveryStep.Progress s ->
                host.sendToOsd(
                        s.to().osd(),
                        new OsdPgBackfill(
                                s.lastBackfill().max() ? OsdPgBackfill.FINISH : OsdPgBackfill.PROGRESS,
                                host.map().epoch(),
                                pg.interval(),
                                pg.id(),
                                s.lastBackfill(),
                                members().info().stats()));
        }
    }

    private static PullOp pullOf(RecoveryStep.Pull s) {
        RecoveryInfo wanted = new RecoveryInfo(
                s.object(), s.need(), 0, ObjectInfo.of(s.object()), SnapSet.EMPTY, IntervalSet.EMPTY, Map.of(), true);
        return new PullOp(s.object(), wanted, RecoveryProgress.START);
    }

    private void push(PgShard to, ObjectId object, EVersion version) {
        int interval = pg.interval();
        ObjectPush.read(
                host.store(),
                pg.collection(),
                object,
                version,
                push -> {
                    if (interval == pg.interval()) {
                        host.sendToOsd(
                                to.osd(),
                                new OsdPgPush(
                                        pg.id(), host.map().epoch(), List.of(push), 0, pg.self(), interval, false));
                    }
                },
                why -> LOG.error(
                        "{}: {} can't be read to be pushed to osd.{}: {}", pg, object, to.osd(), why.getMessage()));
    }

    /** A primary misses objects that we have. */
    void pulledFromHere(OsdPgPull message) {
        for (PullOp pull : message.pulls()) {
            push(message.from(), pull.object(), pull.recoveryInfo().version());
        }
    }

    /** Objects that are missing here have come. */
    void pushedHere(OsdPgPush message) {
        for (PushOp push : message.pushes()) {
            ObjectId object = push.object();
            PgMissing.Item missing = members().missingItem(object);
            Transaction transaction = new Transaction();
            RecoveryPlan current = plan;
            if (pg.isPrimary()) {
                if (current == null || missing == null || push.version().compareTo(missing.need()) < 0) {
                    continue; // of an earlier try
                }
                ObjectPush.apply(push, pg.collection(), transaction);
                pg.ops().contexts().forget(object);
                current.pulled(object, push.version(), transaction);
                host.store().submit(transaction, pg.inThisInterval(() -> wake(object)));
            } else {
                ObjectPush.apply(push, pg.collection(), transaction);
                members().recoveredHere(object, push.version(), transaction);
                host.store()
                        .submit(
                                transaction,
                                pg.inThisInterval(() -> host.sendToOsd(
                                        message.from().osd(),
                                        new OsdPgPushReply(
                                                pg.id(),
                                                host.map().epoch(),
                                                List.of(new PushReplyOp(object)),
                                                0,
                                                pg.self(),
                                                pg.interval()))));
            }
        }
        proceed();
    }

    /** Objects that we pushed are on the peer's disk. */
    void pushedThere(OsdPgPushReply message) {
        RecoveryPlan current = plan;
        if (current == null) {
            return;
        }
        for (PushReplyOp reply : message.replies()) {
            current.pushed(message.from(), reply.object());
            wake(reply.object());
        }
        proceed();
    }

    /** As a target: how far our backfill is. As the primary: a target has noted that it is complete. */
    void progressed(PgShard from, OsdPgBackfill message) {
        if (message.op() == OsdPgBackfill.FINISH_ACK) {
            if (plan != null) {
                plan.backfilled(from);
                proceed();
            }
            return;
        }
        Transaction transaction = new Transaction();
        members().backfilledHere(message.lastBackfill(), message.stats().stats(), transaction);
        host.store().submit(transaction, pg.inThisInterval(() -> {
            if (message.op() == OsdPgBackfill.FINISH) {
                host.sendToOsd(
                        from.osd(),
                        new OsdPgBackfill(
                                OsdPgBackfill.FINISH_ACK,
                                host.map().epoch(),
                                pg.interval(),
                                pg.id(),
                                message.lastBackfill(),
                                message.stats()));
            }
        }));
    }
}
