package io.spirula.it.sim.nemesis;

import io.spirula.it.sim.SimClient;
import io.spirula.it.sim.SimCluster;
import io.spirula.it.sim.SimHost;
import io.spirula.it.sim.SimOsd;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/** Where nemeses strike: the cluster and its clients, an operator who gives commands, and what is wrong now, each with the way to mend it. */
public final class Stage {
    /** A client process that may be killed. */
    public interface Client {
        SimHost host();

        /** Begins a few things at once: something is about to happen to them. */
        void hurry();

        void crash();

        void restart();
    }

    private static final class Trouble {
        private final Runnable mending;
        private final boolean damages;
        private boolean over;

        Trouble(Runnable mending, boolean damages) {
            this.mending = mending;
            this.damages = damages;
        }
    }

    private final SimCluster cluster;
    private final SimClient operator;
    private final List<? extends Client> clients;
    private final Consumer<String> log;
    private final Set<Trouble> troubles = new LinkedHashSet<>();
    private final ArrayDeque<String> commands = new ArrayDeque<>();
    private final List<BooleanSupplier> cures = new ArrayList<>();
    private boolean commanding;
    private boolean damaged;
    private long undisturbedUntil;

    /**
     * @param log hears in words of everything that is done to the cluster
     */
    public Stage(SimCluster cluster, SimClient operator, List<? extends Client> clients, Consumer<String> log) {
        this.cluster = cluster;
        this.operator = operator;
        this.clients = clients;
        this.log = log;
    }

    public SimCluster cluster() {
        return cluster;
    }

    public List<? extends Client> clients() {
        return clients;
    }

    public void note(String what) {
        log.accept(what);
    }

    /** All clients do their next thing now. */
    void hurry() {
        clients().forEach(Client::hurry);
    }

    List<SimOsd> osds() {
        return cluster.osds();
    }

    SimOsd anyOsd(RandomGenerator random) {
        return cluster.osds().get(random.nextInt(cluster.osds().size()));
    }

    /** Up to {@code most}, seldom more than a quarter of it. */
    static Duration aWhile(RandomGenerator random, Duration most) {
        long millis = most.toMillis();
        return Duration.ofMillis(
                random.nextInt(4) == 0 ? random.nextLong(millis) : random.nextLong(Math.max(1, millis / 4)));
    }

    /** Runs after a while, whatever happens meanwhile. */
    void later(Duration delay, Runnable task) {
        cluster.simulation().after(delay.toNanos(), cluster.operator(), task);
    }

    /** Something is wrong, and will be mended after a while, or with all else. */
    void trouble(Duration lasts, Runnable mending) {
        trouble(lasts, new Trouble(mending, false));
    }

    /** The same, and some copies are not what they should be, from now on until the cluster is clean after the mending. */
    void damage(Duration lasts, Runnable mending) {
        damaged = true;
        trouble(lasts, new Trouble(mending, true));
    }

    private void trouble(Duration lasts, Trouble trouble) {
        troubles.add(trouble);
        later(lasts, () -> mend(trouble));
    }

    private void mend(Trouble trouble) {
        if (!trouble.over) {
            trouble.over = true;
            troubles.remove(trouble);
            trouble.mending.run();
        }
    }

    /** What has begun needs so long until it is seen what comes of it: others may strike, but all is mended only afterwards. */
    void letLast(Duration span) {
        undisturbedUntil = Math.max(undisturbedUntil, cluster.simulation().nowNanos() + span.toNanos());
    }

    /** For how long all is not to be mended. */
    public Duration lasting() {
        return Duration.ofNanos(
                Math.max(0, undisturbedUntil - cluster.simulation().nowNanos()));
    }

    /** Everything that is wrong is mended now. */
    public void mendAll() {
        while (!troubles.isEmpty()) {
            mend(troubles.iterator().next());
        }
    }

    /** A copy is not what it should be until this is so, which the cluster sees to itself. */
    void cure(BooleanSupplier cured) {
        cures.add(cured);
    }

    /** Whether there is no copy left that the cluster has still to repair. */
    public boolean isCured() {
        cures.removeIf(BooleanSupplier::getAsBoolean);
        return cures.isEmpty();
    }

    public boolean hasDamagedCopies() {
        return damaged;
    }

    /** The cluster is clean: all copies are what they should be, unless one is about not to be. */
    public void allIsClean() {
        damaged = !isCured() || troubles.stream().anyMatch(t -> t.damages);
    }

    /** Gives a command, after all those before have been answered. What the monitors refuse is refused. */
    void command(String json) {
        commands.add(json);
        next();
    }

    /** A command of a prefix and arguments: name, value, name, value. A value that is a number or true, or begins with a bracket or a quote, is JSON, any other is text, and so is every group's id. */
    void command(String prefix, String... arguments) {
        List<String> members = new ArrayList<>();
        members.add("\"prefix\":\"" + prefix + "\"");
        for (int i = 0; i < arguments.length; i += 2) {
            String value = arguments[i + 1];
            boolean isJson = value.matches("-?[0-9]+([.][0-9]+)?|true") && !arguments[i].equals("pgid")
                    || "[\"".indexOf(value.charAt(0)) >= 0;
            members.add("\"" + arguments[i] + "\":" + (isJson ? value : "\"" + value + "\""));
        }
        command("{" + String.join(",", members) + "}");
    }

    private void next() {
        if (!commanding && !commands.isEmpty()) {
            commanding = true;
            String json = commands.remove();
            note("command " + json);
            operator.command(json, outcome -> {
                commanding = false;
                if (outcome.code() != 0) {
                    note("refused with " + outcome.code() + ": " + outcome.status());
                }
                next();
            });
        }
    }

    /** Whether every command has been answered and no process stands still, which nobody may have noticed yet. */
    public boolean isIdle() {
        return !commanding
                && cluster.osds().stream().noneMatch(osd -> osd.host().isStalled());
    }
}
