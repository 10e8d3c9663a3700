package io.spirula.mon.mgr;

import static org.assertj.core.api.Assertions.assertThat;

import io.spirula.common.env.Clock;
import io.spirula.common.maps.Osd;
import io.spirula.common.maps.OsdMap;
import io.spirula.common.maps.OsdState;
import io.spirula.common.maps.SimpleOsdMap;
import io.spirula.common.pg.ObjectStats;
import io.spirula.common.pg.ObjectStats.Counter;
import io.spirula.common.pg.PgState;
import io.spirula.common.pg.PgStats;
import io.spirula.common.types.PgId;
import io.spirula.common.types.Uuid;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ProgressTest {
    private static final long CLEAN = PgState.ACTIVE | PgState.CLEAN;
    private static final long BACKFILLING = PgState.ACTIVE | PgState.BACKFILLING;

    private Instant now = Instant.ofEpochSecond(1_000_000);
    private boolean enabled = true;
    private final Progress progress = new Progress(
            new Clock() {
                @Override
                public Instant now() {
                    return now;
                }

                @Override
                public long nanoTime() {
                    return 0;
                }
            },
            new Random(1),
            () -> enabled);
    private OsdMap map = up();
    private final TreeMap<PgId, PgStats> groups = new TreeMap<>();

    private static OsdMap up() {
        OsdMap plain = SimpleOsdMap.withPool(SimpleOsdMap.of(Uuid.ZERO, Instant.EPOCH, 4, "osd"), 2, 2);
        List<Osd> rows = new ArrayList<>();
        plain.osds()
                .forEach(
                        o -> rows.add(o.withState(OsdState.EXISTS | OsdState.UP).withWeight(Osd.IN)));
        return plain.toBuilder().epoch(2).osds(rows).build();
    }

    private void weigh(int osd, int weight) {
        List<Osd> rows = new ArrayList<>(map.osds());
        rows.set(osd, rows.get(osd).withWeight(weight));
        map = map.toBuilder().epoch(map.epoch() + 1).osds(rows).build();
    }

    private void report(int seed, long state, long lacking) {
        long pool = map.pools().firstKey();
        ObjectStats counts = ObjectStats.ZERO.with(Counter.OBJECTS_MISPLACED, lacking);
        groups.put(new PgId(pool, seed), stats(map.epoch(), state, counts));
    }

    private static PgStats stats(int epoch, long state, ObjectStats counts) {
        return PgStats.EMPTY.toBuilder()
                .reportedSequence(1)
                .reportedEpoch(epoch)
                .state(state)
                .stats(counts)
                .build();
    }

    private void tick() {
        now = now.plusSeconds(5);
        progress.tick(map, groups);
    }

    @Test
    void nothingGoesOnWhereAllIsClean() {
        report(0, CLEAN, 0);
        tick();
        assertThat(progress.events()).isEmpty();
    }

    @Test
    void whatRecoversIsMeasuredInObjectsAndTheRestOfTheTimeIsGuessedFromThem() {
        report(0, BACKFILLING, 99);
        report(1, BACKFILLING, 899);
        tick();
        assertThat(progress.events()).extracting(Progress.Event::message).containsExactly("Global Recovery Event");
        assertThat(progress.events().getFirst().remaining(now)).isNull();
        report(0, CLEAN, 0);
        report(1, BACKFILLING, 399);
        tick();
        tick();
        Progress.Event event = progress.events().getFirst();
        assertThat(event.done()).isEqualTo(0.6);
        assertThat(event.remaining(now)).isEqualTo(Duration.ofSeconds(6)); // ten seconds for 600 of 1000
        report(1, CLEAN, 0);
        tick();
        assertThat(progress.events()).isEmpty();
        assertThat(progress.completed()).extracting(Progress.Event::done).containsExactly(1.0);
    }

    @Test
    void anOsdThatIsMarkedOutHasAnEventOfItsOwnUntilItsGroupsAreCleanOrItIsBack() {
        for (int seed = 0; seed < map.pools().firstEntry().getValue().pgNum(); seed++) {
            report(seed, CLEAN, 0);
        }
        tick();
        weigh(1, 0);
        tick();
        assertThat(progress.events())
                .extracting(Progress.Event::message)
                .containsExactly("Rebalancing after osd.1 marked out");
        assertThat(progress.events().getFirst().done()).isZero(); // nobody has reported since
        weigh(1, Osd.IN);
        tick();
        assertThat(progress.completed())
                .extracting(Progress.Event::message)
                .containsExactly("Rebalancing after osd.1 marked out");
        assertThat(progress.events())
                .extracting(Progress.Event::message)
                .containsExactly("Rebalancing after osd.1 marked in");
    }

    @Test
    void nothingIsFollowedWhileTheModuleIsOff() {
        enabled = false;
        report(0, BACKFILLING, 99);
        tick();
        assertThat(progress.events()).isEmpty();
    }

    @Test
    void anotherManagerFindsWhatWasGoingOn() {
        weigh(1, 0);
        int groupsOfPool = map.pools().firstEntry().getValue().pgNum();
        for (int seed = 0; seed < groupsOfPool; seed++) {
            tick(); // not before all groups are heard of
            assertThat(progress.events()).extracting(Progress.Event::osd).doesNotContain(1);
            report(seed, BACKFILLING, 10);
        }
        tick();
        assertThat(progress.events())
                .extracting(Progress.Event::message)
                .contains("Rebalancing after osd.1 marked out", "Global Recovery Event");
        for (int seed = 0; seed < groupsOfPool; seed++) {
            report(seed, CLEAN, 0);
        }
        tick();
        assertThat(progress.events()).isEmpty();
    }

    @Test
    void anOsdThatHasLongBeenOutIsNoEventForAnotherManager() {
        weigh(1, 0);
        for (int seed = 0; seed < map.pools().firstEntry().getValue().pgNum(); seed++) {
            report(seed, CLEAN, 0);
        }
        tick();
        assertThat(progress.events()).isEmpty();
        assertThat(progress.completed()).isEmpty();
    }
}
