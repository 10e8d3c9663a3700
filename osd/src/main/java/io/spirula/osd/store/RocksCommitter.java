package io.spirula.osd.store;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The commit thread: makes everything submitted so far durable with one sync, and tells those who wait, in their order, by one task on their reactor. What names data in the block file is written to the
 * database here, once that data is durable: so nothing that names it can be on disk before it, whenever the database writes to its files.
 */
final class RocksCommitter {
    /** What a reactor waits at most for the disk, in nanoseconds; it counts as broken then. */
    private static final long PATIENCE_NANOS = 150_000_000_000L;

    /**
     * One transaction.
     *
     * @param batch what the database shall have; null where it has it already
     * @param data the data that the batch names; null for none
     */
    private record Waiting(byte @Nullable [] batch, BlockIo.@Nullable Writing data, long bytes, Runnable committed) {}

    private final RocksDatabase db;
    private final BlockIo io;
    private final long bytesMax;
    private final Executor reactor;
    private final Consumer<StoreException> failed;
    private final Thread thread;
    private final Object lock = new Object();
    private List<Waiting> waiting = new ArrayList<>();
    private long added;
    private long written;
    private long bytes;
    private boolean idle;
    private boolean stopping;
    private volatile boolean broken;
    private volatile @Nullable StoreException cause;

    /** {@code bytesMax}: how much data may be on its way to the block file. */
    RocksCommitter(
            RocksDatabase db,
            BlockIo io,
            long bytesMax,
            Executor reactor,
            Consumer<StoreException> failed,
            String name) {
        this.db = db;
        this.io = io;
        this.bytesMax = bytesMax;
        this.reactor = reactor;
        this.failed = failed;
        thread = new Thread(this::run, name);
        thread.setDaemon(true);
        thread.start();
    }

    /** Queues who waits for what was written before this call. */
    void add(Runnable committed) {
        add(new Waiting(null, null, 0, committed));
    }

    /** Queues a batch that is written after {@code data} is durable, and before all that is queued later. */
    void add(byte[] batch, BlockIo.@Nullable Writing data, long dataBytes, Runnable committed) {
        add(new Waiting(batch, data, dataBytes, committed));
    }

    private void add(Waiting one) {
        synchronized (lock) {
            added++;
            bytes += one.bytes;
            waiting.add(one);
            if (idle) {
                lock.notifyAll();
            }
        }
    }

    /** Waits while so much data is on its way that {@code more} would be too much: back-pressure to all who submit. */
    void admit(long more) {
        await(() -> bytes == 0 || bytes + more <= bytesMax);
    }

    /** Waits until the database has all that was queued. */
    void awaitWritten() {
        long all = added;
        await(() -> written >= all);
    }

    /** Throws StoreException where it can't come true any more. */
    private void await(BooleanSupplier condition) {
        long start = System.nanoTime();
        synchronized (lock) {
            while (!condition.getAsBoolean()) {
                if (broken || System.nanoTime() - start > PATIENCE_NANOS) {
                    StoreException why = cause;
                    throw why != null ? why : new StoreException(StoreException.Kind.IO, "the disk does not answer");
                }
                try {
                    lock.wait(1000);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new StoreException(StoreException.Kind.IO, "interrupted while waiting for the disk", e);
                }
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
        for (List<Waiting> batch = take(); batch != null && !broken; batch = take()) {
            try {
                write(batch);
                db.sync();
            } catch (StoreException e) {
                end(e);
                return;
            } catch (RuntimeException | OutOfMemoryError e) {
                // No disk's failure, but as bad: without this thread nothing would be acknowledged any more, and nobody
                // would know.
                end(new StoreException(StoreException.Kind.IO, "cannot commit: " + e, e));
                return;
            }
            List<Waiting> durable = batch;
            synchronized (lock) {
                durable.forEach(one -> bytes -= one.bytes);
                lock.notifyAll();
            }
            reactor.execute(() -> {
                for (Waiting one : durable) {
                    if (!broken) {
                        one.committed.run();
                    }
                }
            });
        }
    }

    private void end(StoreException why) {
        cause = why;
        broken = true;
        failed.accept(why);
    }

    private void write(List<Waiting> batch) {
        List<BlockIo.Writing> data =
                batch.stream().map(Waiting::data).filter(Objects::nonNull).toList();
        if (!data.isEmpty()) {
            io.finish(data);
        }
        for (Waiting one : batch) {
            if (one.batch != null && !broken) {
                db.write(one.batch);
            }
        }
        synchronized (lock) {
            written += batch.size();
            lock.notifyAll();
        }
    }

    private @Nullable List<Waiting> take() {
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
            List<Waiting> batch = waiting;
            waiting = new ArrayList<>(batch.size());
            return batch;
        }
    }
}
