package io.spirula.osd.pg;

import io.spirula.common.command.Json;
import io.spirula.common.encoding.Bytes;
import io.spirula.common.encoding.MalformedInput;
import io.spirula.common.maps.PgPool;
import io.spirula.common.message.Message;
import io.spirula.common.message.ObjectOp;
import io.spirula.common.message.OsdRepScrub;
import io.spirula.common.message.OsdRepScrubMap;
import io.spirula.common.message.OsdScrubReserve;
import io.spirula.common.pg.ObjectStats.Counter;
import io.spirula.common.pg.PgState;
import io.spirula.common.pg.PgStats;
import io.spirula.common.pg.ScrubHistory;
import io.spirula.common.pg.ScrubListing;
import io.spirula.common.pg.ScrubMap;
import io.spirula.common.types.Errno;
import io.spirula.common.types.ObjectId;
import io.spirula.osd.op.OpExecution;
import io.spirula.osd.op.StatDelta;
import io.spirula.osd.peering.PeeringState;
import io.spirula.osd.pglog.PgMeta;
import io.spirula.osd.queue.Work;
import io.spirula.osd.queue.WorkClass;
import io.spirula.osd.scrub.OsdScrubs;
import io.spirula.osd.scrub.PrimaryScrub;
import io.spirula.osd.scrub.ReplicaScrub;
import io.spirula.osd.scrub.ScrubPlan;
import io.spirula.osd.scrub.ScrubResults;
import io.spirula.osd.store.Transaction;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A group's scrubs: what was asked for, the {@link ScrubRun} of which we are the primary, our part in that of another, and what follows from what was found. Ceph: PgScrubber. */
final class ScrubDriver {
    /** After replicas had no place, or the scrub was cut short. */
    private static final Duration PAUSE = Duration.ofSeconds(2);

    private final PlacementGroup pg;
    private final PgHost host;
    private final ReplicaScrub replica;
    private final ScrubResults results;
    private final ScrubRepair repair;
    private @Nullable ScrubPlan wanted;
    private @Nullable ScrubRun run;
    private Instant notBefore = Instant.EPOCH;
    private boolean failedRepair;
    private boolean checkAfterRecovery;

    ScrubDriver(PlacementGroup pg, PgHost host) {
        this.pg = pg;
        this.host = host;
        replica = new ReplicaScrub(host.store(), pg.collection(), host.scrubs(), this::inTurn);
        results = new ScrubResults(host.store(), pg.collection(), PgMeta.objectOf(pg.id()));
        repair = new ScrubRepair(pg, host);
    }

    /** Runs a step of reading once it is scrubbing's turn, never before this returns. */
    private void inTurn(Runnable step) {
        long bytes = host.scrubs().settings().reading().strideBytes();
        Work turn = new Work.Task(WorkClass.BACKGROUND_BEST_EFFORT, host.whoami(), bytes, step);
        host.reactor().execute(() -> host.queue().add(turn));
    }

    // When

    /** Somebody asks for a scrub: it is begun as soon as it can be. */
    void request(ScrubPlan plan) {
        wanted = wanted == null ? plan : wanted.with(plan);
        notBefore = Instant.EPOCH;
    }

    /** What was asked for and has not begun; null for nothing. */
    @Nullable
    ScrubPlan wanted() {
        return wanted;
    }

    ScrubHistory history() {
        return pg.members().info().history().scrub();
    }

    boolean hasDeepErrors() {
        return pg.members().info().stats().stats().get(Counter.DEEP_SCRUB_ERRORS) > 0;
    }

    /** Whether one may begin now, as far as the group is concerned. */
    boolean isReady(Instant now) {
        return run == null && pg.isPrimary() && pg.isActive() && isWhole() && !notBefore.isAfter(now);
    }

    private boolean isWhole() {
        return pg.state() instanceof PeeringState.Clean;
    }

    /** Begins; a place at this OSD has been taken. */
    void start(ScrubPlan plan) {
        wanted = null;
        ScrubRun fresh = new ScrubRun(pg, host, plan, this::inTurn, results, repair, this::ended);
        run = fresh;
        fresh.scrub().start();
    }

    /** The interval is over. */
    void reset() {
        if (run != null) {
            run.scrub().stop();
            run = null;
            host.scrubs().giveBack(OsdScrubs.Role.PRIMARY);
        }
        replica.release();
        wanted = null;
        failedRepair = false;
        checkAfterRecovery = false;
        repair.reset();
        Transaction transaction = new Transaction();
        results.forget(transaction);
        if (!transaction.isEmpty()) {
            host.store().submit(transaction, () -> {});
        }
    }

    /** The group's state may have changed. */
    void proceed() {
        if (isWhole()) {
            repair.recovered();
            if (checkAfterRecovery && run == null) {
                checkAfterRecovery = false;
                request(ScrubPlan.CHECK_REPAIR);
            }
        }
        if (run != null && isWhole()) {
            run.scrub().recovered();
        } else if (run != null) {
            run.scrub().recovering();
        }
    }

    /** A flag that forbids scrubs may have been set. */
    void mapAdvanced() {
        PrimaryScrub current = run == null ? null : run.scrub();
        PgPool pool = host.map().pool(pg.id().pg().pool());
        if (current != null
                && pool != null
                && !current.plan().required()
                && !(current.plan().deep()
                        ? ScrubScheduler.mayDeepScrub(host.map(), pool)
                        : ScrubScheduler.mayScrub(host.map(), pool))) {
            current.abort();
        }
    }

    private void ended(ScrubRun ended, boolean complete) {
        run = null;
        host.scrubs().giveBack(OsdScrubs.Role.PRIMARY);
        ScrubPlan plan = ended.scrub().plan();
        if (complete) {
            conclude(plan, ended.finish());
        } else {
            notBefore = host.clock().now().plus(PAUSE);
            if (plan.required()) {
                wanted = wanted == null ? plan : wanted.with(plan);
            }
        }
        host.stateChanged(pg);
        proceed();
    }

    /** Whether another one is to follow. Source: PgScrubber::scrub_finish. */
    private void conclude(ScrubPlan plan, ScrubRun.Outcome found) {
        if (plan.repair()) {
            if (found.fixed() == found.errors()) {
                failedRepair = false;
            } else if (found.fixed() > 0) {
                checkAfterRecovery = true;
            } else {
                failedRepair = true;
            }
        } else if (plan.checkRepair()) {
            failedRepair = found.errors() > 0;
        } else if (plan.autoRepair()
                && found.repairs() > 0
                && found.repairs() <= host.scrubs().settings().autoRepairErrors()) {
            request(ScrubPlan.requested(true, true));
        }
    }

    // Messages

    /** What another member of the group says in this interval. */
    void received(Message message) {
        switch (message) {
            case OsdScrubReserve m -> reserve(m);
            case OsdRepScrub m -> build(m);
            case OsdRepScrubMap m -> {
                if (run != null) {
                    run.scrub().mapArrived(m);
                }
            }
            default -> throw new IllegalArgumentException(message.type() + " has nothing to do with scrubs");
        }
    }

    private void reserve(OsdScrubReserve message) {
        switch (message.kind()) {
            case OsdScrubReserve.REQUEST -> {
                boolean granted = !pg.isPrimary() && replica.reserve();
                int kind = granted ? OsdScrubReserve.GRANT : OsdScrubReserve.REJECT;
                host.sendToOsd(message.from().osd(), new OsdScrubReserve(pg.id(), message.epoch(), kind, pg.self()));
            }
            case OsdScrubReserve.RELEASE -> replica.release();
            case OsdScrubReserve.GRANT, OsdScrubReserve.REJECT -> {
                if (run != null) {
                    run.scrub().answered(message);
                }
            }
            default -> throw new MalformedInput("a scrub reservation of kind " + message.kind());
        }
    }

    private void build(OsdRepScrub message) {
        if (pg.isPrimary()) {
            return;
        }
        int primary = pg.map().actingPrimary();
        replica.build(
                message,
                pg.lastUpdate(),
                map -> host.sendToOsd(
                        primary,
                        new OsdRepScrubMap(
                                pg.id(), message.minEpoch(), pg.self(), false, ScrubMap.CODEC.toBytes(map))));
    }

    // Writes and recovery

    /** A primary's write is here. */
    void updated() {
        replica.updated(pg.lastUpdate());
    }

    /** An operation is about to change the object. */
    void changed(ObjectId object, StatDelta delta) {
        if (run != null) {
            run.changed(object, delta);
        }
    }

    /** Whether a client's write has to wait until its object has been compared. */
    boolean mustWait(ObjectId object, ClientOp op, Runnable again) {
        return run != null && run.scrub().mustWait(object, op.place(), again);
    }

    /** Whether the object is being compared, and may not change. */
    boolean holds(ObjectId object) {
        return run != null && run.scrub().holds(object);
    }

    /** Our copy of the object can't be read, or is not what was written: recovery is to bring another. False where nobody has one, and nobody is away who might. */
    boolean mend(ObjectId object) {
        return repair.mendHere(object);
    }

    /** Our copy of the object could be read. */
    void isGood(ObjectId object) {
        repair.isGood(object);
    }

    /** Whether what recovery copies now replaces bad copies. */
    boolean isRepairing() {
        return repair.isUnderWay();
    }

    /** An object has come to this OSD: in place of a bad copy, perhaps. */
    void replaced(boolean repaired) {
        if (repaired) {
            host.scrubs().repaired();
            if (pg.isPrimary()) {
                pg.members().countRepaired();
            }
        }
    }

    // What people see

    /** Answers a client's question for what was found. Source: PrimaryLogPG::do_scrub_ls. */
    OpExecution.Outcome list(ObjectOp op) {
        ScrubListing.Request request;
        try {
            request = ScrubListing.Request.CODEC.fromBytes(op.input());
        } catch (MalformedInput e) {
            return new OpExecution.Outcome(-Errno.EINVAL, Bytes.EMPTY);
        }
        if (request.interval() != 0 && request.interval() != pg.interval()) {
            return new OpExecution.Outcome(-Errno.EAGAIN, Bytes.EMPTY);
        }
        if (!results.isKnown()) {
            return new OpExecution.Outcome(-Errno.ENOENT, Bytes.EMPTY);
        }
        return new OpExecution.Outcome(0, ScrubListing.CODEC.toBytes(results.list(request, pg.interval())));
    }

    /** The member {@code scrubber} of {@code pg query}. Source: PgScrubber::dump. */
    Json dump() {
        ScrubRun active = run != null && run.scrub().isScrubbing() ? run : null;
        Json json = Json.object()
                .put("epoch_start", Integer.toUnsignedString(active != null ? pg.interval() : 0))
                .put("active", active != null);
        return active == null ? json : active.dumpTo(json);
    }

    /** The group's statistics with what scrubs add to its state. */
    PgStats decorate(PgStats stats) {
        long bits = (repair.isUnderWay() ? PgState.REPAIR : 0) | (run == null ? 0 : run.stateBits());
        if (stats.stats().get(Counter.SCRUB_ERRORS) > 0) {
            bits |= PgState.INCONSISTENT | (failedRepair ? PgState.FAILED_REPAIR : 0);
        }
        return bits == 0 ? stats : stats.toBuilder().state(stats.state() | bits).build();
    }
}
