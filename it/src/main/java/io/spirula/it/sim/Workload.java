package io.spirula.it.sim;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.maps.OsdMap;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * One run of the simulator: clients that write and read a few objects at random while the power fails again and again. Every answer is held against what can be true ({@link ObjectHistory}); at the end all groups must be clean
 * and their members equal.
 */
public final class Workload {
    /** What a run is like. */
    public record Settings(int osds, int clients, int objects, int crashes) {
        public static final Settings DEFAULT = new Settings(3, 3, 4, 4);
    }

    /** What a run was like. */
    public record Summary(long seed, long traceHash, long events, int operations, int crashes, Duration time) {
        @Override
        public String toString() {
            return String.format(
                    java.util.Locale.ROOT,
                    "seed %d: %d events, %d operations, %d crashes in %.1f s, trace %016x",
                    seed,
                    events,
                    operations,
                    crashes,
                    time.toMillis() / 1000.0,
                    traceHash);
        }
    }

    private static final String POOL = "data";
    private static final Duration BOOT = Duration.ofMinutes(2);
    private static final Duration SETTLE = Duration.ofMinutes(15);

    private final Simulation simulation;
    private final Settings settings;
    private final SimCluster cluster;
    private final RandomGenerator random;
    private final List<ObjectHistory> objects = new ArrayList<>();
    private final List<Session> sessions = new ArrayList<>();
    private long pool;
    private boolean stopping;
    private int lastOperation;
    private int answered;
    private int crashes;

    private Workload(long seed, Settings settings) {
        simulation = new Simulation(seed);
        this.settings = settings;
        random = simulation.newRandom();
        TreeMap<String, String> options = new TreeMap<>();
        options.put("osd pool default pg num", "4");
        cluster = new SimCluster(simulation, settings.osds, options);
        for (int i = 0; i < settings.objects; i++) {
            objects.add(new ObjectHistory("o" + i));
        }
    }

    /** Throws {@link SimulationFailure}, or whatever a daemon threw. */
    public static Summary run(long seed, Settings settings) {
        Workload workload = new Workload(seed, settings);
        try {
            workload.run();
        } catch (SimulationFailure e) {
            throw e;
        } catch (RuntimeException e) {
            throw new SimulationFailure("a task threw " + e + "; " + workload.cluster.state(), e);
        }
        return workload.summary();
    }

    private Summary summary() {
        return new Summary(
                simulation.seed(),
                simulation.traceHash(),
                simulation.executedEvents(),
                answered,
                crashes,
                Duration.ofNanos(simulation.nowNanos()));
    }

    private void run() {
        for (int i = 0; i < settings.clients; i++) {
            sessions.add(new Session(new SimHost(simulation, "client." + i)));
        }
        await("the OSDs are up", cluster::isClean, BOOT);
        createPool();
        sessions.forEach(Session::think);
        for (int i = 0; i < settings.crashes; i++) {
            simulation.runFor(Duration.ofMillis(random.nextInt(3) == 0 ? random.nextInt(100) : random.nextInt(5_000)));
            crash();
            if (random.nextInt(3) == 0) {
                await("the cluster is clean after a crash", cluster::isClean, SETTLE);
            }
        }
        simulation.runFor(Duration.ofMillis(random.nextInt(3_000)));
        stopping = true;
        await(
                "everything is answered and clean in the end",
                () -> sessions.stream().allMatch(s -> s.operation == 0) && cluster.isClean(),
                SETTLE);
        readAll();
        // A replica may still be about to commit what its primary has reported.
        simulation.runFor(Duration.ofSeconds(10));
        ReplicaComparison.compare(cluster);
    }

    private void createPool() {
        boolean[] made = new boolean[1];
        SimClient client = sessions.getFirst().client;
        client.command("{\"prefix\":\"osd pool create\",\"pool\":\"" + POOL + "\"}", outcome -> {
            if (outcome.code() != 0) {
                throw new SimulationFailure("no pool: " + outcome.status());
            }
            client.wantNewerMap();
            made[0] = true;
        });
        await("the pool is there", () -> made[0] && poolId(client) >= 0 && cluster.isClean(), BOOT);
        pool = poolId(client);
    }

    private static long poolId(SimClient client) {
        OsdMap map = client.map();
        return map == null ? -1 : map.poolId(POOL);
    }

    /** One OSD alone, or the whole cluster together with some of the clients; now and then an OSD comes back so late that the others go on without it. */
    private void crash() {
        crashes++;
        SimOsd chosen = cluster.osds().get(random.nextInt(settings.osds));
        boolean isLate = random.nextBoolean();
        if (random.nextInt(3) == 0) {
            note("crash " + crashes + " of osd." + chosen.id());
            chosen.crash();
        } else {
            note("crash " + crashes + " of everything");
            cluster.crash();
            List<Session> crashed =
                    sessions.stream().filter(s -> random.nextInt(3) == 0).toList();
            crashed.forEach(Session::crash);
            simulation.runFor(Duration.ofMillis(random.nextInt(2_000)));
            cluster.restart(isLate ? Set.of(chosen) : Set.of());
            crashed.forEach(Session::restart);
            note("restart " + crashes);
        }
        cluster.restartLater(chosen, Duration.ofMillis(isLate ? random.nextInt(60_000) : random.nextInt(1_000)));
    }

    private void note(String event) {
        objects.forEach(o -> o.note(event));
    }

    private void readAll() {
        Session reader = sessions.getFirst();
        for (int i = 0; i < objects.size(); i++) {
            reader.perform(i, new ModelOp.Read());
            await("the last reads are answered", () -> reader.operation == 0, BOOT);
        }
    }

    private void await(String what, BooleanSupplier condition, Duration most) {
        if (!simulation.runUntil(condition, most)) {
            throw new SimulationFailure("after " + most + " it is still not so that " + what + ": " + cluster.state()
                    + "; under way: " + sessions.stream().map(s -> s.doing).toList());
        }
    }

    /** A client with one operation at a time. */
    private final class Session {
        private final SimHost host;
        private SimClient client;
        private int operation;
        private int object;
        private @Nullable ModelOp doing;

        Session(SimHost host) {
            this.host = host;
            client = cluster.client(host);
        }

        void think() {
            host.schedule(Duration.ofMillis(random.nextInt(40)), () -> {
                if (!stopping) {
                    perform(random.nextInt(objects.size()), choose());
                }
            });
        }

        private ModelOp choose() {
            Bytes unique = Bytes.of("<" + (lastOperation + 1) + ">");
            return switch (random.nextInt(10)) {
                case 0, 1 -> new ModelOp.WriteFull(unique);
                case 2, 3 -> new ModelOp.Append(unique);
                case 4, 5 -> new ModelOp.Write(random.nextInt(20), unique);
                case 6 -> new ModelOp.SetTag(unique);
                case 7 -> new ModelOp.Remove();
                default -> new ModelOp.Read();
            };
        }

        void perform(int on, ModelOp op) {
            int id = ++lastOperation;
            operation = id;
            object = on;
            doing = op;
            objects.get(on).begin(id, op);
            client.operate(pool, Bytes.of("o" + on), op.steps(), op.flags(), reply -> {
                objects.get(on).end(id, op.result(reply));
                simulation.trace(id);
                answered++;
                operation = 0;
                doing = null;
                think();
            });
        }

        void crash() {
            host.crash();
            if (operation != 0) {
                objects.get(object).abandon(operation);
                operation = 0;
                doing = null;
            }
        }

        void restart() {
            host.restart();
            client = cluster.client(host);
            think();
        }
    }
}
