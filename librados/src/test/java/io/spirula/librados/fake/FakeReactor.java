package io.spirula.librados.fake;

import io.spirula.common.env.Clock;
import io.spirula.common.env.Reactor;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.PriorityQueue;

/** A reactor whose time stands still until a test moves it. */
public final class FakeReactor implements Reactor {
    private record Task(long at, long order, Runnable body) {}

    private final PriorityQueue<Task> tasks =
            new PriorityQueue<>(Comparator.comparingLong(Task::at).thenComparingLong(Task::order));
    private long now = 1;
    private long order;

    @Override
    public void execute(Runnable task) {
        tasks.add(new Task(now, order++, task));
    }

    @Override
    public Timer schedule(Duration delay, Runnable task) {
        Task scheduled = new Task(now + delay.toNanos(), order++, task);
        tasks.add(scheduled);
        return () -> tasks.remove(scheduled);
    }

    /** Runs all that falls due within that time. */
    public void advance(Duration time) {
        long until = now + time.toNanos();
        while (!tasks.isEmpty() && tasks.element().at <= until) {
            Task next = tasks.remove();
            now = Math.max(now, next.at);
            next.body.run();
        }
        now = until;
    }

    /** Runs what is due now. */
    public void settle() {
        advance(Duration.ZERO);
    }

    @Override
    public Clock clock() {
        return new Clock() {
            @Override
            public Instant now() {
                return Instant.ofEpochSecond(1_700_000_000).plusNanos(now);
            }

            @Override
            public long nanoTime() {
                return now;
            }
        };
    }

    @Override
    public boolean isCurrent() {
        return true;
    }
}
