package io.spirula.osd.pg;

import io.spirula.common.command.Json;
import io.spirula.common.message.LogEntry;
import io.spirula.common.message.Message;
import io.spirula.common.pg.ObjectStats;
import io.spirula.common.pg.ObjectStats.Counter;
import io.spirula.common.pg.PgLogEntry;
import io.spirula.common.pg.PgShard;
import io.spirula.common.pg.PgState;
import io.spirula.common.pg.PgStats;
import io.spirula.common.pg.ScrubHistory;
import io.spirula.common.types.EVersion;
import io.spirula.common.types.ObjectId;
import io.spirula.common.types.ShardPgId;
import io.spirula.osd.op.StatDelta;
import io.spirula.osd.peering.PeeringState;
import io.spirula.osd.scrub.Findings;
import io.spirula.osd.scrub.PrimaryScrub;
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
import org.jspecify.annotations.Nullable;

/** A scrub that runs, on its group's primary: gives the {@link PrimaryScrub} what it asks of its group, mends or notes what it finds, and in the end says and stores what was found. Ceph: PgScrubber. */
final class ScrubRun implements PrimaryScrub.Group {
    /** Who has begun it. */
    interface Owner {
        /** It is over: all was compared, or it could not be. */
        void ended(ScrubRun run, boolean complete);
    }

    /**
     * What has come of a scrub in which all was compared.
     *
     * @param errors how many were found
     * @param fixed how many of them are mended, or will be by recovery
     * @param repairs how many objects there are to mend
     */
    record Outcome(int errors, int fixed, int repairs) {}

    private final PlacementGroup pg;
    private final PgHost host;
    private final Executor turns;
    private final ScrubResults results;
    private final ScrubRepair repair;
    private final Owner owner;
    private final DigestUpdates digests;
    private final PrimaryScrub scrub;
    private final ScrubCount count = new ScrubCount();
    private int shallow;
    private int deep;
    private int repairs;
    private int mended;
    private int absent;
    private int bad;

    /** Ready to {@link PrimaryScrub#start}; a place at this OSD has been taken. */
    ScrubRun(
            PlacementGroup pg,
            PgHost host,
            ScrubPlan plan,
            Executor turns,
            ScrubResults results,
            ScrubRepair repair,
            Owner owner) {
        this.pg = pg;
        this.host = host;
        this.turns = turns;
        this.results = results;
        this.repair = repair;
        this.owner = owner;
        digests = new DigestUpdates(pg, host);
        scrub = new PrimaryScrub(this, plan, host.scrubs().settings(), host.reactor());
    }

    PrimaryScrub scrub() {
        return scrub;
    }

    /** An operation is about to change the object. */
    void changed(ObjectId object, StatDelta delta) {
        count.changed(object, delta);
    }

    /** What it adds to the group's state: PG_STATE_* bits. */
    long stateBits() {
        if (!scrub.isScrubbing()) {
            return 0;
        }
        return PgState.SCRUBBING
                | (scrub.plan().deep() ? PgState.DEEP_SCRUB : 0)
                | (scrub.plan().repair() ? PgState.REPAIR : 0);
    }

    /** Adds to the member {@code scrubber} of {@code pg query}. Source: PgScrubber::dump. */
    Json dumpTo(Json json) {
        ScrubRange range = scrub.state() instanceof ScrubState.WithRange s
                ? s.range()
                : new ScrubRange(ObjectId.MIN, ObjectId.MIN);
        ScrubPlan plan = scrub.plan();
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
                .put("fixed", mended)
                .put("waiting_on_whom", Json.list(scrub.awaited(), PgShard::toString));
    }

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
        return turns;
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
        return !(pg.state() instanceof PeeringState.Clean);
    }

    @Override
    public void whenDurable(EVersion version, Runnable task) {
        if (pg.writes().isDurable(version)) {
            task.run();
        } else {
            pg.writes().whenDurable(version, task);
        }
    }

    @Override
    public void send(PgShard to, Message message) {
        host.sendToOsd(to.osd(), message);
    }

    @Override
    public Duration pause(ScrubPlan plan) {
        return host.scrubs().settings().pause(plan, host.clock().now(), ZoneId.systemDefault());
    }

    private void log(LogEntry.Level level, String text) {
        host.clusterLog().log(level, pg.id() + " " + text);
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
        findings.repairs().forEach(this::count);
        findings.lines().forEach(line -> host.clusterLog().log(LogEntry.Level.ERROR, line));
        if (running.plan().repair()) {
            for (Findings.Repair one : findings.repairs()) {
                mended += one.copies();
                repair.mend(one);
            }
            repair.go();
        } else if (!findings.inconsistent().isEmpty()) {
            Transaction transaction = new Transaction();
            results.add(findings, transaction);
            host.store().submit(transaction, () -> {});
        }
    }

    /** Objects of which copies are absent, and of which copies are bad. */
    private void count(Findings.Repair one) {
        if (one.isRemoval()) {
            return; // no copy of it is as it should be
        }
        absent += one.absent().isEmpty() ? 0 : 1;
        bad += one.bad().isEmpty() ? 0 : 1;
    }

    @Override
    public void updateDigests(List<Findings.Digests> found, Runnable done) {
        digests.note(found, done);
    }

    @Override
    public void ended(PrimaryScrub ended, boolean complete) {
        owner.ended(this, complete);
    }

    /** All was compared: says and stores what was found. Source: PgScrubber::scrub_finish. */
    Outcome finish() {
        ScrubPlan plan = scrub.plan();
        int fixed = checkStatistics(plan) + mended;
        int errors = shallow + deep;
        if (absent + bad > 0) {
            log(LogEntry.Level.ERROR, plan.modeText() + " " + absent + " missing, " + bad + " inconsistent objects");
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
            }
        }
        Transaction transaction = new Transaction();
        pg.members().scrubbed(finished(plan.deep()), counted(plan.deep()), transaction);
        host.store().submit(transaction, () -> {});
        pg.shareInfo();
        return new Outcome(errors, fixed, repairs);
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
        pg.statistics().counted(count.counted());
        return 1;
    }

    private ScrubHistory finished(boolean wasDeep) {
        ScrubHistory old = pg.members().info().history().scrub();
        Instant now = host.clock().now();
        boolean clean = shallow == 0 && (!wasDeep || deep == 0);
        return new ScrubHistory(
                lastUpdate(),
                now,
                wasDeep ? lastUpdate() : old.lastDeepScrub(),
                wasDeep ? now : old.lastDeepScrubStamp(),
                clean ? now : old.lastCleanScrubStamp());
    }

    private ObjectStats stats() {
        return pg.members().info().stats().stats();
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
