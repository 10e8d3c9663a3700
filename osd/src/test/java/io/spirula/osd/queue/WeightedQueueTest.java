package io.spirula.osd.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class WeightedQueueTest {
    private final Backlog backlog = new Backlog();

    private static WeightedQueue queue(String... options) {
        return new WeightedQueue(QueueSettings.of(Backlog.config(options)));
    }

    private void run(WorkScheduler queue, int times) {
        for (int i = 0; i < times; i++) {
            Work work = queue.next(0);
            if (work != null) {
                work.run();
            }
        }
    }

    @Test
    void classesGetBytesInProportionToTheirWeights() {
        WeightedQueue queue = queue();
        for (int i = 0; i < 2000; i++) {
            queue.add(backlog.work(WorkClass.CLIENT, 1, 64 << 10), 0);
            queue.add(backlog.work(WorkClass.BACKGROUND_RECOVERY, 2, 256 << 10), 0);
        }
        run(queue, 1700);
        assertThat((double) backlog.of(WorkClass.CLIENT) / backlog.of(WorkClass.BACKGROUND_RECOVERY))
                .isCloseTo(63.0 / 3, within(3.0));
    }

    @Test
    void aClientThatComesBehindABacklogOfRecoveryIsNext() {
        WeightedQueue queue = queue();
        for (int i = 0; i < 1000; i++) {
            queue.add(backlog.work(WorkClass.BACKGROUND_RECOVERY, 2, 4 * Backlog.MIB), 0);
        }
        run(queue, 10);
        queue.add(backlog.work(WorkClass.CLIENT, 1, 4096), 0);
        run(queue, 1);
        assertThat(backlog.order.getLast()).isEqualTo(WorkClass.CLIENT);
        assertThat(queue.size()).isEqualTo(990);
    }

    @Test
    void aClassThatWasIdleHasSavedUpNothing() {
        WeightedQueue queue = queue("osd_client_op_priority", "5", "osd_scrub_priority", "5");
        for (int i = 0; i < 100; i++) {
            queue.add(backlog.work(WorkClass.CLIENT, 1, 4096), 0);
        }
        run(queue, 50);
        for (int i = 0; i < 100; i++) {
            queue.add(backlog.work(WorkClass.BACKGROUND_BEST_EFFORT, 1, 4096), 0);
        }
        backlog.order.clear();
        run(queue, 40);
        assertThat(backlog.counts())
                .containsEntry(WorkClass.CLIENT, 20L)
                .containsEntry(WorkClass.BACKGROUND_BEST_EFFORT, 20L);
    }

    @Test
    void clientsTakeTurnsAndEachKeepsItsOrder() {
        WeightedQueue queue = queue();
        List<String> done = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            String number = Integer.toString(i);
            queue.add(new Work.Task(WorkClass.CLIENT, 1, 0, () -> done.add("a" + number)), 0);
        }
        for (int i = 0; i < 2; i++) {
            String number = Integer.toString(i);
            queue.add(new Work.Task(WorkClass.CLIENT, 2, 0, () -> done.add("b" + number)), 0);
        }
        run(queue, 5);
        assertThat(done).containsExactly("a0", "b0", "a1", "b1", "a2");
        assertThat(queue.next(0)).isNull();
    }

    @Test
    void weightsChangeForWhatWaitsAlready() {
        WeightedQueue queue = queue();
        for (int i = 0; i < 1000; i++) {
            queue.add(backlog.work(WorkClass.CLIENT, 1, 0), 0);
            queue.add(backlog.work(WorkClass.BACKGROUND_RECOVERY, 2, 0), 0);
        }
        run(queue, 220);
        assertThat(backlog.counts().get(WorkClass.BACKGROUND_RECOVERY)).isBetween(9L, 11L);
        queue.configure(QueueSettings.of(Backlog.config("osd_recovery_op_priority", "63")));
        backlog.order.clear();
        run(queue, 220);
        assertThat(backlog.counts().get(WorkClass.BACKGROUND_RECOVERY)).isBetween(105L, 125L);
    }

    @Test
    void aWeightBeyondTheCutOffGoesBeforeAllElse() {
        WeightedQueue queue = queue("osd_op_queue_cut_off", "low", "osd_recovery_op_priority", "100");
        for (int i = 0; i < 20; i++) {
            queue.add(backlog.work(WorkClass.CLIENT, 1, 0), 0);
            queue.add(backlog.work(WorkClass.BACKGROUND_RECOVERY, 2, Backlog.MIB), 0);
        }
        run(queue, 20);
        assertThat(backlog.order).containsOnly(WorkClass.BACKGROUND_RECOVERY);
    }
}
