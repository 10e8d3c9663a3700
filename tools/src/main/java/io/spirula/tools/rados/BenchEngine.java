package io.spirula.tools.rados;

import io.spirula.librados.RadosException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** Keeps a number of operations under way for a time and measures them. The next operation of a slot starts where its last one completed, so that no thread has to wake up for it. */
final class BenchEngine {
    /** Starts one operation; a slot has one at a time. */
    interface Work {
        CompletableFuture<?> start(int operation, int slot);
    }

    /** What is known at one moment; times in seconds. */
    record Snapshot(
            double elapsed,
            int started,
            int finished,
            double last,
            double min,
            double max,
            double sum,
            double squares) {
        double average() {
            return finished == 0 ? 0 : sum / finished;
        }

        double deviation() {
            return finished < 2 ? 0 : Math.sqrt(Math.max(0, (squares - sum * sum / finished) / (finished - 1)));
        }
    }

    private final Work work;
    private final int slots;
    private final int maxOperations;
    private final long endNanos;
    private final long startNanos = System.nanoTime();
    private int started;
    private int finished;
    private int idle;
    private double last;
    private double min = Double.MAX_VALUE;
    private double max;
    private double sum;
    private double squares;
    private @Nullable RadosException error;

    /** @param maxOperations 0 for no limit */
    BenchEngine(int slots, int seconds, int maxOperations, Work work) {
        this.slots = slots;
        this.maxOperations = maxOperations;
        this.work = work;
        endNanos = startNanos + seconds * 1_000_000_000L;
    }

    void start() {
        for (int slot = 0; slot < slots; slot++) {
            next(slot);
        }
    }

    private void next(int slot) {
        int operation;
        synchronized (this) {
            boolean over =
                    System.nanoTime() - endNanos >= 0 || maxOperations > 0 && started >= maxOperations || error != null;
            if (over) {
                idle++;
                notifyAll();
                return;
            }
            operation = started++;
        }
        long begun = System.nanoTime();
        work.start(operation, slot).whenComplete((value, failure) -> {
            finished((System.nanoTime() - begun) / 1e9, failure);
            next(slot);
        });
    }

    private synchronized void finished(double seconds, @Nullable Throwable failure) {
        if (failure != null) {
            Throwable cause =
                    failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
            error = cause instanceof RadosException r ? r : new RadosException(5, cause.toString(), cause);
            return;
        }
        finished++;
        last = seconds;
        min = Math.min(min, seconds);
        max = Math.max(max, seconds);
        sum += seconds;
        squares += seconds * seconds;
    }

    synchronized Snapshot snapshot() {
        return new Snapshot(
                (System.nanoTime() - startNanos) / 1e9,
                started,
                finished,
                last,
                finished == 0 ? 0 : min,
                max,
                sum,
                squares);
    }

    /** Waits for the end or that moment, whichever is first; true at the end. */
    synchronized boolean awaitEnd(double secondsFromStart) {
        long until = startNanos + (long) (secondsFromStart * 1e9);
        try {
            while (idle < slots) {
                long left = until - System.nanoTime();
                if (left <= 0) {
                    return false;
                }
                wait(left / 1_000_000, (int) (left % 1_000_000));
            }
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailed("interrupted");
        }
    }

    synchronized @Nullable RadosException error() {
        return error;
    }
}
