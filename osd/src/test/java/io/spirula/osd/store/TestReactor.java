package io.spirula.osd.store;

import io.spirula.common.env.Clock;
import io.spirula.common.env.Reactor;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** A reactor that runs its tasks where the test asks for it. */
final class TestReactor implements Reactor {
    private final LinkedBlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();

    @Override
    public void execute(Runnable task) {
        tasks.add(task);
    }

    @Override
    public Timer schedule(Duration delay, Runnable task) {
        throw new UnsupportedOperationException("no timers here");
    }

    @Override
    public Clock clock() {
        return new Clock() {
            @Override
            public Instant now() {
                return Instant.EPOCH;
            }

            @Override
            public long nanoTime() {
                return 0;
            }
        };
    }

    @Override
    public boolean isCurrent() {
        return true;
    }

    /** Runs tasks until {@code condition} holds; throws AssertionError where none comes for 30 s. */
    void runUntil(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            try {
                Runnable task = tasks.poll(30, TimeUnit.SECONDS);
                if (task == null) {
                    throw new AssertionError("nothing happened for 30 s");
                }
                task.run();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }

    /** Runs what is there now. */
    void runReady() {
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
        }
    }
}
