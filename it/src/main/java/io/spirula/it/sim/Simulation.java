package io.spirula.it.sim;

import java.time.Duration;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * One run: the virtual clock and the one queue of events. Events run in the order of their time, and of their making where the time is equal, so nothing but the seed decides what happens.
 */
public final class Simulation {
    /** Where the wall clock stands when a run begins: any fixed moment would do. */
    static final long START_EPOCH_SECOND = 1_767_225_600L;

    private record Event(long atNanos, long order, SimHost host, long incarnation, Runnable task)
            implements Comparable<Event> {
        @Override
        public int compareTo(Event other) {
            int byTime = Long.compare(atNanos, other.atNanos);
            return byTime != 0 ? byTime : Long.compare(order, other.order);
        }
    }

    private final long seed;
    private final SplittableRandom root;
    private final PriorityQueue<Event> events = new PriorityQueue<>();
    private long nowNanos;
    private long order;
    private long executed;
    private long trace = 0xcbf29ce484222325L;
    private @Nullable SimulationFailure failure;
    private Consumer<SimHost> afterEvent = host -> {};

    public Simulation(long seed) {
        this.seed = seed;
        this.root = new SplittableRandom(seed);
    }

    public long seed() {
        return seed;
    }

    /** A stream of random numbers of its own, so that one part's draws do not change another's. */
    public RandomGenerator newRandom() {
        return root.split();
    }

    public long nowNanos() {
        return nowNanos;
    }

    /** Events run so far. */
    public long executedEvents() {
        return executed;
    }

    /** A hash over everything that was traced: equal for equal runs. */
    public long traceHash() {
        return trace;
    }

    /** Adds something observable to the trace. */
    public void trace(long value) {
        trace = (trace ^ value) * 0x100000001b3L;
        trace ^= trace >>> 29;
    }

    /** Tells who looks on, after each event, on which host it was. */
    public void afterEvent(Consumer<SimHost> observer) {
        afterEvent = observer;
    }

    /** Runs {@code task} after a delay, unless its host has crashed by then. */
    public void after(long delayNanos, SimHost host, Runnable task) {
        events.add(new Event(nowNanos + Math.max(0, delayNanos), order++, host, host.incarnation(), task));
    }

    /** Ends the run: the step that is under way throws. For where an exception would get lost, as in a future's continuation. */
    public void fail(SimulationFailure why) {
        failure = failure == null ? why : failure;
    }

    /** Runs the next event; false where there is none. */
    public boolean step() {
        Event event = events.poll();
        if (event == null) {
            return false;
        }
        nowNanos = event.atNanos;
        if (event.host.stalledUntilNanos() > nowNanos) {
            long resumed = event.host.stalledUntilNanos();
            events.add(new Event(resumed, event.order, event.host, event.incarnation, event.task));
            return true;
        }
        if (event.host.isUp() && event.incarnation == event.host.incarnation()) {
            executed++;
            trace(event.atNanos);
            event.host.run(event.task);
            afterEvent.accept(event.host);
            if (failure != null) {
                throw failure;
            }
        }
        return true;
    }

    /** Runs until a condition holds; false where it does not within {@code most} of virtual time. */
    public boolean runUntil(BooleanSupplier condition, Duration most) {
        long deadline = nowNanos + most.toNanos();
        while (!condition.getAsBoolean()) {
            Event next = events.peek();
            if (next == null || next.atNanos > deadline) {
                nowNanos = Math.max(nowNanos, Math.min(deadline, Long.MAX_VALUE));
                return condition.getAsBoolean();
            }
            step();
        }
        return true;
    }

    /** Runs for a span of virtual time. */
    public void runFor(Duration span) {
        runUntil(() -> false, span);
    }
}
