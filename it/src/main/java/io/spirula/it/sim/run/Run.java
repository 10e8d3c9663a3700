package io.spirula.it.sim.run;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.maps.OsdMap;
import io.spirula.it.sim.SimClient;
import io.spirula.it.sim.SimCluster;
import io.spirula.it.sim.SimHost;
import io.spirula.it.sim.SimOsd;
import io.spirula.it.sim.Simulation;
import io.spirula.it.sim.SimulationFailure;
import io.spirula.it.sim.check.FinalState;
import io.spirula.it.sim.check.Invariants;
import io.spirula.it.sim.check.ModelOp;
import io.spirula.it.sim.check.ObjectHistory;
import io.spirula.it.sim.check.ReplicaComparison;
import io.spirula.it.sim.check.WatchHistory;
import io.spirula.it.sim.nemesis.Stage;
import io.spirula.osd.pg.ClientOp;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;

/**
 * One run of the simulator: clients that write and read a few objects at random while nemeses strike. Every answer is held against what can be true ({@link ObjectHistory}), every event against what must hold ({@link Invariants});
 * at the end all is mended, and the cluster must become clean, answer everything, and keep the same on all members.
 */
public final class Run implements Session.Board {
    /** What a run was like. */
    public record Summary(
            long seed,
            long traceHash,
            long events,
            int operations,
            SortedMap<String, Integer> strikes,
            int epochs,
            Duration time) {
        @Override
        public String toString() {
            return String.format(
                    java.util.Locale.ROOT,
                    "seed %d: %d events, %d operations, %d map epochs, strikes %s in %.1f s, trace %016x",
                    seed,
                    events,
                    operations,
                    epochs,
                    strikes,
                    time.toMillis() / 1000.0,
                    traceHash);
        }
    }

    private static final String POOL = "data";
    private static final Duration BOOT = Duration.ofMinutes(2);
    /** How long a cluster in which nothing is wrong any more may take to be clean: longest is what waits for an OSD to be believed again. */
    private static final Duration SETTLE = Duration.ofMinutes(10);

    private static final Duration GLANCE = Duration.ofMillis(100);
    private static final int REMEMBERED_NOTES = 40;
    private static final int WATCHED = 2;
    private static final int LAST_PATIENCE_SECONDS = 20;

    private record Orphan(int operation, int object) {}

    private final Simulation simulation;
    private final Plan plan;
    private final SimCluster cluster;
    private final SimClient operator;
    private final Stage stage;
    private final Operator caretaker;
    private final List<ObjectHistory> objects = new ArrayList<>();
    private final List<Session> sessions = new ArrayList<>();
    private final List<WatchHistory> watched = new ArrayList<>();
    private final List<WatchSession> watchers = new ArrayList<>();
    private final List<Orphan> orphans = new ArrayList<>();
    private final ArrayDeque<String> notes = new ArrayDeque<>();
    private final TreeMap<String, Integer> strikes = new TreeMap<>();
    private long pool;
    private int lastOperation;
    private int answered;

    private Run(long seed, Settings settings) {
        simulation = new Simulation(seed);
        plan = Plan.of(seed, settings);
        cluster = new SimCluster(simulation, plan.monitors(), plan.osds(), options(plan));
        operator = cluster.client(new SimHost(simulation, "client.operator"));
        for (int i = 0; i < plan.objects(); i++) {
            objects.add(new ObjectHistory("o" + i, plan.keepsClientsOrder()));
        }
        SplittableRandom choices = new SplittableRandom(seed ^ 0xc11e47);
        for (int i = 0; i < plan.clients(); i++) {
            sessions.add(new Session(i, cluster, choices.split(), this, plan.operations()));
        }
        stage = new Stage(cluster, operator, sessions, this::note);
        caretaker = new Operator(cluster, operator, stage, () -> strikes.merge("given-up", 1, Integer::sum));
    }

    private static SortedMap<String, String> options(Plan plan) {
        TreeMap<String, String> options = new TreeMap<>();
        options.put("osd pool default pg num", "4");
        options.put("osd heartbeat grace", "10");
        options.put("osd heartbeat interval", "3");
        options.put("osd max markdown count", "1000");
        if (plan.logEntries() > 0) {
            options.put("osd max pg log entries", String.valueOf(plan.logEntries()));
            options.put("osd pg log trim min", "1");
        }
        options.put(
                "osd force auth primary missing objects",
                String.valueOf(plan.actingCosts().primary()));
        options.put(
                "osd async recovery min cost", String.valueOf(plan.actingCosts().member()));
        return options;
    }

    /** Throws {@link SimulationFailure}, which says what was wrong and what had happened lately. */
    public static Summary of(long seed, Settings settings) {
        Run run = new Run(seed, settings);
        try {
            run.run();
        } catch (SimulationFailure e) {
            throw new SimulationFailure(e.getMessage() + "\n" + run.story(), e);
        } catch (RuntimeException e) {
            throw new SimulationFailure("a task threw " + e + "\n" + run.story(), e);
        }
        return run.summary();
    }

    private Summary summary() {
        return new Summary(
                simulation.seed(),
                simulation.traceHash(),
                simulation.executedEvents(),
                answered,
                strikes,
                cluster.osdMap().epoch(),
                Duration.ofNanos(simulation.nowNanos()));
    }

    private String story() {
        return "after " + Duration.ofNanos(simulation.nowNanos()) + ", trace "
                + Long.toHexString(simulation.traceHash()) + "; lately:\n  " + String.join("\n  ", notes) + "\n"
                + cluster.state() + "\n" + sessions + "\n" + watchers;
    }

    private void note(String what) {
        if (notes.size() == REMEMBERED_NOTES) {
            notes.remove();
        }
        notes.add(String.format(java.util.Locale.ROOT, "%.3f ", simulation.nowNanos() / 1e9) + what);
        objects.forEach(o -> o.note(what));
        watched.forEach(o -> o.note(what));
    }

    private void run() {
        await("the OSDs are up", cluster::isClean, BOOT);
        createPool();
        fill();
        cluster.network().usualDelay(plan.messageDelay());
        Invariants.watch(cluster);
        sessions.forEach(Session::think);
        beginWatching();
        for (Plan.Strike strike : plan.strikes()) {
            strike(strike);
        }
        watchFor(Duration.ofSeconds(3));
        watchFor(stage.lasting());
        sessions.forEach(Session::stop);
        watchers.forEach(WatchSession::stop);
        settle();
        allWatchersAreWell();
        readAll();
        // A replica may still be about to commit what its primary has reported, and the manager to hear of it.
        simulation.runFor(Duration.ofSeconds(12));
        ReplicaComparison.compare(cluster);
        FinalState.isCountedRight(cluster);
        FinalState.hasNoLeftovers(cluster);
    }

    private void beginWatching() {
        if (plan.watchers() == 0) {
            return;
        }
        int[] missing = {WATCHED};
        ModelOp.WriteFull write = new ModelOp.WriteFull(Bytes.of("watched"));
        for (int i = 0; i < WATCHED; i++) {
            watched.add(new WatchHistory(simulation, WatchSession.name(i).toString()));
            operator.operate(
                    pool,
                    WatchSession.name(i),
                    write.steps(),
                    write.flags(),
                    reply -> missing[0] -= reply.result() == 0 ? 1 : 0);
        }
        await("what is watched is there", () -> missing[0] == 0, BOOT);
        SplittableRandom choices = new SplittableRandom(simulation.seed() ^ 0x3a7c4e5);
        for (int i = 0; i < plan.watchers(); i++) {
            watchers.add(new WatchSession(i, cluster, choices.split(), pool, watched));
        }
        watchers.forEach(WatchSession::think);
    }

    /** In the end everybody watches something and is listed, nobody else is, and a notification reaches all of them. */
    private void allWatchersAreWell() {
        for (int i = 0; i < watched.size(); i++) {
            int object = i;
            WatchHistory history = watched.get(i);
            WatchSession one = watchers.getFirst();
            await(
                    "everybody watches",
                    () -> watchers.stream().filter(WatchSession::watches).count() == watchers.size(),
                    SETTLE);
            boolean[] exact = new boolean[1];
            await(
                    "exactly those who watch are listed",
                    () -> {
                        if (one.isDone()) {
                            one.list(object, list -> exact[0] = history.isExactly(list));
                        }
                        return exact[0];
                    },
                    SETTLE);
            await("the list is there", one::isDone, BOOT);
            int answers = history.established().size();
            one.notifyWatchers(object, LAST_PATIENCE_SECONDS, replies -> {
                if (replies.replies().size() != answers || !replies.missed().isEmpty()) {
                    throw new SimulationFailure(answers + " watch " + WatchSession.name(object)
                            + ", and the last notification ends with " + replies);
                }
            });
            await("the last notification is complete", one::isDone, BOOT);
        }
    }

    private void strike(Plan.Strike strike) {
        if (strike.needsClean()) {
            mend();
        }
        watchFor(strike.after());
        boolean skipped = switch (strike.nemesis().kind()) {
            case PASSING -> false;
            case MOVES_DATA -> stage.hasDamagedCopies();
            case DAMAGES_COPIES -> {
                if (!cluster.isClean()) {
                    mend(); // what had begun to move has not arrived
                }
                yield stage.hasDamagedCopies();
            }
        };
        if (!skipped) {
            note("strike " + strike.number() + ": " + strike.nemesis().name());
            strikes.merge(strike.nemesis().name(), 1, Integer::sum);
            sessions.forEach(Session::hurry);
            watchFor(Duration.ofMillis(strike.hurryMillis()));
            strike.nemesis().strike(stage, new SplittableRandom(strike.seed()));
        }
    }

    /** Everything is put right, and the cluster becomes clean while the clients go on. */
    private void mend() {
        watchFor(stage.lasting());
        note("all is mended");
        stage.mendAll();
        awaitCared(
                "the cluster is clean when all is mended",
                () -> stage.isIdle() && stage.isCured() && cluster.isClean());
        stage.allIsClean();
        note("all is clean");
    }

    private void settle() {
        note("all is mended for the last time");
        stage.mendAll();
        awaitCared(
                "everything is answered and clean in the end",
                () -> stage.isIdle()
                        && stage.isCured()
                        && sessions.stream().allMatch(Session::isDone)
                        && watchers.stream().allMatch(WatchSession::isDone)
                        && cluster.isSettled());
        adoptOrphans();
    }

    private void createPool() {
        boolean[] made = new boolean[1];
        operator.command("{\"prefix\":\"osd pool create\",\"pool\":\"" + POOL + "\"}", outcome -> {
            if (outcome.code() != 0) {
                throw new SimulationFailure("no pool: " + outcome.status());
            }
            made[0] = true;
        });
        await("the pool is there", () -> made[0] && knowsPool() && cluster.isClean(), BOOT);
        pool = poolId();
    }

    private void fill() {
        int[] missing = {plan.filling()};
        for (int i = 0; i < plan.filling(); i++) {
            ModelOp.WriteFull write = new ModelOp.WriteFull(Bytes.of("filling " + i));
            operator.operate(
                    pool,
                    Bytes.of("filling" + i),
                    write.steps(),
                    write.flags(),
                    reply -> missing[0] -= reply.result() == 0 ? 1 : 0);
        }
        await("the filling is there", () -> missing[0] == 0, BOOT);
    }

    /** The monitor that the operator asks may be behind the one that made the pool: it asks again. */
    private boolean knowsPool() {
        boolean knows = poolId() >= 0;
        if (!knows) {
            operator.wantNewerMap();
        }
        return knows;
    }

    private long poolId() {
        OsdMap map = operator.map();
        return map == null ? -1 : map.poolId(POOL);
    }

    private void readAll() {
        Session reader = sessions.getFirst();
        for (int i = 0; i < objects.size(); i++) {
            reader.perform(i, new ModelOp.Read());
            await("the last reads are answered", reader::isIdle, BOOT);
        }
    }

    /** Lets time go by, and notes now and then what has come to pass. */
    private void watchFor(Duration span) {
        long end = simulation.nowNanos() + span.toNanos();
        while (simulation.nowNanos() < end) {
            simulation.runFor(Duration.ofNanos(Math.min(GLANCE.toNanos(), end - simulation.nowNanos())));
            glance();
        }
    }

    private void glance() {
        adoptOrphans();
        if (stage.hasDamagedCopies() && cluster.isClean()) {
            stage.allIsClean();
        }
    }

    /** The same when nothing is wrong any more, and somebody looks after what does not become right by itself. */
    private void awaitCared(String what, BooleanSupplier condition) {
        await(
                what,
                () -> {
                    boolean isSo = condition.getAsBoolean();
                    if (!isSo) {
                        caretaker.look();
                    }
                    return isSo;
                },
                SETTLE);
    }

    private void await(String what, BooleanSupplier condition, Duration most) {
        long deadline = simulation.nowNanos() + most.toNanos();
        while (!condition.getAsBoolean()) {
            if (simulation.nowNanos() > deadline) {
                throw new SimulationFailure("after " + most + " it is still not so that " + what);
            }
            watchFor(GLANCE);
        }
        glance();
    }

    /** What clients that are gone had under way is decided once no OSD has a request of theirs any more. */
    private void adoptOrphans() {
        if (!orphans.isEmpty() && cluster.osds().stream().noneMatch(Run::worksForTheDead)) {
            orphans.forEach(o -> objects.get(o.object).abandon(o.operation));
            orphans.clear();
        }
    }

    private static boolean worksForTheDead(SimOsd osd) {
        boolean[] found = new boolean[1];
        if (osd.isUp()) {
            osd.daemon()
                    .groups()
                    .all()
                    .forEach(pg -> pg.ops()
                            .visit((ClientOp op) -> found[0] |= !op.connection().isConnected()));
        }
        return found[0];
    }

    @Override
    public long pool() {
        return pool;
    }

    @Override
    public List<ObjectHistory> objects() {
        return objects;
    }

    @Override
    public int nextOperation() {
        return ++lastOperation;
    }

    @Override
    public void answered(int operation) {
        simulation.trace(operation);
        answered++;
    }

    @Override
    public void orphaned(int operation, int object) {
        orphans.add(new Orphan(operation, object));
    }
}
