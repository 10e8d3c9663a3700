package io.spirula.it.sim;

import io.spirula.common.env.Clock;
import io.spirula.common.env.Reactor;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * A host with one process on it. A crash forgets everything the process had in memory, all its timers and tasks, and cuts its connections; what its disks had made durable stays for the next start.
 */
public final class SimHost implements Reactor, Clock {
    private final Simulation simulation;
    private final String name;
    private final List<Runnable> onCrash = new ArrayList<>();
    private long incarnation;
    private boolean up = true;
    private boolean running;
    private Duration clockSkew = Duration.ZERO;
    private long stalledUntilNanos;

    public SimHost(Simulation simulation, String name) {
        this.simulation = simulation;
        this.name = name;
    }

    public String name() {
        return name;
    }

    public Simulation simulation() {
        return simulation;
    }

    public boolean isUp() {
        return up;
    }

    public long incarnation() {
        return incarnation;
    }

    /** What a crash of this incarnation takes with it: called in order, once. */
    void onCrash(Runnable effect) {
        onCrash.add(effect);
    }

    /** The process is gone at this very moment. */
    public void crash() {
        up = false;
        incarnation++;
        stalledUntilNanos = 0;
        List<Runnable> effects = List.copyOf(onCrash);
        onCrash.clear();
        effects.forEach(Runnable::run);
    }

    /** A new process may start. */
    public void restart() {
        up = true;
    }

    public void setClockSkew(Duration skew) {
        clockSkew = skew;
    }

    /** The process stands still for a while, as after SIGSTOP: what is for it waits, and nobody sees a connection break. A shorter stall within a longer one changes nothing. */
    public void stall(Duration span) {
        stalledUntilNanos = Math.max(stalledUntilNanos, simulation.nowNanos() + span.toNanos());
    }

    /** Whether it stands still. */
    public boolean isStalled() {
        return stalledUntilNanos > simulation.nowNanos();
    }

    long stalledUntilNanos() {
        return stalledUntilNanos;
    }

    void run(Runnable task) {
        running = true;
        try {
            task.run();
        } finally {
            running = false;
        }
    }

    @Override
    public void execute(Runnable task) {
        if (up) {
            simulation.after(0, this, task);
        }
    }

    @Override
    public Timer schedule(Duration delay, Runnable task) {
        boolean[] cancelled = new boolean[1];
        if (up) {
            simulation.after(delay.toNanos(), this, () -> {
                if (!cancelled[0]) {
                    task.run();
                }
            });
        }
        return () -> cancelled[0] = true;
    }

    @Override
    public Clock clock() {
        return this;
    }

    @Override
    public boolean isCurrent() {
        return running;
    }

    @Override
    public Instant now() {
        return Instant.ofEpochSecond(Simulation.START_EPOCH_SECOND)
                .plusNanos(simulation.nowNanos())
                .plus(clockSkew);
    }

    @Override
    public long nanoTime() {
        return simulation.nowNanos();
    }

    @Override
    public String toString() {
        return name;
    }
}
