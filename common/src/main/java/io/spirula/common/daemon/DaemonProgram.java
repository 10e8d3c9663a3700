package io.spirula.common.daemon;

import io.spirula.common.config.ConfigException;
import io.spirula.common.encoding.MalformedInput;
import io.spirula.common.msgr.netty.NettyReactor;
import java.io.UncheckedIOException;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How a daemon's program ends: with 0; with one line for people and 1 for what they can mend; at once with 134, as an abort, where an invariant is broken. */
public final class DaemonProgram {
    private static final Logger LOG = LoggerFactory.getLogger(DaemonProgram.class);
    private static final long STOP_SECONDS = 10;
    private static final int ABORTED = 134;

    /** What the program does; returns its exit code. */
    public interface Body {
        int run() throws InterruptedException;
    }

    private final String name;
    private final Set<Class<? extends RuntimeException>> mendable;
    private final CountDownLatch stop = new CountDownLatch(1);
    private final CountDownLatch stopped = new CountDownLatch(1);
    private volatile @Nullable RuntimeException failure;

    /**
     * @param name the command's
     * @param mendable this daemon's own exceptions whose message is a line for people
     */
    public DaemonProgram(String name, Set<Class<? extends RuntimeException>> mendable) {
        this.name = name;
        this.mendable = mendable;
    }

    /** Runs {@code body} and says in one line what stood in its way. */
    public int run(Body body) {
        endWhenTold();
        try {
            return body.run();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return fail("interrupted");
        } catch (RuntimeException e) {
            return isMendable(e) ? fail(e.getMessage()) : broken(e);
        } catch (Error e) {
            return broken(e);
        } finally {
            stopped.countDown();
        }
    }

    private boolean isMendable(Throwable e) {
        return e instanceof ConfigException
                || e instanceof MalformedInput
                || e instanceof UncheckedIOException
                || mendable.contains(e.getClass());
    }

    private int fail(@Nullable String line) {
        String oneLine = String.valueOf(line).replace('\n', ' ');
        System.err.println(name + ": " + oneLine);
        LOG.error("{}", oneLine);
        return 1;
    }

    /** For a reactor's failures. What is durable is right, what is in memory may not be: the process ends at once and starts again from its store. */
    public void die(Throwable broken) {
        if (isMendable(broken)) {
            Runtime.getRuntime().halt(fail(broken.getMessage()));
        }
        Runtime.getRuntime().halt(broken(broken));
    }

    private int broken(Throwable why) {
        LOG.error("broken, stopping", why);
        System.err.println(name + ": broken, stopping: " + why);
        return ABORTED;
    }

    /** A signal to end ends the program in order at any time, and is never obeyed without a word: also while it starts. */
    private void endWhenTold() {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            if (stopped.getCount() > 0) {
                LOG.info("told to end");
            }
            stop.countDown();
            try {
                if (!stopped.await(STOP_SECONDS, TimeUnit.SECONDS)) {
                    LOG.warn("not done after {} s: ended as it is", STOP_SECONDS);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }));
    }

    /** The daemon can't go on: {@link #awaitStop} returns, and once the daemon has been taken down {@link #run} says why. Any thread; the first reason counts. */
    public synchronized void failed(RuntimeException why) {
        if (failure == null) {
            failure = why;
        }
        stop.countDown();
    }

    /** Returns when the process is told to end or the daemon {@link #failed}. The process lives on for a while, until {@link #run} has returned. */
    public void awaitStop() throws InterruptedException {
        stop.await();
    }

    /** Whether the daemon can't write, answer or tell anybody any more. */
    public boolean hasFailed() {
        return failure != null;
    }

    /** Why the daemon can't go on; null where it can. */
    public @Nullable RuntimeException failure() {
        return failure;
    }

    /** Throws why the daemon {@link #failed}, if it did. */
    public void rethrow() {
        RuntimeException why = failure;
        if (why != null) {
            throw why;
        }
    }

    /** Runs a task on the reactor and waits for it; what it throws comes out here. */
    public static <T> T on(NettyReactor reactor, Supplier<T> task) throws InterruptedException {
        CompletableFuture<T> result = new CompletableFuture<>();
        reactor.execute(() -> {
            try {
                result.complete(task.get());
            } catch (RuntimeException e) {
                result.completeExceptionally(e);
            }
        });
        try {
            return result.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException r) {
                throw r;
            }
            throw new IllegalStateException(e.getCause());
        }
    }
}
