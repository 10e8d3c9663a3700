package io.spirula.it.sim;

import java.time.Duration;
import java.util.random.RandomGenerator;

/** When what a simulated host reads is there, and when what it has written becomes durable: in order, after a delay that is short mostly and long now and then, as disks have it. */
final class SimDisk {
    private static final long LEAST_NANOS = 100_000;
    private static final long MOST_NANOS = 3_000_000;
    private static final long STALL_NANOS = Duration.ofMillis(80).toNanos();
    private static final int WRITES_A_STALL = 50;

    private final SimHost host;
    private final RandomGenerator random;
    private long lastNanos;
    private int slowness = 1;

    SimDisk(SimHost host, RandomGenerator random) {
        this.host = host;
        this.random = random;
    }

    /** How many times as long as usual everything takes from now on. */
    void slowness(int times) {
        slowness = times;
    }

    /** Runs {@code durable} when a write that is made now is durable; not at all, where the host crashes before. */
    void write(Runnable durable) {
        long now = host.nanoTime();
        long took = random.nextInt(WRITES_A_STALL) == 0
                ? random.nextLong(MOST_NANOS, STALL_NANOS)
                : random.nextLong(LEAST_NANOS, MOST_NANOS);
        lastNanos = Math.max(lastNanos, now + took * slowness);
        host.simulation().after(lastNanos - now, host, durable);
    }

    /** Runs {@code done} when what is read is there: at once where memory has it, else after a while, and not in the order of the calls. */
    void read(Runnable done) {
        if (random.nextBoolean()) {
            done.run();
        } else {
            host.simulation().after(random.nextLong(LEAST_NANOS, MOST_NANOS) * slowness, host, done);
        }
    }

    /** How many of some uncommitted writes a crash at this moment leaves durable: it may be each number. */
    int survivors(int uncommitted) {
        return random.nextInt(uncommitted + 1);
    }
}
