package io.spirula.it.sim;

import io.spirula.common.maps.MonMap;
import io.spirula.common.monclient.CommandOutcome;
import io.spirula.common.types.EntityAddr;
import io.spirula.common.types.Errno;
import io.spirula.it.cluster.ClusterBlueprint;
import io.spirula.mon.quorum.MonState;
import io.spirula.mon.quorum.QuorumStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * One run of the simulator with monitors alone: clients that set keys and read those that were acknowledged, through whatever monitor they find, while one monitor loses its disk, then monitors crash (between any two durable writes too), hosts lose touch with each
 * other in one direction or both, messages are slow, clocks go wrong, and an administrator has leaders elected in another way. What must hold is in {@link MonitorInvariants}; in the end all is mended, and every monitor must
 * have everything that was acknowledged. Before that links are cut and stay so, while leaders are elected by connectivity: then whoever can lead a majority does so in bounded time, and goes on to.
 */
public final class MonitorWorkload {
    /** What a run is like. */
    public record Settings(int monitors, int clients, int faults) {
        public static final Settings DEFAULT = new Settings(3, 3, 12);
    }

    /** What a run was like. */
    public record Summary(
            long seed, long traceHash, long events, int writes, int reads, int elections, int crashes, Duration time) {
        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT,
                    "seed %d: %d events, %d writes and %d reads answered, %d leaders, %d crashes in %.1f s, trace %016x",
                    seed,
                    events,
                    writes,
                    reads,
                    elections,
                    crashes,
                    time.toMillis() / 1000.0,
                    traceHash);
        }
    }

    private static final Duration SETTLE = Duration.ofSeconds(40);
    private static final long MOST_SKEW_MILLIS = 30_000;
    private static final List<String> STRATEGIES = List.of("classic", "disallow", "connectivity");
    /** Seconds: scores that hardly change, and scores that are other ones every minute. */
    private static final List<Integer> HALF_LIVES = List.of(43_200, 600, 60);
    /** How long after the last link has changed there may be no leader, and how long that one then is looked at. */
    private static final Duration TO_LEAD = Duration.ofSeconds(60);

    private static final Duration LED = Duration.ofSeconds(90);
    /** Two elections' time-outs, and a bit. */
    private static final Duration TO_TAKE_OVER = Duration.ofSeconds(15);

    private final Simulation simulation;
    private final Settings settings;
    private final RandomGenerator random;
    private final SimNetwork network;
    private final SimHost operator;
    private final List<SimMonitor> monitors = new ArrayList<>();
    private final List<Client> clients = new ArrayList<>();
    private final SimClient administrator;
    private boolean administering;
    private final MonitorInvariants invariants;
    private boolean stopping;
    private int crashes;
    private int writes;
    private int reads;

    private MonitorWorkload(long seed, Settings settings) {
        simulation = new Simulation(seed);
        this.settings = settings;
        random = simulation.newRandom();
        network = new SimNetwork(simulation);
        operator = new SimHost(simulation, "operator");
        List<EntityAddr> addrs = IntStream.range(0, settings.monitors)
                .mapToObj(i -> EntityAddr.msgr2("10.0.0." + (i + 1), 3300, 0))
                .toList();
        TreeMap<String, String> options = new TreeMap<>();
        options.put("mon_con_tracker_score_halflife", oneOf(HALF_LIVES).toString());
        ClusterBlueprint blueprint =
                ClusterBlueprint.of(0, "cephx", addrs, options, simulation.newRandom(), operator.now());
        for (int rank = 0; rank < settings.monitors; rank++) {
            monitors.add(new SimMonitor(rank, blueprint, network));
        }
        invariants = new MonitorInvariants(monitors);
        for (int i = 0; i < settings.clients; i++) {
            SimHost host = new SimHost(simulation, "client." + i);
            clients.add(new Client(i, host, new SimClient(host, blueprint, network, simulation.newRandom())));
        }
        administrator = new SimClient(
                new SimHost(simulation, "client.administrator"), blueprint, network, simulation.newRandom());
    }

    private <T> T oneOf(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    /** Throws {@link SimulationFailure}, or whatever a daemon threw. */
    public static Summary run(long seed, Settings settings) {
        MonitorWorkload workload = new MonitorWorkload(seed, settings);
        try {
            workload.run();
        } catch (SimulationFailure e) {
            throw e;
        } catch (RuntimeException e) {
            throw new SimulationFailure("a task threw " + e + "; " + workload.state(), e);
        }
        return workload.summary();
    }

    private Summary summary() {
        return new Summary(
                simulation.seed(),
                simulation.traceHash(),
                simulation.executedEvents(),
                writes,
                reads,
                invariants.leaders(),
                crashes,
                Duration.ofNanos(simulation.nowNanos()));
    }

    private void run() {
        await("there is a quorum of all", this::isWhole);
        elect(oneOf(STRATEGIES));
        await("leaders are elected as they were to be", () -> !administering);
        clients.forEach(Client::think);
        if (random.nextBoolean()) {
            rebuild();
        }
        for (int i = 0; i < settings.faults; i++) {
            fault();
            advance(Duration.ofMillis(random.nextInt(3) == 0 ? random.nextInt(300) : random.nextInt(15_000)));
        }
        if (random.nextBoolean()) {
            leadThroughCuts();
        }
        mend();
        stopping = true;
        await(
                "everything is answered and whole in the end",
                () -> isWhole() && !administering && clients.stream().noneMatch(c -> c.busy));
        await("all monitors have the same", invariants::allHaveTheSame);
        for (Client client : clients) {
            client.acknowledged.forEach(key -> invariants.mustHave("config-key", key));
        }
    }

    private void await(String what, BooleanSupplier condition) {
        await(what, condition, SETTLE);
    }

    private void await(String what, BooleanSupplier condition, Duration most) {
        long deadline = simulation.nowNanos() + most.toNanos();
        while (!condition.getAsBoolean()) {
            if (simulation.nowNanos() > deadline || !simulation.step()) {
                throw new SimulationFailure("after " + most + " it is still not so that " + what + ": " + state());
            }
            invariants.check();
        }
    }

    private void advance(Duration span) {
        long end = simulation.nowNanos() + span.toNanos();
        simulation.after(span.toNanos(), operator, () -> {});
        while (simulation.nowNanos() < end && simulation.step()) {
            invariants.check();
        }
    }

    private boolean isWhole() {
        boolean leader = false;
        for (SimMonitor monitor : monitors) {
            var status = monitor.daemon().services().quorum().get();
            if (!monitor.host().isUp() || status.quorum().size() != monitors.size()) {
                return false;
            }
            leader |= status.state() == MonState.LEADER
                    && monitor.daemon().services().paxos().isWriteable();
        }
        return leader;
    }

    String state() {
        return monitors.stream()
                        .map(m -> m.name()
                                + (m.host().isUp()
                                        ? " " + m.daemon().services().quorum().get() + " last "
                                                + m.daemon().services().paxos().lastCommitted()
                                        : " down"))
                        .collect(Collectors.joining("; "))
                + "; waiting: "
                + clients.stream()
                        .filter(c -> c.busy)
                        .map(c -> c.name() + ": " + c.now)
                        .toList();
    }

    // ---- elections

    /** Has leaders elected in another way. Without disallowed leaders "disallow" is no other way than "classic". */
    private void elect(String strategy) {
        administer(
                "{\"prefix\":\"mon set election_strategy\",\"strategy\":\"" + strategy + "\"}",
                strategy.equals("classic")
                        ? () -> administering = false
                        : () -> administer(
                                "{\"prefix\":\"mon " + (random.nextBoolean() ? "add" : "rm")
                                        + " disallowed_leader\",\"name\":\""
                                        + anyMonitor().name() + "\"}",
                                () -> administering = false));
    }

    private void administer(String command, Runnable then) {
        administering = true;
        administrator.command(command, outcome -> {
            if (outcome.code() != 0 && outcome.code() != -Errno.EINVAL) {
                simulation.fail(new SimulationFailure(command + " was answered " + outcome));
            }
            then.run();
        });
    }

    /** Cuts some links, in one direction or both, and leaves them so. If somebody has links to a majority there must be a leader soon, and no other one after it but one that has more links. */
    private void leadThroughCuts() {
        mend();
        await("all is mended before links are cut", () -> isWhole() && !administering);
        elect("connectivity");
        await("leaders are elected by connectivity", () -> isWhole() && !administering);
        for (SimMonitor a : monitors) {
            for (SimMonitor b : monitors) {
                if (random.nextInt(3) == 0) {
                    network.cut(a.host(), b.host());
                }
            }
        }
        if (monitors.stream().noneMatch(this::couldLead)) {
            return;
        }
        advance(TO_LEAD);
        // At this very moment somebody with more links may be taking over.
        await("somebody leads although links were cut, " + links(), () -> leader() != null, TO_TAKE_OVER);
        SimMonitor leader = Objects.requireNonNull(leader());
        int answered = writes + reads;
        beLed(leader);
        if (writes + reads == answered) {
            throw new SimulationFailure(
                    "there is a leader, and nothing is answered for " + LED + ": " + links() + state());
        }
    }

    /**
     * What a link was like long ago weighs less and less. So whoever has most links, and had bad ones, may come to lead late; but among links that stay as they are nobody ever overtakes who has as many.
     */
    private void beLed(SimMonitor first) {
        SimMonitor leader = first;
        int epoch = quorum(leader).electionEpoch();
        for (int i = 0; i < LED.toSeconds(); i++) {
            advance(Duration.ofSeconds(1));
            SimMonitor now = leader();
            if (now != null && quorum(now).electionEpoch() != epoch) {
                if (linked(now) <= linked(leader)) {
                    throw new SimulationFailure(
                            "leaders come and go though nothing happens to the links, the epoch was " + epoch
                                    + ", with " + leader.name() + " leading: " + links() + state());
                }
                leader = now;
                epoch = quorum(now).electionEpoch();
            }
        }
        await("somebody leads again", () -> leader() != null, TO_TAKE_OVER);
    }

    private boolean isLinked(SimMonitor a, SimMonitor b) {
        return !network.isCut(a.host(), b.host()) && !network.isCut(b.host(), a.host());
    }

    private boolean couldLead(SimMonitor candidate) {
        MonMap map = candidate.daemon().services().monmap().map();
        return linked(candidate) > monitors.size() / 2
                && !map.disallowedLeaders().contains(candidate.name());
    }

    /** How many a monitor reaches and is reached by, itself included. */
    private long linked(SimMonitor one) {
        return monitors.stream()
                .filter(other -> other == one || isLinked(one, other))
                .count();
    }

    /** Who has a link to whom. */
    private String links() {
        return monitors.stream()
                .map(a -> monitors.stream()
                        .filter(b -> b != a && isLinked(a, b))
                        .map(SimMonitor::name)
                        .collect(Collectors.joining("", a.name() + "-", "")))
                .collect(Collectors.joining(" ", "links ", "; "));
    }

    /** Who leads, in the newest epoch in which anybody does. */
    private @Nullable SimMonitor leader() {
        return monitors.stream()
                .filter(m -> quorum(m).state() == MonState.LEADER)
                .max(Comparator.comparingInt(m -> quorum(m).electionEpoch()))
                .orElse(null);
    }

    private static QuorumStatus quorum(SimMonitor monitor) {
        return monitor.daemon().services().quorum().get();
    }

    // ---- faults

    private SimMonitor anyMonitor() {
        return monitors.get(random.nextInt(monitors.size()));
    }

    private void fault() {
        SimMonitor victim = anyMonitor();
        switch (random.nextInt(10)) {
            case 0, 1 -> crash(victim);
            case 2 -> {
                int writesLeft = random.nextInt(1, 12);
                int[] left = {writesLeft};
                victim.afterWrite(() -> {
                    if (--left[0] == 0) {
                        crash(victim);
                    }
                });
            }
            case 3 -> {
                crash(victim);
                crash(anyMonitor());
            }
            case 4 -> {
                for (SimMonitor other : monitors) {
                    cut(victim, other);
                }
            }
            case 5 -> {
                SimMonitor other = anyMonitor();
                network.cut(victim.host(), other.host());
            }
            case 6 -> {
                for (SimMonitor a : monitors) {
                    for (SimMonitor b : monitors) {
                        if (random.nextInt(4) == 0) {
                            network.cut(a.host(), b.host());
                        }
                    }
                }
            }
            case 7 ->
                network.setDelays(
                        Duration.ofNanos(50_000),
                        Duration.ofMillis(random.nextInt(3) == 0 ? random.nextInt(1, 2_000) : 1));
            case 8 -> {
                if (!administering) {
                    elect(oneOf(STRATEGIES));
                }
            }
            default ->
                victim.host().setClockSkew(Duration.ofMillis(random.nextLong(-MOST_SKEW_MILLIS, MOST_SKEW_MILLIS)));
        }
        if (random.nextInt(3) == 0) {
            network.heal();
        }
    }

    /** One monitor loses its disk while the others are well, and gets all from them, through crashes in the middle of it. To lose a disk and others' processes too is more than a quorum can bear. */
    private void rebuild() {
        advance(Duration.ofMillis(random.nextInt(30_000)));
        SimMonitor victim = anyMonitor();
        crashes++;
        victim.crash();
        victim.remake();
        invariants.forget(victim);
        for (int i = random.nextInt(4); i > 0; i--) {
            int[] left = {random.nextInt(1, 10)};
            victim.afterWrite(() -> {
                if (--left[0] == 0) {
                    crashes++;
                    victim.crash();
                }
            });
            restart(victim);
            advance(Duration.ofMillis(random.nextInt(5_000)));
            victim.afterWrite(() -> {});
        }
        restart(victim);
        await("the monitor with the new disk is in the quorum", this::isWhole);
    }

    private void cut(SimMonitor a, SimMonitor b) {
        if (a != b) {
            network.cut(a.host(), b.host());
            network.cut(b.host(), a.host());
        }
    }

    private void crash(SimMonitor monitor) {
        monitor.afterWrite(() -> {});
        if (!monitor.host().isUp()) {
            return;
        }
        crashes++;
        monitor.crash();
        simulation.after(Duration.ofMillis(random.nextInt(1, 20_000)).toNanos(), operator, () -> restart(monitor));
    }

    private void restart(SimMonitor monitor) {
        if (!monitor.host().isUp()) {
            monitor.restart();
        }
    }

    private void mend() {
        network.heal();
        network.setDelays(Duration.ofNanos(50_000), Duration.ofMillis(1));
        for (SimMonitor monitor : monitors) {
            monitor.afterWrite(() -> {});
            restart(monitor);
        }
    }

    // ---- clients

    /** Does one thing after the other, each until it is answered. */
    private final class Client {
        private final int id;
        private final SimHost host;
        private final SimClient rados;
        private final List<String> acknowledged = new ArrayList<>();
        private boolean busy;
        private String now = "";

        Client(int id, SimHost host, SimClient rados) {
            this.id = id;
            this.host = host;
            this.rados = rados;
        }

        String name() {
            return "client." + id;
        }

        void think() {
            if (!stopping) {
                host.schedule(Duration.ofMillis(random.nextInt(1, 400)), this::act);
            }
        }

        private void act() {
            if (stopping || busy) {
                return;
            }
            // Keys of any client: what one was told must be true for all.
            List<String> known = clients.get(random.nextInt(clients.size())).acknowledged;
            if (known.isEmpty() || random.nextInt(3) == 0) {
                String key = "c" + id + "/" + acknowledged.size();
                run("{\"prefix\":\"config-key set\",\"key\":\"" + key + "\",\"val\":\"" + key + "\"}", o -> {
                    if (o.code() != 0) {
                        throw new SimulationFailure("setting " + key + " was answered " + o);
                    }
                    acknowledged.add(key);
                    writes++;
                });
            } else {
                String key = known.get(random.nextInt(3) == 0 ? random.nextInt(known.size()) : known.size() - 1);
                run("{\"prefix\":\"config-key get\",\"key\":\"" + key + "\"}", o -> {
                    if (o.code() != 0 || !o.output().utf8().equals(key)) {
                        throw new SimulationFailure("stale: reading " + key
                                + ", which was acknowledged before, was answered " + o + "; " + state());
                    }
                    reads++;
                });
            }
        }

        private void run(String json, java.util.function.Consumer<CommandOutcome> judge) {
            busy = true;
            now = json;
            rados.command(json, outcome -> {
                busy = false;
                try {
                    judge.accept(outcome);
                } catch (SimulationFailure e) {
                    simulation.fail(e);
                }
                think();
            });
        }
    }
}
