package io.spirula.tools.rados;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.types.Errno;
import io.spirula.librados.AsyncIoCtx;
import io.spirula.librados.IoCtx;
import io.spirula.librados.ListedObject;
import io.spirula.librados.RadosException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

/** The commands bench and cleanup. Source: Ceph's common/obj_bencher.cc. */
final class BenchCommand {
    private static final int MAX_OPERATION = 64 << 20;

    private BenchCommand() {}

    static boolean run(Session s) {
        int seconds;
        try {
            seconds = Integer.parseInt(s.words(2).get(0));
        } catch (NumberFormatException e) {
            throw new CommandFailed("Invalid value for seconds: '" + s.words().get(0) + "'");
        }
        if (seconds < 1) {
            throw new CommandFailed("Invalid value for seconds: '" + seconds + "'");
        }
        int slots = Math.clamp(s.arguments().size("concurrent-ios", 16), 1, 4096);
        String runName = s.arguments().get("run-name", BenchObjects.DEFAULT_RUN);
        s.console().out().println("hints = " + (s.arguments().has("--no-hints") ? 0 : 1));
        return switch (s.words().get(1)) {
            case "write" -> write(s, seconds, slots, runName);
            case "seq" -> read(s, seconds, slots, runName, false);
            case "rand" -> read(s, seconds, slots, runName, true);
            default -> throw new UsageException("bench takes write, seq or rand; -h or --help for usage");
        };
    }

    private static boolean write(Session s, int seconds, int slots, String runName) {
        PrintStream out = s.console().out();
        int size = Math.clamp(s.arguments().size("block-size", 4 << 20), 1, MAX_OPERATION);
        long objectSize = s.arguments().size("object-size", size);
        if (objectSize < size || objectSize % size != 0) {
            throw new CommandFailed("the object size must be a multiple of the block size");
        }
        long maxObjects = s.arguments().size("max-objects", 0);
        int pid = (int) ProcessHandle.current().pid();
        BenchObjects plan = new BenchObjects(BenchObjects.prefix(hostname(), pid), objectSize, 0, pid, size);
        out.println("Maintaining " + slots + " concurrent writes of " + size + " bytes to objects of size " + objectSize
                + " for up to " + seconds + " seconds or " + maxObjects + " objects");
        out.println("Object prefix: " + plan.prefix());
        byte[][] buffers = new byte[slots][size];
        for (byte[] buffer : buffers) {
            BenchObjects.fill(buffer);
        }
        AsyncIoCtx io = s.io().async();
        BenchEngine engine = new BenchEngine(
                slots, seconds, (int) Math.min(Integer.MAX_VALUE, maxObjects * (objectSize / size)), (op, slot) -> {
                    // The slot's last write is done, so nobody reads its buffer any more.
                    BenchObjects.stamp(buffers[slot], op);
                    Bytes data = Bytes.wrap(buffers[slot]);
                    return objectSize == size
                            ? io.writeFull(plan.objectOf(op), data)
                            : io.write(plan.objectOf(op), plan.offsetOf(op), data);
                });
        BenchReport report = new BenchReport(out, s.arguments().has("--show-time"), size);
        engine.start();
        BenchEngine.Snapshot result = report.follow(engine);
        failIfBroken(engine);
        report.summary(true, objectSize, result);
        BenchObjects done = new BenchObjects(plan.prefix(), objectSize, result.finished(), pid, size);
        s.io().writeFull(Bytes.of(runName), done.metadata());
        if (!s.arguments().has("--no-cleanup")) {
            out.println("Cleaning up (deleting benchmark objects)");
            out.flush();
            long begun = System.nanoTime();
            remove(s, done, runName);
            out.println(
                    "Clean up completed and total clean up time :" + Texts.general((System.nanoTime() - begun) / 1e9));
        }
        return true;
    }

    private static boolean read(Session s, int seconds, int slots, String runName, boolean random) {
        BenchObjects objects = find(s.io(), runName);
        if (objects == null || objects.operations() == 0) {
            throw new CommandFailed("Must write data before running a read benchmark!\nerror during benchmark: "
                    + Texts.error(Errno.ENOENT) + "\nerror 2: " + Texts.error(Errno.ENOENT));
        }
        boolean verify = !s.arguments().has("--no-verify");
        AsyncIoCtx io = s.io().async();
        int size = (int) objects.operationSize();
        Random choice = new Random();
        int limit = random ? 0 : objects.operations();
        BenchEngine engine = new BenchEngine(slots, seconds, limit, (number, slot) -> {
            int op = random ? choice.nextInt(objects.operations()) : number;
            CompletableFuture<Bytes> data = io.read(objects.objectOf(op), objects.offsetOf(op), size);
            return verify ? data.thenAccept(d -> check(objects, op, d)) : data;
        });
        BenchReport report = new BenchReport(s.console().out(), s.arguments().has("--show-time"), size);
        engine.start();
        BenchEngine.Snapshot result = report.follow(engine);
        failIfBroken(engine);
        report.summary(false, objects.objectSize(), result);
        return true;
    }

    private static void check(BenchObjects objects, int op, Bytes data) {
        if (!objects.matches(op, data)) {
            throw new RadosException(Errno.EIO, objects.objectOf(op) + " is not correct!");
        }
    }

    private static void failIfBroken(BenchEngine engine) {
        RadosException error = engine.error();
        if (error != null) {
            throw new CommandFailed("error during benchmark: " + Texts.error(error) + "\nerror " + error.errno() + ": "
                    + error.getMessage());
        }
    }

    private static @org.jspecify.annotations.Nullable BenchObjects find(IoCtx io, String runName) {
        try {
            return BenchObjects.of(io.read(Bytes.of(runName), 0, 24), hostname());
        } catch (RadosException e) {
            if (e.is(Errno.ENOENT)) {
                return null;
            }
            throw e;
        }
    }

    static boolean cleanup(Session s) {
        String prefix = s.arguments().find("prefix");
        String runName = s.arguments().get("run-name", BenchObjects.DEFAULT_RUN);
        BenchObjects objects = prefix == null ? find(s.io(), runName) : null;
        if (objects != null) {
            remove(s, objects, runName);
            return true;
        }
        s.console().out().println("Warning: using slow linear search");
        Bytes start = Bytes.of(prefix == null ? "benchmark_data" : prefix);
        long removed = PoolCommands.removeAll(
                s.io().objects().filter(o -> o.name().startsWith(start)).iterator(), s.io());
        s.console().out().println("Removed " + removed + (removed == 1 ? " object" : " objects"));
        return true;
    }

    private static void remove(Session s, BenchObjects objects, String runName) {
        long perObject = Math.max(1, objects.objectSize() / objects.operationSize());
        long removed = PoolCommands.removeAll(
                IntStream.range(0, objects.objectCount())
                        .mapToObj(n -> new ListedObject(
                                s.io().namespace(), objects.objectOf((int) (n * perObject)), Bytes.EMPTY))
                        .iterator(),
                s.io());
        s.io().remove(runName);
        s.console().out().println("Removed " + removed + (removed == 1 ? " object" : " objects"));
    }

    private static String hostname() {
        try {
            return Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
        } catch (IOException e) {
            return "localhost";
        }
    }
}
