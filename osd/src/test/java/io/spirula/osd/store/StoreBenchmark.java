package io.spirula.osd.store;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.types.ObjectId;
import io.spirula.common.types.PgId;
import io.spirula.common.types.ShardPgId;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.TreeMap;

/** What the store costs: operations a second and CPU time of the whole process for each, for the transactions that an OSD makes. Run: {@code StoreBenchmark DIRECTORY [seconds]}. */
final class StoreBenchmark {
    private static final int OBJECTS = 20_000;
    private static final CollectionId PG = CollectionId.of(ShardPgId.replica(new PgId(1, 0)));
    private static final ObjectId META = ObjectId.head(1, Bytes.EMPTY, Bytes.EMPTY, Bytes.EMPTY, 0);
    private static final Bytes INFO = ObjectStoreContract.pattern(1, 250);
    private static final Bytes SNAPSET = ObjectStoreContract.pattern(2, 35);
    private static final Bytes ENTRY = ObjectStoreContract.pattern(3, 250);
    private static final Bytes FAST_INFO = ObjectStoreContract.pattern(4, 380);

    private final TestReactor reactor;
    private final Random random = new Random(1);
    private final ObjectStore store;
    private long version;
    private int inFlight;
    private long done;

    private StoreBenchmark(ObjectStore store, TestReactor reactor) {
        this.store = store;
        this.reactor = reactor;
    }

    public static void main(String[] arguments) {
        Path directory = Path.of(arguments[0], "store");
        int seconds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 10;
        RocksStore.create(directory);
        TestReactor reactor = new TestReactor();
        RocksStore store = RocksStore.open(directory, RocksOptions.DEFAULT, reactor, e -> {
            throw e;
        });
        new StoreBenchmark(store, reactor).run(seconds);
        store.close();
    }

    private void run(int seconds) {
        store.submit(new Transaction().add(new Transaction.CreateCollection(PG)), () -> {});
        for (int i = 0; i < 2 * OBJECTS; i++) {
            write(0, 4096, i % OBJECTS);
            reactor.runUntil(() -> inFlight < 256);
        }
        for (int i = 0; i < 200; i++) {
            write(0, 4 << 20, OBJECTS + i);
            reactor.runUntil(() -> inFlight < 8);
        }
        reactor.runUntil(() -> inFlight == 0);
        measure("4 KiB objects, overwritten, depth 16", seconds, 16, () -> write(0, 4096, random.nextInt(OBJECTS)));
        measure("4 KiB objects, overwritten, depth 1", seconds, 1, () -> write(0, 4096, random.nextInt(OBJECTS)));
        measure("4 KiB reads", seconds, 0, () -> read(object(random.nextInt(OBJECTS)), 0));
        measure(
                "64 KiB objects, depth 16",
                seconds,
                16,
                () -> write(0, 65_536, OBJECTS + 1000 + (int) (version % 2000)));
        measure("64 KiB objects, depth 1", seconds, 1, () -> write(0, 65_536, OBJECTS + 1000 + (int) (version % 2000)));
        measure("4 MiB objects, depth 4", seconds, 4, () -> write(0, 4 << 20, OBJECTS + (int) (version % 200)));
        measure(
                "4 KiB random in 4 MiB objects, depth 16",
                seconds,
                16,
                () -> write(random.nextInt(1024) * 4096L, 4096, OBJECTS + random.nextInt(200)));
        measure(
                "4 KiB random reads in 4 MiB objects, depth 8",
                seconds,
                8,
                () -> read(object(OBJECTS + random.nextInt(200)), random.nextInt(1024) * 4096L));
        measure("4 MiB reads, depth 8", seconds, 8, () -> readAll(object(OBJECTS + random.nextInt(200))));
    }

    private static ObjectId object(int number) {
        return ObjectId.head(1, Bytes.EMPTY, Bytes.EMPTY, Bytes.of("benchmark_data_" + number), number * 0x9e3779b9);
    }

    private void write(long offset, int length, int number) {
        byte[] data = new byte[length];
        for (int i = 0; i < length; i += 64) {
            data[i] = (byte) random.nextInt();
        }
        ObjectId object = object(number);
        version++;
        TreeMap<Bytes, Bytes> attributes = new TreeMap<>();
        attributes.put(Bytes.of("_"), INFO);
        attributes.put(Bytes.of("snapset"), SNAPSET);
        TreeMap<Bytes, Bytes> log = new TreeMap<>();
        log.put(key(version), ENTRY);
        log.put(Bytes.of("_fastinfo"), FAST_INFO);
        Transaction t = new Transaction()
                .add(new Transaction.Write(PG, object, offset, Bytes.wrap(data)))
                .add(new Transaction.SetAttributes(PG, object, attributes))
                .add(new Transaction.OmapRemove(PG, META, List.of(key(version - 3000))))
                .add(new Transaction.OmapSet(PG, META, log));
        inFlight++;
        store.submit(t, () -> {
            inFlight--;
            done++;
        });
    }

    private static Bytes key(long version) {
        return Bytes.of(String.format(Locale.ROOT, "%010d.%020d", 5, Math.max(0, version)));
    }

    private void read(ObjectId object, long offset) {
        read(object, offset, 4096);
    }

    private void readAll(ObjectId object) {
        read(object, 0, 0);
    }

    private void read(ObjectId object, long offset, long length) {
        inFlight++;
        store.read(PG, object, offset, length, new ObjectStore.ReadDone() {
            @Override
            public void done(Bytes data) {
                inFlight--;
                done++;
            }

            @Override
            public void failed(StoreException why) {
                throw why;
            }
        });
    }

    private void measure(String what, int seconds, int depth, Runnable one) {
        done = 0;
        long cpu = cpuNanos();
        long start = System.nanoTime();
        long end = start + Duration.ofSeconds(seconds).toNanos();
        while (System.nanoTime() < end) {
            one.run();
            reactor.runUntil(() -> depth == 0 || inFlight < depth);
        }
        reactor.runUntil(() -> inFlight == 0);
        double elapsed = (System.nanoTime() - start) / 1e9;
        double used = (cpuNanos() - cpu) / 1e3;
        System.out.printf(Locale.ROOT, "%-45s %8.0f/s  %8.1f us CPU each%n", what, done / elapsed, used / done);
    }

    private static long cpuNanos() {
        return ((com.sun.management.OperatingSystemMXBean)
                        java.lang.management.ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }
}
