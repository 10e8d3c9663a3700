package io.spirula.osd.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DmClockTest {
    private static final long SECOND = 1_000_000_000L;

    private final Backlog backlog = new Backlog();

    private static DmClock custom(String... options) {
        String[] all = java.util.Arrays.copyOf(options, options.length + 2);
        all[options.length] = "osd_mclock_profile";
        all[options.length + 1] = "custom";
        return new DmClock(QueueSettings.of(Backlog.config(all)));
    }

    /** A store that does so many operations a second, for so many seconds, while both always have more to do. */
    private void serve(DmClock queue, int perSecond, int seconds) {
        for (int i = 0; i < perSecond * seconds; i++) {
            long now = i * SECOND / perSecond;
            Work work = queue.next(now);
            if (work != null) {
                work.run();
                queue.add(work, now);
            }
        }
    }

    private void fill(DmClock queue, WorkClass... kinds) {
        for (WorkClass kind : kinds) {
            for (int i = 0; i < 10; i++) {
                queue.add(backlog.work(kind, List.of(WorkClass.values()).indexOf(kind), 0), 0);
            }
        }
    }

    @Test
    void aReservationIsKeptHoweverSmallTheWeight() {
        DmClock queue = custom(
                "osd_mclock_scheduler_client_res",
                "60",
                "osd_mclock_scheduler_client_wgt",
                "1",
                "osd_mclock_scheduler_background_recovery_wgt",
                "1000");
        fill(queue, WorkClass.CLIENT, WorkClass.BACKGROUND_RECOVERY);
        serve(queue, 100, 10);
        assertThat(backlog.counts().get(WorkClass.CLIENT)).isBetween(595L, 612L);
    }

    @Test
    void whatIsLeftIsSharedByWeight() {
        DmClock queue =
                custom("osd_mclock_scheduler_client_wgt", "3", "osd_mclock_scheduler_background_recovery_wgt", "1");
        fill(queue, WorkClass.CLIENT, WorkClass.BACKGROUND_RECOVERY);
        serve(queue, 400, 10);
        assertThat(backlog.counts().get(WorkClass.CLIENT)).isBetween(2950L, 3050L);
    }

    @Test
    void aLimitIsKeptWhenNobodyElseWantsAnything() {
        DmClock queue = custom("osd_mclock_scheduler_background_recovery_lim", "25");
        fill(queue, WorkClass.BACKGROUND_RECOVERY);
        serve(queue, 1000, 10);
        assertThat(backlog.counts().get(WorkClass.BACKGROUND_RECOVERY)).isBetween(250L, 252L);
        assertThat(queue.nextNanos()).isBetween(10 * SECOND - SECOND / 1000, 10 * SECOND + SECOND / 25);
    }

    @Test
    void largeWorkCountsForMore() {
        DmClock queue = custom();
        fill(queue, WorkClass.CLIENT);
        for (int i = 0; i < 10; i++) {
            queue.add(backlog.work(WorkClass.BACKGROUND_RECOVERY, 2, 4 * Backlog.MIB), 0);
        }
        serve(queue, 1000, 4);
        Map<WorkClass, Long> counts = backlog.counts();
        // 0.011 us a byte and 50 us an operation: 4 MiB cost as much as some 920 operations.
        assertThat(counts.get(WorkClass.BACKGROUND_RECOVERY)).isBetween(4L, 5L);
        assertThat(counts.get(WorkClass.CLIENT)).isGreaterThan(3990L);
    }

    @Test
    void aClientThatWasIdleHasSavedUpNothing() {
        DmClock queue = custom();
        fill(queue, WorkClass.BACKGROUND_RECOVERY);
        serve(queue, 1000, 5);
        backlog.order.clear();
        fill(queue, WorkClass.CLIENT);
        for (int i = 0; i < 1000; i++) {
            long now = 5 * SECOND + i * SECOND / 1000;
            Work work = java.util.Objects.requireNonNull(queue.next(now));
            work.run();
            queue.add(work, now);
        }
        assertThat(backlog.counts().get(WorkClass.CLIENT)).isBetween(490L, 510L);
    }

    @Test
    void sharesChangeForWhatWaitsAlready() {
        DmClock queue = custom("osd_mclock_scheduler_background_recovery_lim", "1");
        fill(queue, WorkClass.BACKGROUND_RECOVERY);
        assertThat(queue.next(0)).isNotNull();
        assertThat(queue.next(1)).isNull();
        queue.configure(QueueSettings.of(Backlog.config("osd_mclock_profile", "high_recovery_ops")));
        assertThat(queue.next(SECOND / 2)).isNotNull();
    }

    /** What stock 16.2.15 shows under each profile for an OSD with 5 shards that does 315 operations a second, times 5. */
    @ParameterizedTest
    @CsvSource({
        "high_client_ops, 160, 2, 0, 80, 1, 315, 80, 2",
        "balanced, 125, 1, 315, 125, 1, 475, 65, 2",
        "high_recovery_ops, 95, 1, 250, 190, 2, 630, 1, 2"
    })
    void profilesAreAsStockHasThem(
            String profile, int cRes, int cWgt, int cLim, int rRes, int rWgt, int rLim, int bRes, int bWgt) {
        QueueSettings settings = QueueSettings.of(Backlog.config("osd_mclock_profile", profile, "osd_class", "hdd"));
        check(settings.share(WorkClass.CLIENT), cRes, cWgt, cLim);
        check(settings.share(WorkClass.BACKGROUND_RECOVERY), rRes, rWgt, rLim);
        check(settings.share(WorkClass.BACKGROUND_BEST_EFFORT), bRes, bWgt, 0);
    }

    private static void check(QueueSettings.Share share, int reservation, int weight, int limit) {
        assertThat(share.reservation()).isBetween(reservation - 5.0, reservation + 5.0);
        assertThat(share.weight()).isEqualTo(weight);
        if (limit == 0) {
            assertThat(share.limit()).isGreaterThan(1e9);
        } else {
            assertThat(share.limit()).isBetween(limit - 5.0, limit + 5.0);
        }
    }
}
