package io.spirula.osd.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import io.spirula.common.config.CephConf;
import io.spirula.common.config.Config;
import io.spirula.common.env.Clock;
import io.spirula.common.env.Reactor;
import io.spirula.common.types.EntityName;
import io.spirula.common.types.EntityType;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import org.junit.jupiter.api.Test;

/** Groups whose objects all take 10 ms, in a time that passes only while nothing happens. */
class RecoveryThrottleTest {
    private static final Duration OBJECT = Duration.ofMillis(10);

    private final Time time = new Time();
    private final Config config = Config.of(new EntityName(EntityType.OSD, "0"), CephConf.EMPTY);
    private final RecoveryThrottle throttle = new RecoveryResources(config, time, false).throttle();
    private final List<String> order = new ArrayList<>();
    private int mostAtOnce;
    private int atOnce;

    private static final class Time implements Reactor {
        private record Event(long at, long order, Runnable task) {}

        private final PriorityQueue<Event> events =
                new PriorityQueue<>(Comparator.comparingLong(Event::at).thenComparingLong(Event::order));
        private long nanos;
        private long count;

        @Override
        public void execute(Runnable task) {
            schedule(Duration.ZERO, task);
        }

        @Override
        public Timer schedule(Duration delay, Runnable task) {
            Event event = new Event(nanos + delay.toNanos(), count++, task);
            events.add(event);
            return () -> events.remove(event);
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

        void step() {
            Event next = events.remove();
            nanos = next.at;
            next.task.run();
        }
    }

    /** A group with some objects to recover. */
    private final class Group implements RecoveryThrottle.Work {
        private final String name;
        private final long bytes;
        private final boolean forced;
        private int left;
        private int active;
        private int neverArrive;

        Group(String name, int left, long bytes, boolean forced) {
            this.name = name;
            this.left = left;
            this.bytes = bytes;
            this.forced = forced;
        }

        @Override
        public long start(int most) {
            int starting = Math.min(most, left);
            for (int i = 0; i < starting; i++) {
                order.add(name);
                left--;
                active++;
                atOnce++;
                mostAtOnce = Math.max(mostAtOnce, atOnce);
                if (neverArrive > 0) {
                    neverArrive--;
                } else {
                    time.schedule(OBJECT, this::arrived);
                }
            }
            if (starting > 0) {
                throttle.wants(this);
            }
            return starting * bytes;
        }

        private void arrived() {
            active--;
            atOnce--;
            throttle.count(this);
        }

        @Override
        public int active() {
            return active;
        }

        @Override
        public boolean isForced() {
            return forced;
        }
    }

    private Group group(String name, int objects, long bytes) {
        Group group = new Group(name, objects, bytes, false);
        throttle.wants(group);
        return group;
    }

    /** A client has a request every 100 ms, as long as this test lasts. */
    private void clientsAreServed() {
        throttle.clientServed();
        time.schedule(Duration.ofMillis(100), this::clientsAreServed);
    }

    /** How many milliseconds it takes until so few of the group's objects are not there. */
    private long millisUntil(Group group, int notThere) {
        long begin = time.nanos;
        while (group.left > 0 || group.active > notThere) {
            time.step();
            assertThat(time.nanos - begin).isLessThan(Duration.ofMinutes(5).toNanos());
        }
        return (time.nanos - begin) / 1_000_000;
    }

    private long millisFor(Group group) {
        return millisUntil(group, 0);
    }

    @Test
    void whereNoClientIsServedSoManyObjectsAreAlwaysUnderWay() {
        assertThat(millisFor(group("a", 100, 4096))).isEqualTo(100);
        assertThat(mostAtOnce).isEqualTo(10);
    }

    @Test
    void whileClientsAreServedRecoveryRestsForAsLongAsItWorks() {
        clientsAreServed();
        assertThat(millisFor(group("a", 100, 4096))).isEqualTo(190);
        assertThat(mostAtOnce).isEqualTo(10);
    }

    @Test
    void withFewerObjectsAtATimeTheRoundsAreSmaller() {
        config.set("osd_recovery_max_active", "2");
        clientsAreServed();
        assertThat(millisFor(group("a", 20, 4096))).isEqualTo(190);
        assertThat(mostAtOnce).isEqualTo(2);
    }

    @Test
    void aLargeObjectIsARoundOfItsOwn() {
        clientsAreServed();
        assertThat(millisFor(group("a", 10, 4 << 20))).isEqualTo(190);
        assertThat(mostAtOnce).isEqualTo(1);
    }

    /** An object in pieces that take 10 ms each; counts the others that its round holds up. */
    private void pieces(Group group, int left) {
        long sent = time.nanos;
        time.schedule(OBJECT, () -> {
            if (left == 1) {
                group.arrived();
            } else {
                throttle.goOn(sent, () -> pieces(group, left - 1));
            }
        });
    }

    @Test
    void thereIsARestAfterEachPieceOfALargeObjectAndTheLastOneIsAlsoForTheRound() {
        clientsAreServed();
        assertThat(throttle.chunk()).isEqualTo(512 << 10);
        Group large = group("a", 1, 4 << 20);
        large.neverArrive = 1;
        time.step();
        while (large.active == 0) {
            time.step();
        }
        pieces(large, 4);
        Group next = group("b", 1, 4096);
        assertThat(millisFor(next)).isEqualTo(4 * (10 + 10) + 10);
    }

    @Test
    void piecesAreLargeAndFollowEachOtherWhereNoClientIsServed() {
        assertThat(throttle.chunk()).isEqualTo(8 << 20);
        Group large = group("a", 1, 16 << 20);
        large.neverArrive = 1;
        while (large.active == 0) {
            time.step();
        }
        pieces(large, 4);
        assertThat(millisFor(large)).isEqualTo(40);
    }

    @Test
    void onceTheClientsAreGoneItGoesOnWithoutRests() {
        throttle.clientServed();
        assertThat(millisFor(group("a", 1000, 4096))).isEqualTo(1000 + 500);
    }

    @Test
    void theRestsAreAsLongAsTheOptionSays() {
        clientsAreServed();
        config.set("osd_recovery_pause_ratio", "3");
        assertThat(millisFor(group("a", 100, 4096))).isEqualTo(100 + 9 * 30);
        config.set("osd_recovery_pause_ratio", "0");
        assertThat(millisFor(group("b", 100, 4096))).isLessThan(100 + 31);
    }

    @Test
    void anObjectThatDoesNotArriveHoldsUpOneRoundOnly() {
        clientsAreServed();
        Group group = group("a", 41, 4096);
        group.neverArrive = 1;
        assertThat(millisUntil(group, 1)).isBetween(2000L, 2000L + 2000 + 200);
    }

    @Test
    void aSleepIsAfterEachTurnAndNothingElseRests() {
        clientsAreServed();
        config.set("osd_recovery_sleep", "0.1");
        assertThat(millisFor(group("a", 10, 4096))).isEqualTo(910);
        assertThat(mostAtOnce).isEqualTo(1);
    }

    @Test
    void aSleepThatIsChangedWhileItLastsIsAsLongAsItIsNow() {
        config.set("osd_recovery_sleep", "600");
        Group group = group("a", 2, 4096);
        time.schedule(Duration.ofSeconds(1), () -> config.set("osd_recovery_sleep", "300"));
        time.schedule(Duration.ofSeconds(2), () -> config.set("osd_recovery_sleep", "5"));
        assertThat(millisFor(group)).isEqualTo(5010);

        config.set("osd_recovery_sleep", "600");
        Group other = group("b", 2, 4096);
        time.schedule(Duration.ofSeconds(7), () -> config.set("osd_recovery_sleep", "0"));
        assertThat(millisFor(other)).isEqualTo(7010);
    }

    @Test
    void groupsTakeTurnsButForOneThatIsWantedFirst() {
        config.set("osd_recovery_max_active", "1");
        group("a", 2, 4096);
        Group b = group("b", 2, 4096);
        throttle.wants(new Group("c", 2, 4096, true));
        millisFor(b);
        assertThat(order).containsExactly("c", "c", "a", "b", "a", "b");
    }
}
