package io.spirula.osd.pg;

import io.spirula.common.command.Json;
import io.spirula.common.encoding.Bytes;
import io.spirula.common.encoding.MalformedInput;
import io.spirula.common.maps.PgPool;
import io.spirula.common.message.LogEntry;
import io.spirula.common.message.Message;
import io.spirula.common.message.ObjectOp;
import io.spirula.common.message.OsdRepScrub;
import io.spirula.common.message.OsdRepScrubMap;
import io.spirula.common.message.OsdScrubReserve;
import io.spirula.common.pg.ObjectStats;
import io.spirula.common.pg.ObjectStats.Counter;
import io.spirula.common.pg.PgLogEntry;
import io.spirula.common.pg.PgShard;
import io.spirula.common.pg.PgState;
import io.spirula.common.pg.PgStats;
import io.spirula.common.pg.ScrubHistory;
import io.spirula.common.pg.ScrubListing;
import io.spirula.common.pg.ScrubMap;
import io.spirula.common.types.EVersion;
import io.spirula.common.types.Errno;
import io.spirula.common.types.ObjectId;
import io.spirula.common.types.ShardPgId;
import io.spirula.osd.op.OpExecution;
import io.spirula.osd.op.StatDelta;
import io.spirula.osd.peering.PeeringState;
import io.spirula.osd.pglog.PgMeta;
import io.spirula.osd.queue.Work;
import io.spirula.osd.queue.WorkClass;
import io.spirula.osd.scrub.Findings;
import io.spirula.osd.scrub.OsdScrubs;
import io.spirula.osd.scrub.PrimaryScrub;
import io.spirula.osd.scrub.ReplicaScrub;
import io.spirula.osd.scrub.ScrubPlan;
import io.spirula.osd.scrub.ScrubRange;
import io.spirula.osd.scrub.ScrubResults;
import io.spirula.osd.scrub.ScrubState;
import io.spirula.osd.store.CollectionId;
import io.spirula.osd.store.ObjectStore;
import io.spirula.osd.store.Transaction;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.SortedSet;
import java.util.concurrent.Executor;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A group's scrubs: what was asked for, the one that runs, our part in that of another primary, and what follows from what is found. Ceph: PgScrubber. */
public final class ScrubDriver implements PrimaryScrub.Group {
    /** After replicas had no place, or the scrub was cut short. */
    private static final Duration PAUSE = Duration.ofSeconds(2);

    private final PlacementGroup pg;
    private final PgHost host;
    private final ReplicaScrub replica;
    private final ScrubResults results;
    private final ScrubRepair repair;
    private final DigestUpdates digests;
    private @Nullable ScrubPlan wanted;
    private @Nullable PrimaryScrub scrub;
    private ScrubCount count = new ScrubCount();
    private Instant notBefore = Instant.EPOCH;
    private int shallow;
    private int deep;
    private int repairs;
    private boolean failedRepair;
    private boolean checkAfterRecovery;

    ScrubDriver(PlacementGroup pg, PgHost host) {
        this.pg = pg;
        this.host = host;
        replica = new ReplicaScrub(host.store(), pg.collection(), host.scrubs(), turns());
        results = new ScrubResults(host.store(), pg.collection(), PgMeta.objectOf(pg.id()));
        repair = new ScrubRepair(pg, host);
        digests = new DigestUpdates(pg, host);
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
        return stats().get(Counter.DEEP_SCRUB_ERRORS) > 0;
    }

    private ObjectStats stats() {
        return pg.members().info().stats().stats();
    }

    /** Whether one may begin now, as far as the group is concerned. */
    boolean isReady(Instant now) {
        return scrub == null && pg.isPrimary() && pg.isActive() && isWhole() && !notBefore.isAfter(now);
    }

    private boolean isWhole() {
        return pg.state() instanceof PeeringState.Clean;
    }

    /** Begins; a place at this OSD has been taken. */
    void start(ScrubPlan plan) {
        wanted = null;
        shallow = 0;
        deep = 0;
        repairs = 0;
        repair.begin();
        count = new ScrubCount();
        PrimaryScrub fresh = new PrimaryScrub(this, plan, host.scrubs().settings(), host.reactor());
        scrub = fresh;
        fresh.start();
    }

    /** The interval is over. */
    void reset() {
        if (scrub != null) {
            scrub.stop();
            scrub = null;
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
            if (checkAfterRecovery && scrub == null) {
                checkAfterRecovery = false;
                request(ScrubPlan.CHECK_REPAIR);
            }
        }
        if (scrub != null && isWhole()) {
            scrub.recovered();
        } else if (scrub != null) {
            scrub.recovering();
        }
    }

    /** A flag that forbids scrubs may have been set. */
    void mapAdvanced() {
        PrimaryScrub current = scrub;
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

    // Messages

    void reserve(OsdScrubReserve message) {
        switch (message.kind()) {
            case OsdScrubReserve.REQUEST -> {
                boolean granted = !pg.isPrimary() && replica.reserve();
                int kind = granted ? OsdScrubReserve.GRANT : OsdScrubReserve.REJECT;
                send(message.from(), new OsdScrubReserve(pg.id(), message.epoch(), kind, pg.self()));
            }
            case OsdScrubReserve.RELEASE -> replica.release();
            case OsdScrubReserve.GRANT, OsdScrubReserve.REJECT -> {
                if (scrub != null) {
                    scrub.answered(message);
                }
            }
            default -> throw new MalformedInput("a scrub reservation of kind " + message.kind());
        }
    }

    void build(OsdRepScrub message) {
        if (pg.isPrimary()) {
            return;
        }
        int primary = pg.map().actingPrimary();
        replica.build(
                message,
                lastUpdate(),
                map -> send(
                        PgShard.replica(primary),
                        new OsdRepScrubMap(
                                pg.id(), message.minEpoch(), pg.self(), false, ScrubMap.CODEC.toBytes(map))));
    }

    void mapArrived(OsdRepScrubMap message) {
        if (scrub != null) {
            scrub.mapArrived(message);
        }
    }

    /** A primary's write is here. */
    void updated() {
        replica.updated(lastUpdate());
    }

    // Writes and recovery

    /** An operation is about to change the object. */
    void changed(ObjectId object, StatDelta delta) {
        if (scrub != null) {
            count.changed(object, delta);
        }
    }

    /** Whether a client's write has to wait until its object has been compared. */
    boolean mustWait(ObjectId object, ClientOp op, Runnable again) {
        return scrub != null && scrub.mustWait(object, op.place(), again);
    }

    /** Whether the object is being compared, and may not change. */
    boolean holds(ObjectId object) {
        return scrub != null && scrub.holds(object);
    }

    /**
     * Our copy of the object can't be read, or is not what was written: recovery is to bring another, as soon as somebody has one. False where nobody has, and nobody is away who might. Ceph: rep_repair_primary_object.
     */
    boolean mend(ObjectId object) {
        EVersion version = repair.versionOf(object);
        if (repair.hasJustMended(object, version)) {
            return false; // what others have is no better
        }
        List<PgShard> others = pg.members().sourcesOf(object, version).stream()
                .filter(other -> !other.equals(pg.self()))
                .toList();
        String copies = others.stream().map(PgShard::toString).collect(Collectors.joining(","));
        log(
                LogEntry.Level.ERROR,
                "missing primary copy of " + object
                        + (others.isEmpty() ? ", unfound" : ", will try copies on " + copies));
        if (others.isEmpty() && pg.members().isWhole()) {
            return false;
        }
        repair.lost(pg.self(), object, version);
        repair.go();
        return true;
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

    /** Answers a client's question for what was found. Source: PrimaryLogPG::do_scrub_ls. */
    OpExecution.Outcome list(ObjectOp op) {
        ScrubListing.Request request;
        try {
            request = ScrubListing.Request.CODEC.fromBytes(op.input());
        } catch (MalformedInput e) {
            return new OpExecution.Outcome(-Errno.EINVAL, Bytes.EMPTY);
        }
        if (request.interval() != 0 && request.interval() != interval()) {
            return new OpExecution.Outcome(-Errno.EAGAIN, Bytes.EMPTY);
        }
        if (!results.isKnown()) {
            return new OpExecution.Outcome(-Errno.ENOENT, Bytes.EMPTY);
        }
        return new OpExecution.Outcome(0, ScrubListing.CODEC.toBytes(results.list(request, interval())));
    }

    /** The member {@code scrubber} of {@code pg query}. Source: PgScrubber::dump. */
    Json dump() {
        PrimaryScrub current = scrub;
        boolean active = current != null && current.isScrubbing();
        Json json = Json.object()
                .put("epoch_start", Integer.toUnsignedString(active ? interval() : 0))
                .put("active", active);
        if (current == null || !active) {
            return json;
        }
        ScrubRange range = current.state() instanceof ScrubState.WithRange s
                ? s.range()
                : new ScrubRange(ObjectId.MIN, ObjectId.MIN);
        ScrubPlan plan = current.plan();
        return json.put("start", range.start().toString())
                .put("end", range.end().toString())
                .put("m_max_end", range.end().toString())
                .put("subset_last_update", lastUpdate().toString())
                .put("deep", plan.deep())
                .put("must_scrub", plan.required())
                .put("must_deep_scrub", plan.required() && plan.deep())
                .put("must_repair", plan.repair())
                .put("need_auto", false)
                .put("req_scrub", plan.required())
                .put("time_for_deep", !plan.required() && plan.deep())
                .put("auto_repair", plan.autoRepair())
                .put("check_repair", plan.checkRepair())
                .put("deep_scrub_on_error", !plan.deep() && plan.autoRepair())
                .put("shallow_errors", shallow)
                .put("deep_errors", deep)
                .put("fixed", repair.mended())
                .put("waiting_on_whom", Json.list(current.awaited(), PgShard::toString));
    }

    /** The group's statistics with what scrubs add to its state. */
    PgStats decorate(PgStats stats) {
        long bits = repair.isUnderWay() ? PgState.REPAIR : 0;
        if (scrub != null && scrub.isScrubbing()) {
            bits |= PgState.SCRUBBING
                    | (scrub.plan().deep() ? PgState.DEEP_SCRUB : 0)
                    | (scrub.plan().repair() ? PgState.REPAIR : 0);
        }
        if (stats.stats().get(Counter.SCRUB_ERRORS) > 0) {
            bits |= PgState.INCONSISTENT | (failedRepair ? PgState.FAILED_REPAIR : 0);
        }
        return bits == 0 ? stats : stats.toBuilder().state(stats.state() | bits).build();
    }

    // What a running scrub asks for

    @Override
    public ShardPgId id() {
        return pg.id();
    }

    @Override
    public PgShard self() {
        return pg.self();
    }

    @Override
    public CollectionId collection() {
        return pg.collection();
    }

    @Override
    public ObjectStore store() {
        return host.store();
    }

    @Override
    public Executor turns() {
        return step -> {
            long bytes = host.scrubs().settings().reading().strideBytes();
            Work turn = new Work.Task(WorkClass.BACKGROUND_BEST_EFFORT, host.whoami(), bytes, step);
            host.reactor().execute(() -> host.queue().add(turn));
        };
    }

    @Override
    public SortedSet<PgShard> members() {
        return pg.members().participants();
    }

    @Override
    public int epoch() {
        return host.map().epoch();
    }

    @Override
    public int interval() {
        return pg.interval();
    }

    @Override
    public EVersion lastUpdate() {
        return pg.lastUpdate();
    }

    @Override
    public @Nullable PgLogEntry latest(ObjectId object) {
        return pg.members().log().latest(object);
    }

    @Override
    public boolean isRecovering() {
        return !isWhole();
    }

    @Override
    public void whenDurable(EVersion version, Runnable task) {
        if (pg.isDurable(version)) {
            task.run();
        } else {
            pg.whenDurable(version, task);
        }
    }

    @Override
    public void send(PgShard to, Message message) {
        host.sendToOsd(to.osd(), message);
    }

    private void log(LogEntry.Level level, String text) {
        host.clusterLog().log(level, pg.id() + " " + text);
    }

    @Override
    public Duration pause(ScrubPlan plan) {
        return host.scrubs().settings().pause(plan, host.clock().now(), ZoneId.systemDefault());
    }

    @Override
    public void begun(PrimaryScrub running) {
        log(LogEntry.Level.DEBUG, running.plan().modeText() + " starts");
        Transaction transaction = new Transaction();
        results.begin(transaction);
        host.store().submit(transaction, () -> {});
        host.stateChanged(pg);
    }

    @Override
    public void compared(PrimaryScrub running, Findings findings) {
        if (running.state() instanceof ScrubState.WaitDigestUpdate s) {
            count.add(findings.counted(), s.next());
        }
        shallow += findings.shallow();
        deep += findings.deep();
        repairs += findings.repairs().size();
        findings.repairs().forEach(repair::count);
        findings.lines().forEach(line -> host.clusterLog().log(LogEntry.Level.ERROR, line));
        if (running.plan().repair()) {
            findings.repairs().forEach(repair::mend);
            repair.go();
        } else if (!findings.inconsistent().isEmpty()) {
            Transaction transaction = new Transaction();
            results.add(findings, transaction);
            host.store().submit(transaction, () -> {});
        }
    }

    @Override
    public void updateDigests(List<Findings.Digests> found, Runnable done) {
        digests.note(found, done);
    }

    @Override
    public void ended(PrimaryScrub ended, boolean complete) {
        scrub = null;
        host.scrubs().giveBack(OsdScrubs.Role.PRIMARY);
        if (complete) {
            finish(ended.plan());
        } else {
            notBefore = host.clock().now().plus(PAUSE);
            if (ended.plan().required()) {
                ScrubPlan again = ended.plan();
                wanted = wanted == null ? again : wanted.with(again);
            }
        }
        host.stateChanged(pg);
        proceed();
    }

    /** Source: PgScrubber::scrub_finish. */
    private void finish(ScrubPlan plan) {
        long fixed = checkStatistics(plan) + repair.mended();
        int errors = shallow + deep;
        if (repair.absent() + repair.bad() > 0) {
            log(
                    LogEntry.Level.ERROR,
                    plan.modeText() + " " + repair.absent() + " missing, " + repair.bad() + " inconsistent objects");
        }
        long lost = plan.deep() ? 0 : stats().get(Counter.DEEP_SCRUB_ERRORS);
        log(
                errors > 0 ? LogEntry.Level.ERROR : LogEntry.Level.DEBUG,
                plan.modeText()
                        + (errors > 0 ? " " + errors + " errors" : " ok")
                        + (lost > 0 ? " ( " + lost + " remaining deep scrub error details lost)" : "")
                        + (plan.repair() ? ", " + fixed + " fixed" : ""));
        if (plan.repair()) {
            pg.ops().contexts().forgetIdle();
            if (fixed == errors) {
                shallow = 0;
                deep = 0;
                failedRepair = false;
            } else if (fixed > 0) {
                checkAfterRecovery = true;
            } else {
                failedRepair = true;
            }
        } else if (plan.checkRepair()) {
            failedRepair = errors > 0;
        } else if (plan.autoRepair()
                && repairs > 0
                && repairs <= host.scrubs().settings().autoRepairErrors()) {
            request(ScrubPlan.requested(true, true));
        }
        Transaction transaction = new Transaction();
        pg.members().scrubbed(finished(plan.deep()), counted(plan.deep()), transaction);
        host.store().submit(transaction, () -> {});
        pg.shareInfo();
    }

    /** Compares what was counted with the group's statistics, unless those are being counted anew anyway; returns how many were mended. Source: PrimaryLogScrub::_scrub_finish. */
    private int checkStatistics(ScrubPlan plan) {
        PgStats stats = pg.members().info().stats();
        String mismatch = stats.invalid().stats() ? null : count.mismatch(stats.stats());
        if (mismatch == null) {
            return 0;
        }
        log(LogEntry.Level.ERROR, plan.modeText() + " : " + mismatch);
        shallow++;
        if (!plan.repair()) {
            return 0;
        }
        pg.counted(count.counted());
        return 1;
    }

    private ScrubHistory finished(boolean wasDeep) {
        ScrubHistory old = history();
        Instant now = host.clock().now();
        boolean clean = shallow == 0 && (!wasDeep || deep == 0);
        return new ScrubHistory(
                lastUpdate(),
                now,
                wasDeep ? lastUpdate() : old.lastDeepScrub(),
                wasDeep ? now : old.lastDeepScrubStamp(),
                clean ? now : old.lastCleanScrubStamp());
    }

    private ObjectStats counted(boolean wasDeep) {
        ObjectStats stats = stats().with(Counter.SHALLOW_SCRUB_ERRORS, shallow);
        if (wasDeep) {
            stats = stats.with(Counter.DEEP_SCRUB_ERRORS, deep);
        }
        return stats.with(
                Counter.SCRUB_ERRORS, stats.get(Counter.SHALLOW_SCRUB_ERRORS) + stats.get(Counter.DEEP_SCRUB_ERRORS));
    }
}
