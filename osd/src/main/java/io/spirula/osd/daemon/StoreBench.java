package io.spirula.osd.daemon;

import io.spirula.common.command.CommandCall;
import io.spirula.common.command.Json;
import io.spirula.common.command.Outcome;
import io.spirula.common.command.Refusal;
import io.spirula.common.config.Config;
import io.spirula.common.encoding.Bytes;
import io.spirula.common.format.Numbers;
import io.spirula.common.types.Errno;
import io.spirula.common.types.ObjectId;
import io.spirula.osd.pg.Fullness;
import io.spirula.osd.pg.PgHost;
import io.spirula.osd.store.CollectionId;
import io.spirula.osd.store.Transaction;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * {@code bench}: writes blocks to this OSD's store, past placement groups and replication, and says how long that took. Its objects are removed before it answers; those of an earlier run that a crash has ended, before it begins.
 * Source: OSD::run_osd_bench_test.
 */
final class StoreBench {
    private static final String PREFIX = "disk_bw_test_";
    private static final long IN_FLIGHT_BYTES = 64L << 20;
    private static final int IN_FLIGHT_WRITES = 64;
    private static final int LISTED = 256;

    private final PgHost host;
    private final RandomGenerator random;
    private boolean running;

    /** What is to be written, in blocks that are as large as was asked for, if objects are not smaller: {@code objects} of a size, or, where that is 0, one for each block. */
    private record Load(long bytes, long askedBytes, int blockBytes, long objectBytes, long objects) {
        long blocks() {
            return (bytes + blockBytes - 1) / blockBytes;
        }
    }

    StoreBench(PgHost host, RandomGenerator random) {
        this.host = host;
        this.random = random;
    }

    void run(CommandCall call, Consumer<Outcome> done) {
        Load load;
        try {
            load = load(call);
        } catch (Refusal r) {
            done.accept(Outcome.refused(r.errno(), r.text()));
            return;
        }
        running = true;
        remove(ObjectId.MIN, () -> new Run(load, call.format(), done).begin());
    }

    private Load load(CommandCall call) {
        long count = call.integer("count", 1L << 30);
        long size = call.integer("size", 4L << 20);
        long objectBytes = Math.max(0, call.integer("object_size", 0));
        long objects = Math.max(0, call.integer("object_num", 0));
        if (count < 0 || size <= 0) {
            throw new Refusal(Errno.EINVAL, "'count' and 'size' must be positive");
        }
        checkLimits(count, size, host.config());
        if (running) {
            throw new Refusal(Errno.EBUSY, "another bench is running");
        }
        if (host.fullness().compareTo(Fullness.FULL) >= 0) {
            throw new Refusal(Errno.ENOSPC, "the store is full");
        }
        int block = (int) (objectBytes > 0 ? Math.min(size, objectBytes) : size);
        return new Load(count, size, block, objects > 0 ? objectBytes : 0, objectBytes > 0 ? objects : 0);
    }

    /** Nobody waits for an OSD longer than its heartbeats allow. */
    private static void checkLimits(long count, long size, Config config) {
        long largest = config.integer("osd_bench_max_block_size", 64 << 20);
        if (size > largest) {
            throw new Refusal(
                    Errno.EINVAL,
                    "block 'size' values are capped at " + Numbers.bytes(largest)
                            + ". If you wish to use a higher value, please adjust 'osd_bench_max_block_size'");
        }
        long seconds = config.integer("osd_bench_duration", 30);
        boolean small = size < 1 << 20;
        String option = small ? "osd_bench_small_size_max_iops" : "osd_bench_large_size_max_throughput";
        long rate = config.integer(option, small ? 100 : 100 << 20);
        long most = seconds * rate * (small ? size : 1);
        if (count > most) {
            throw new Refusal(
                    Errno.EINVAL,
                    "'count' values greater than " + most + " for a block size of " + Numbers.bytes(size)
                            + ", assuming " + (small ? rate + " IOPS" : Numbers.bytes(rate) + "/s") + ", for " + seconds
                            + " seconds, can cause ill effects on osd.  Please adjust '" + option
                            + "' with a higher value if you wish to use a higher 'count'.");
        }
    }

    private static ObjectId object(long number) {
        return ObjectId.head(-1, Bytes.EMPTY, Bytes.EMPTY, Bytes.of(PREFIX + number), 0);
    }

    /** Removes all of its objects from one on, a few at a time. */
    private void remove(ObjectId from, Runnable done) {
        List<ObjectId> listed = host.store().list(CollectionId.META, from, ObjectId.MAX, LISTED);
        Transaction transaction = new Transaction();
        listed.stream()
                .filter(o -> o.name().utf8().startsWith(PREFIX))
                .forEach(o -> transaction.add(new Transaction.Remove(CollectionId.META, o)));
        Runnable next = listed.size() < LISTED ? done : () -> remove(listed.getLast(), done);
        if (transaction.isEmpty()) {
            host.reactor().execute(next);
        } else {
            host.store().submit(transaction, next);
        }
    }

    private final class Run {
        private final Load load;
        private final Consumer<Outcome> done;
        private final String format;
        private final Bytes block;
        private long started;
        private long submitted;
        private long written;

        Run(Load load, String format, Consumer<Outcome> done) {
            this.load = load;
            this.format = format;
            this.done = done;
            byte[] data = new byte[load.blockBytes()];
            Arrays.fill(data, (byte) random.nextInt());
            block = Bytes.wrap(data);
        }

        void begin() {
            started = host.clock().nanoTime();
            proceed();
        }

        private void proceed() {
            long most = Math.clamp(IN_FLIGHT_BYTES / load.blockBytes(), 1, IN_FLIGHT_WRITES);
            while (submitted < load.blocks() && submitted - written < most) {
                host.store().submit(write(submitted++), () -> {
                    written++;
                    proceed();
                });
            }
            if (written == load.blocks() && running) {
                long nanos = Math.max(1, host.clock().nanoTime() - started);
                running = false;
                remove(ObjectId.MIN, () -> done.accept(result(nanos / 1e9)));
            }
        }

        private Transaction write(long number) {
            boolean anywhere = load.objects() > 0;
            long object = anywhere ? random.nextLong(load.objects()) : number;
            long offset = anywhere
                    ? random.nextLong(Math.max(1, load.objectBytes() / load.blockBytes())) * load.blockBytes()
                    : 0;
            Transaction transaction = new Transaction();
            transaction.add(new Transaction.Write(CollectionId.META, StoreBench.object(object), offset, block));
            return transaction;
        }

        private Outcome result(double seconds) {
            double rate = load.bytes() / seconds;
            return Outcome.output(Json.render(
                    Json.object()
                            .put("bytes_written", load.bytes())
                            .put("blocksize", load.askedBytes())
                            .put("elapsed_sec", seconds)
                            .put("bytes_per_sec", rate)
                            .put("iops", rate / load.askedBytes()),
                    format));
        }
    }
}
