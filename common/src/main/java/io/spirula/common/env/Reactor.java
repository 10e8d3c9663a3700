package io.spirula.common.env;

import java.time.Duration;
import java.util.concurrent.Executor;

/**
 * A serial executor with timers. What one reactor owns is touched by tasks of that reactor only, one at a time, so it needs no lock. In production a
 * Netty event loop, in the simulator the one queue of events. {@link #execute} may be called from any thread and runs tasks in the order given.
 */
public interface Reactor extends Executor {
    /** Runs {@code task} on this reactor once {@code delay} has passed, unless cancelled before. Any thread may call. */
    Timer schedule(Duration delay, Runnable task);

    Clock clock();

    /** Whether the caller is a task of this reactor. */
    boolean isCurrent();

    /** A task that waits for its time. */
    interface Timer {
        /** After this, on the reactor, the task does not run. */
        void cancel();
    }
}
