package io.spirula.osd.store;

import io.spirula.common.encoding.Bytes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads and writes of the block file: threads that write what they are given and threads that read, each with an aligned buffer outside the heap, which is the one copy on the way. Slots in a row are one
 * operation of the file.
 */
final class BlockIo {
    /** The most that is written or read at once, in bytes: a whole object of the usual size. */
    private static final int BUFFER = 4 << 20;

    private static final int THREADS = 2;
    /** As much of one transaction is written at once, without waiting for others: it is one large operation by itself. */
    private static final int EARLY = 512 << 10;

    /** How long the disk may take: behind that it counts as broken. Ceph: osd_op_thread_suicide_timeout. */
    private static final int PATIENCE_S = 150;

    /** A slot and what goes there. */
    record SlotData(int slot, Bytes data) {}

    private final BlockFile file;
    private final ExecutorService writers;
    private final ExecutorService readers;
    private final ConcurrentLinkedQueue<ByteBuffer> buffers = new ConcurrentLinkedQueue<>();

    BlockIo(BlockFile file) {
        this.file = file;
        writers = threads("store-write");
        readers = threads("store-read");
    }

    private static ExecutorService threads(String name) {
        return Executors.newFixedThreadPool(THREADS, task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        });
    }

    /** Runs a task that reads. */
    void reading(Runnable task) {
        readers.execute(task);
    }

    /** One transaction's data on its way into the file. */
    static final class Writing {
        /** What waits to be written with others'. */
        private final List<SlotData> late;

        private final CountDownLatch left;
        private volatile @Nullable Throwable failure;

        private Writing(List<SlotData> late, int operations) {
            this.late = late;
            left = new CountDownLatch(operations);
        }

        private void await() {
            boolean done;
            try {
                done = left.await(PATIENCE_S, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                throw new StoreException(StoreException.Kind.IO, "interrupted while writing the block file", e);
            }
            Throwable why = failure;
            if (why != null) {
                throw translate("write", why);
            }
            if (!done) {
                throw new StoreException(
                        StoreException.Kind.IO, "the block file has not taken a write within " + PATIENCE_S + " s");
            }
        }
    }

    /** Begins to write much data at once; little waits for {@link #finish}, to be one write with what others have for the slots behind it. */
    Writing begin(List<SlotData> data, long bytes) {
        if (bytes < EARLY) {
            return new Writing(data, 0);
        }
        List<List<SlotData>> runs = runs(data);
        Writing writing = new Writing(List.of(), runs.size());
        for (List<SlotData> run : runs) {
            writers.execute(() -> {
                try {
                    if (writing.failure == null) {
                        writeRun(run);
                    }
                } catch (IOException | RuntimeException | OutOfMemoryError e) {
                    writing.failure = e;
                } finally {
                    writing.left.countDown();
                }
            });
        }
        return writing;
    }

    /** Writes data and makes it durable, and then runs {@code durable} on the thread that did; or {@code failed}. */
    void stage(List<SlotData> data, Runnable durable, Consumer<StoreException> failed) {
        writers.execute(() -> {
            String doing = "write";
            try {
                for (List<SlotData> run : runs(data)) {
                    writeRun(run);
                }
                doing = "sync";
                file.sync();
            } catch (IOException | RuntimeException | OutOfMemoryError e) {
                failed.accept(translate(doing, e));
                return;
            }
            durable.run();
        });
    }

    /** Writes what is not written yet and makes all of it durable. Throws StoreException where it can't be. */
    void finish(List<Writing> writings) {
        List<SlotData> late = new ArrayList<>();
        writings.forEach(writing -> late.addAll(writing.late));
        try {
            for (List<SlotData> run : runs(late)) {
                writeRun(run);
            }
        } catch (IOException e) {
            throw translate("write", e);
        }
        writings.forEach(Writing::await);
        try {
            file.sync();
        } catch (IOException e) {
            throw translate("sync", e);
        }
    }

    /** Slots in a row. */
    private static List<List<SlotData>> runs(List<SlotData> data) {
        List<List<SlotData>> runs = new ArrayList<>();
        for (int from = 0; from < data.size(); ) {
            int to = from + 1;
            while (to < data.size()
                    && to - from < BUFFER / Onode.CHUNK
                    && data.get(to).slot == data.get(to - 1).slot + 1) {
                to++;
            }
            runs.add(data.subList(from, to));
            from = to;
        }
        return runs;
    }

    private void writeRun(List<SlotData> run) throws IOException {
        ByteBuffer buffer = take();
        try {
            for (int i = 0; i < run.size(); i++) {
                Bytes data = run.get(i).data;
                buffer.position(i * Onode.CHUNK);
                buffer.put(data.backingArray(), data.backingOffset(), data.size());
                int padding = (i == run.size() - 1 ? BlockFile.aligned(data.size()) : Onode.CHUNK) - data.size();
                buffer.put(new byte[padding]);
            }
            file.write(Place.position(run.getFirst().slot), buffer.flip());
        } finally {
            buffers.add(buffer);
        }
    }

    /** Reads pieces, whose places in {@code out} are in order, into an array. Throws StoreException where one is damaged or can't be read. */
    void read(List<ReadPlan.InFile> pieces, byte[] out) {
        ByteBuffer buffer = take();
        try {
            for (int from = 0; from < pieces.size(); ) {
                int to = from + 1;
                while (to < pieces.size()
                        && follows(pieces.get(to - 1), pieces.get(to))
                        && pieces.get(to).fileEnd() - pieces.get(from).fileStart() <= BUFFER) {
                    to++;
                }
                readRun(pieces.subList(from, to), buffer, out);
                from = to;
            }
        } finally {
            buffers.add(buffer);
        }
    }

    private static boolean follows(ReadPlan.InFile one, ReadPlan.InFile next) {
        return one.fileEnd() == next.fileStart();
    }

    private void readRun(List<ReadPlan.InFile> run, ByteBuffer buffer, byte[] out) {
        long start = run.getFirst().fileStart();
        int length = (int) (run.getLast().fileEnd() - start);
        try {
            file.read(start, buffer.clear().limit(BlockFile.aligned(length)));
        } catch (IOException e) {
            throw new StoreException(
                    StoreException.Kind.DAMAGED, "cannot read the block file at " + start + ": " + e.getMessage(), e);
        }
        for (ReadPlan.InFile piece : run) {
            int at = (int) (piece.fileStart() - start);
            int first = Place.start(piece.from());
            piece.place().check(first, piece.place().end(piece.to()), buffer, at);
            buffer.get(at + piece.from() - first, out, piece.at(), piece.to() - piece.from());
        }
    }

    private ByteBuffer take() {
        ByteBuffer buffer = buffers.poll();
        if (buffer == null) {
            buffer = ByteBuffer.allocateDirect(BUFFER + BlockFile.ALIGNMENT).alignedSlice(BlockFile.ALIGNMENT);
        }
        return buffer.clear();
    }

    private static StoreException translate(String doing, Throwable e) {
        String message = String.valueOf(e.getMessage());
        boolean full = message.contains("No space left on device");
        return new StoreException(
                full ? StoreException.Kind.NO_SPACE : StoreException.Kind.IO,
                "cannot " + doing + " the block file: " + message,
                e);
    }

    /** Lets the operations that have begun end, and closes the file. */
    void close() {
        writers.shutdown();
        readers.shutdown();
        try {
            if (!writers.awaitTermination(PATIENCE_S, TimeUnit.SECONDS)
                    || !readers.awaitTermination(PATIENCE_S, TimeUnit.SECONDS)) {
                throw new StoreException(StoreException.Kind.IO, "the block file is still busy");
            }
            file.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            throw translate("close", e);
        }
    }
}
