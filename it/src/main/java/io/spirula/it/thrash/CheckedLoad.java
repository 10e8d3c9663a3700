package io.spirula.it.thrash;

import io.spirula.common.config.CephConf;
import io.spirula.common.config.Config;
import io.spirula.common.encoding.Bytes;
import io.spirula.common.types.EntityName;
import io.spirula.librados.IoCtx;
import io.spirula.librados.Rados;
import io.spirula.librados.RadosException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * {@code CheckedLoad CONF POOL PREFIX SEED MANIFEST}: writes and reads objects through our client until standard input ends, each worker its own objects, of which it knows what every byte has to be; an operation waits as long as it takes
 * for the cluster to answer. Then all is read once more, and the manifest says of each object that is left "name length sha256", so that another program can look, too. Exit code 1, with a line that says
 * what was wrong, at the first wrong answer.
 */
public final class CheckedLoad {
    private static final int WORKERS = 6;
    private static final int OBJECTS = 24;
    private static final int LONGEST = 400_000;
    /** Longer than any fault lasts. */
    private static final String PATIENCE_SECONDS = "300";

    private static final int ENOENT = 2;

    private final IoCtx pool;
    private final String prefix;
    private final AtomicBoolean stopping = new AtomicBoolean();
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private final AtomicLong operations = new AtomicLong();
    private final AtomicLong longestNanos = new AtomicLong();

    private CheckedLoad(IoCtx pool, String prefix) {
        this.pool = pool;
        this.prefix = prefix;
    }

    public static void main(String[] args) throws IOException, InterruptedException {
        if (args.length != 5) {
            System.err.println("usage: CheckedLoad CONF POOL PREFIX SEED MANIFEST");
            System.exit(2);
        }
        Config config = Config.of(EntityName.client("admin"), CephConf.load(Path.of(args[0])))
                .with(Map.of("client_mount_timeout", "60", "rados_osd_op_timeout", PATIENCE_SECONDS));
        try (Rados rados = Rados.connect(config)) {
            CheckedLoad load = new CheckedLoad(rados.ioCtx(args[1]), args[2]);
            System.exit(load.run(Long.parseLong(args[3]), Path.of(args[4])));
        }
    }

    private int run(long seed, Path manifest) throws IOException, InterruptedException {
        SplittableRandom random = new SplittableRandom(seed);
        List<Worker> workers = new ArrayList<>();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < WORKERS; i++) {
            Worker worker = new Worker(i, random.split());
            workers.add(worker);
            threads.add(Thread.startVirtualThread(worker::run));
        }
        Thread input = Thread.startVirtualThread(this::awaitEndOfInput);
        for (Thread thread : threads) {
            thread.join();
        }
        input.interrupt();
        Throwable why = failure.get();
        if (why != null) {
            System.out.println("our client: " + why.getMessage());
            return 1;
        }
        try (PrintWriter out = new PrintWriter(Files.newBufferedWriter(manifest))) {
            workers.forEach(w -> w.list(out));
        }
        System.out.printf(
                "our client: %d operations, the longest took %.1f s%n", operations.get(), longestNanos.get() / 1e9);
        return 0;
    }

    private void awaitEndOfInput() {
        try {
            while (System.in.read() >= 0) {
                // whatever it says, it is still there
            }
        } catch (IOException e) {
            // so it has ended
        }
        stopping.set(true);
    }

    /** Somebody with objects of its own, one operation at a time. */
    private final class Worker {
        private final int number;
        private final SplittableRandom random;
        /** What each object has to be; null where it has to be absent. */
        private final List<byte @Nullable []> expected = new ArrayList<>(Collections.nCopies(OBJECTS, null));

        Worker(int number, SplittableRandom random) {
            this.number = number;
            this.random = random;
        }

        private String name(int object) {
            return prefix + "-" + number + "-" + object;
        }

        void run() {
            try {
                while (!stopping.get() && failure.get() == null) {
                    step(random.nextInt(OBJECTS));
                }
                for (int object = 0; object < OBJECTS && failure.get() == null; object++) {
                    check(object);
                }
            } catch (AssertionError | RadosException e) {
                failure.compareAndSet(null, e);
            }
        }

        private void step(int object) {
            long began = System.nanoTime();
            byte[] now = expected.get(object);
            switch (random.nextInt(8)) {
                case 0, 1, 2 -> check(object);
                case 3 -> {
                    byte[] data = data(1 + random.nextInt(LONGEST));
                    pool.writeFull(name(object), data);
                    expected.set(object, data);
                }
                case 4 -> {
                    byte[] data = data(1 + random.nextInt(8192));
                    pool.append(name(object), data);
                    expected.set(object, overwritten(now, now == null ? 0 : now.length, data));
                }
                case 5, 6 -> {
                    byte[] data = data(1 + random.nextInt(16384));
                    int offset = random.nextInt((now == null ? 0 : now.length) + 1);
                    pool.write(name(object), offset, data);
                    expected.set(object, overwritten(now, offset, data));
                }
                default -> {
                    if (now != null) {
                        pool.remove(name(object));
                        expected.set(object, null);
                    }
                }
            }
            operations.incrementAndGet();
            longestNanos.accumulateAndGet(System.nanoTime() - began, Math::max);
        }

        private byte[] data(int length) {
            byte[] data = new byte[length];
            random.nextBytes(data);
            return data;
        }

        private static byte[] overwritten(byte @Nullable [] old, int offset, byte[] data) {
            byte[] all = old == null ? new byte[0] : old;
            byte[] result = Arrays.copyOf(all, Math.max(all.length, offset + data.length));
            System.arraycopy(data, 0, result, offset, data.length);
            return result;
        }

        private void check(int object) {
            byte[] found = null;
            try {
                found = pool.read(Bytes.of(name(object)), 0, 0).toArray();
            } catch (RadosException e) {
                if (e.errno() != ENOENT) {
                    throw e;
                }
            }
            if (!Arrays.equals(found, expected.get(object))) {
                throw new AssertionError(name(object) + " should be " + describe(expected.get(object)) + " and is "
                        + describe(found) + difference(expected.get(object), found));
            }
        }

        private static String describe(byte @Nullable [] data) {
            return data == null ? "absent" : data.length + " bytes";
        }

        private static String difference(byte @Nullable [] wanted, byte @Nullable [] found) {
            return wanted == null || found == null ? "" : ", first different at " + Arrays.mismatch(wanted, found);
        }

        void list(PrintWriter out) {
            for (int object = 0; object < OBJECTS; object++) {
                byte[] data = expected.get(object);
                if (data != null) {
                    out.println(name(object) + " " + data.length + " " + sha256(data));
                }
            }
        }

        private static String sha256(byte[] data) {
            try {
                return HexFormat.of()
                        .formatHex(MessageDigest.getInstance("SHA-256").digest(data));
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
