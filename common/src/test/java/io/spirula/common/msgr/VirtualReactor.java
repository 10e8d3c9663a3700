package io.spirula.common.msgr;

import io.spirula.common.env.Clock;
import io.spirula.common.env.Reactor;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.PriorityQueue;

/** A reactor whose time passes only while nothing happens: one queue of events, run by the test's own thread. */
public final class VirtualReactor implements Reactor {
    private final PriorityQueue<Event> events =
            new PriorityQueue<>(Comparator.comparingLong(Event::atNanos).thenComparingLong(Event::order));
    private long nowNanos;
    private long order;

    private static final class Event implements Timer {
        final long atNanos;
        final long order;
        final Runnable task;
        boolean cancelled;

        Event(long atNanos, long order, Runnable task) {
            this.atNanos = atNanos;
            this.order = order;
            this.task = task;
        }

        long atNanos() {
            return atNanos;
        }

        long order() {
            return order;
        }

        @Override
        public void cancel() {
            cancelled = true;
        }
    }

    @Override
    public void execute(Runnable task) {
        schedule(Duration.ZERO, task);
    }

    @Override
    public Timer schedule(Duration delay, Runnable task) {
        Event event = new Event(nowNanos + Math.max(0, delay.toNanos()), order++, task);
        events.add(event);
        return event;
    }

    @Override
    public Clock clock() {
        return new Clock() {
            @Override
            public Instant now() {
                return Instant.ofEpochSecond(1_700_000_000L).plusNanos(nowNanos);
            }

            @Override
            public long nanoTime() {
                return nowNanos;
            }
        };
    }

    @Override
    public boolean isCurrent() {
        return true;
    }

    /** Runs everything that happens within {@code span}. */
    public void run(Duration span) {
        long end = nowNanos + span.toNanos();
        while (true) {
            Event next = events.peek();
            if (next == null || next.atNanos > end) {
                break;
            }
            events.remove();
            nowNanos = Math.max(nowNanos, next.atNanos);
            if (!next.cancelled) {
                next.task.run();
            }
        }
        nowNanos = end;
    }
}
