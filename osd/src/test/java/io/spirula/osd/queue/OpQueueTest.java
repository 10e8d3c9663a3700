package io.spirula.osd.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.spirula.common.config.Config;
import io.spirula.common.config.Live;
import io.spirula.common.env.Clock;
import io.spirula.common.env.Reactor;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The queue over a disk that does one thing after the other, so many bytes a millisecond, in a time of its own. */
class OpQueueTest {
    private static final long BYTES_PER_MILLI = 100 << 10;

    private final Disk disk = new Disk();
    private final StoreLoad load = new StoreLoad();

    /** A reactor whose store takes its time. */
    private final class Disk implements Reactor {
        private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();
        private final ArrayDeque<Long> writes = new ArrayDeque<>();
        private final List<Runnable> timers = new ArrayList<>();
        private long nanos;

        void write(long bytes) {
            load.began(bytes);
            writes.addLast(bytes);
        }

        /** Does the next write. */
        void step() {
            while (!tasks.isEmpty()) {
                tasks.removeFirst().run();
            }
            Long bytes = writes.pollFirst();
            if (bytes != null) {
                nanos += (bytes + StoreLoad.BASE) * 1_000_000 / BYTES_PER_MILLI;
                load.ended(bytes);
            }
            while (!tasks.isEmpty()) {
                tasks.removeFirst().run();
            }
        }

        long millis() {
            return nanos / 1_000_000;
        }

        @Override
        public void execute(Runnable task) {
            tasks.addLast(task);
        }

        @Override
        public Timer schedule(Duration delay, Runnable task) {
            long at = nanos + delay.toNanos();
            Runnable timer = () -> {
                nanos = Math.max(nanos, at);
                task.run();
            };
            timers.add(timer);
            return () -> timers.remove(timer);
        }

        @Override
        public Clock clock() {
            return new Clock() {
                @Override
                public Instant now() {
                    return Instant.EPOCH.plusNanos(nanos);
                }

                @Override
                public long nanoTime() {
                    return nanos;
                }
            };
        }

        @Override
        public boolean isCurrent() {
            return true;
        }
    }

    private OpQueue queue(Config config) {
        return new OpQueue(disk, load, Live.of(config, QueueSettings::of));
    }

    private Work write(WorkClass kind, long bytes, Runnable also) {
        return new Work.Task(kind, List.of(WorkClass.values()).indexOf(kind), bytes, () -> {
            disk.write(bytes);
            also.run();
        });
    }

    @Test
    void whileTheStoreTakesMoreNothingWaits() {
        OpQueue queue = queue(Backlog.config());
        List<String> done = new ArrayList<>();
        queue.add(write(WorkClass.CLIENT, 4096, () -> done.add("client")));
        queue.add(write(WorkClass.BACKGROUND_RECOVERY, 4096, () -> done.add("recovery")));
        assertThat(done).containsExactly("client", "recovery");
        assertThat(queue.size()).isZero();
    }

    /** How long a client's write that comes behind 1,000 objects of 4 MiB to be recovered waits until it begins. */
    private long clientBehindRecovery(Config config) {
        OpQueue queue = queue(config);
        for (int i = 0; i < 1000; i++) {
            queue.add(write(WorkClass.BACKGROUND_RECOVERY, 4 * Backlog.MIB, () -> {}));
        }
        for (int i = 0; i < 3; i++) {
            disk.step();
        }
        long came = disk.millis();
        boolean[] begun = new boolean[1];
        queue.add(write(WorkClass.CLIENT, 4096, () -> begun[0] = true));
        while (!begun[0]) {
            disk.step();
        }
        return disk.millis() - came;
    }

    @Test
    void aClientDoesNotWaitForABacklogOfRecovery() {
        // The store has 16 MiB at most, of which the first 4 MiB must go: not the 4 GB, which take 40 s.
        assertThat(clientBehindRecovery(Backlog.config())).isLessThan(50);
        assertThat(clientBehindRecovery(Backlog.config("osd_op_queue", "mclock_scheduler")))
                .isLessThan(50);
    }

    @Test
    void recoveryGoesOnBesideClientsThatNeverStop() {
        OpQueue queue = queue(Backlog.config());
        long[] bytes = new long[2];
        class Client implements Runnable {
            @Override
            public void run() {
                bytes[0] += 256 << 10;
                disk.execute(() -> queue.add(write(WorkClass.CLIENT, 256 << 10, this)));
            }
        }
        for (int i = 0; i < 100; i++) {
            queue.add(write(WorkClass.BACKGROUND_RECOVERY, Backlog.MIB, () -> bytes[1] += Backlog.MIB));
        }
        for (int i = 0; i < 128; i++) {
            queue.add(write(WorkClass.CLIENT, 256 << 10, new Client()));
        }
        for (int i = 0; i < 4000; i++) {
            disk.step();
        }
        assertThat(bytes[1]).isBetween(bytes[0] * 3 / 63 / 2, bytes[0] * 3 / 63 * 2 + 32 * Backlog.MIB);
    }

    @Test
    void aLimitIsKeptByWaiting() {
        OpQueue queue = queue(Backlog.config(
                "osd_op_queue",
                "mclock_scheduler",
                "osd_mclock_profile",
                "custom",
                "osd_mclock_scheduler_background_recovery_lim",
                "10"));
        int[] done = new int[1];
        for (int i = 0; i < 5; i++) {
            queue.add(write(WorkClass.BACKGROUND_RECOVERY, 0, () -> done[0]++));
        }
        assertThat(done[0]).isEqualTo(1);
        for (int i = 1; i < 5; i++) {
            assertThat(disk.timers).hasSize(1);
            disk.timers.removeFirst().run();
            assertThat(done[0]).isEqualTo(1 + i);
            assertThat(disk.millis()).isEqualTo(100L * i);
        }
    }
}
