package io.spirula.mon;

import io.spirula.common.env.Clock;
import io.spirula.common.env.Reactor;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.PriorityQueue;

/** A reactor on a virtual clock, which a test turns by hand. */
public final class ManualReactor implements Reactor {
    private record Due(long nanos, long order, Runnable task) implements Comparable<Due> {
        @Override
        public int compareTo(Due o) {
            return nanos != o.nanos ? Long.compare(nanos, o.nanos) : Long.compare(order, o.order);
        }
    }

    private final ArrayDeque<Runnable> queue = new ArrayDeque<>();
    private final PriorityQueue<Due> timers = new PriorityQueue<>();
    private long nanos;
    private long order;

    @Override
    public void execute(Runnable task) {
        queue.add(task);
    }

    @Override
    public Timer schedule(Duration delay, Runnable task) {
        Due due = new Due(nanos + delay.toNanos(), order++, task);
        timers.add(due);
        return () -> timers.remove(due);
    }

    @Override
    public Clock clock() {
        return new Clock() {
            @Override
            public Instant now() {
                return Instant.parse("2026-01-02T03:04:05Z").plusNanos(nanos);
            }

            @Override
            public long nanoTime() {
                return nanos;
            }
        };
    }

    @Override
    public boolean isCurrent() {
        return true;
    }

    /** Runs what is queued, and what that queues. */
    public void settle() {
        for (Runnable task = queue.poll(); task != null; task = queue.poll()) {
            task.run();
        }
    }

    /** Lets time pass, with all timers that come due. */
    public void pass(Duration time) {
        long end = nanos + time.toNanos();
        settle();
        while (!timers.isEmpty() && timers.peek().nanos <= end) {
            Due due = timers.poll();
            nanos = due.nanos;
            due.task.run();
            settle();
        }
        nanos = end;
    }
}
