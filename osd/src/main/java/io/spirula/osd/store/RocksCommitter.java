package io.spirula.osd.store;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The commit thread: makes everything written so far durable with one sync, and tells those who wait, in their order, by one task on their reactor. */
final class RocksCommitter {
    private final RocksDatabase db;
    private final Executor reactor;
    private final Consumer<StoreException> failed;
    private final Thread thread;
    private final Object lock = new Object();
    private List<Runnable> waiting = new ArrayList<>();
    private boolean idle;
    private boolean stopping;
    private volatile boolean broken;

    RocksCommitter(RocksDatabase db, Executor reactor, Consumer<StoreException> failed, String name) {
        this.db = db;
        this.reactor = reactor;
        this.failed = failed;
        thread = new Thread(this::run, name);
        thread.setDaemon(true);
        thread.start();
    }

    /** Queues who waits for what was written before this call. */
    void add(Runnable committed) {
        synchronized (lock) {
            waiting.add(committed);
            if (idle) {
                lock.notifyAll();
            }
        }
    }

    /** After this nobody is told that anything was committed. */
    void halt() {
        broken = true;
    }

    /** Commits what is queued, and ends. */
    void close() {
        synchronized (lock) {
            stopping = true;
            lock.notifyAll();
        }
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        for (List<Runnable> batch = take(); batch != null && !broken; batch = take()) {
            try {
                db.sync();
            } catch (StoreException e) {
                broken = true;
                failed.accept(e);
                return;
            }
            List<Runnable> durable = batch;
            reactor.execute(() -> {
                for (Runnable committed : durable) {
                    if (!broken) {
                        committed.run();
                    }
                }
            });
        }
    }

    private @Nullable List<Runnable> take() {
        synchronized (lock) {
            while (waiting.isEmpty()) {
                if (stopping) {
                    return null;
                }
                idle = true;
                try {
                    lock.wait();
                } catch (InterruptedException e) {
                    // Nobody interrupts this thread but to end the process: what is queued is committed all the same.
                    stopping = true;
                }
                idle = false;
            }
            List<Runnable> batch = waiting;
            waiting = new ArrayList<>(batch.size());
            return batch;
        }
    }
}
