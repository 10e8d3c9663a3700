package io.spirula.mon.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.spirula.common.maps.OsdMap;
import io.spirula.common.maps.OsdMapFlag;
import io.spirula.common.maps.OsdState;
import io.spirula.common.maps.PgPool;
import io.spirula.common.maps.PoolFlag;
import io.spirula.common.pg.ObjectStats;
import io.spirula.common.pg.ObjectStats.Counter;
import io.spirula.common.pg.PgState;
import io.spirula.common.pg.PgStats;
import io.spirula.common.types.PgId;
import io.spirula.mon.failure.Racks;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PgExplanationTest {
    private static final PgId PG = new PgId(1, 0);
    private PgPool pool = PgPool.builder().pgNum(4).pgpNum(4).size(3).minSize(2).build();
    private OsdMap map =
            Racks.down(Racks.with(Racks.of(2, 2, 2), 4, row -> row.withState(row.state() | OsdState.BACKFILLFULL)), 5);

    private static PgStats stats(String states, List<Integer> acting, List<Integer> blockedBy, long count) {
        long bits = Arrays.stream(states.split("\\+")).mapToLong(PgState::of).sum();
        PgStats none = PgStats.EMPTY;
        ObjectStats sums = none.stats()
                .with(Counter.OBJECTS_UNFOUND, states.contains("unfound") ? count : 0)
                .with(Counter.OBJECTS_DEGRADED, count);
        PgStats.Stamps stamps = new PgStats.Stamps(
                Racks.NOW, Racks.NOW, Racks.NOW, Racks.NOW, Racks.NOW, Racks.NOW, Racks.NOW, Racks.NOW, Racks.NOW,
                Racks.NOW);
        return none.toBuilder()
                .reportedSequence(1)
                .reportedEpoch(5)
                .state(bits)
                .created(1)
                .lastEpochClean(5)
                .stats(sums)
                .mapping(new PgStats.Mapping(acting, acting.getFirst(), acting, acting.getFirst(), 1))
                .stamps(stamps)
                .blockedBy(blockedBy)
                .build();
    }

    private String explain(@Nullable PgStats stats) {
        OsdMap whole = map.toBuilder()
                .pools(new TreeMap<>(Map.of(1L, pool)))
                .poolNames(new TreeMap<>(Map.of(1L, "p")))
                .build();
        return String.join("\n", PgExplanation.of(PG, pool, stats, whole, Racks.NOW.plusSeconds(90)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "active+clean | pg 1.0 is active+clean for 90s",
                "active+clean | It waits for nothing.",
                "stale+active+clean | Nobody has reported it for 90s: osd.0, its last primary, is up but does not speak to the manager.",
                "stale+active+clean | Start osd.0, or another OSD that has a copy: osd.2, osd.4.",
                "down | It cannot serve because writes may be known only to OSDs that are down: osd.5.",
                "down | Start it.",
                "down | 'ceph osd lost 5 --yes-i-really-mean-it' gives up what only it has",
                "incomplete | None of the OSDs that answer has a whole copy with all that was acknowledged.",
                "incomplete | Start osd.5; it looks again whenever one comes up.",
                "peering | Its primary waits for an answer of osd.5; if this lasts",
                "activating | Its members are writing down what they agreed on",
                "peered+undersized | It has 3 of the 2 copies (min_size) that it takes to serve. Down are osd.5.",
                "peered+undersized | a lower min_size of the pool lets it serve now, with less safety.",
                "active+wait | an OSD that served it before and was not heard since may still be answering reads.",
                "active+laggy | not all of its replicas (osd.0, osd.2, osd.4) have answered its primary lately.",
                "active+recovery_unfound | 7 of its objects nobody who is up has in their newest version; reads and writes of them wait. Down are osd.5.",
                "active+recovery_unfound | 'ceph pg 1.0 mark_unfound_lost revert|delete' gives the objects up.",
                "active+backfill_toofull | OSDs that have no room for them (osd.4): add OSDs, delete data, or raise backfillfull_ratio.",
                "active+recovery_toofull | Objects are missing on OSDs that are full (none of its own any more)",
                "active+recovery_wait | 'ceph pg force-recovery 1.0' has it done first.",
                "active+backfill_wait | 'ceph pg force-backfill 1.0' has it done first.",
                "active+recovering | 7 copies of objects are missing and are being made; this ends by itself.",
                "active+undersized | It has 3 of 3 members: CRUSH finds no others.",
                "active+inconsistent | 'rados list-inconsistent-obj 1.0' tells where, 'ceph pg repair 1.0' mends it from a good copy.",
            })
    void aStateIsExplainedWithWhatFreesTheGroup(String states, String said) {
        assertThat(explain(stats(states, List.of(0, 2, 4), List.of(5), 7))).contains(said);
    }

    @Test
    void whoWaitsForTheMonitorsSaysSo() {
        assertThat(explain(stats("peering", List.of(0, 2), List.of(), 0)))
                .contains(
                        "Its primary, osd.0, waits for the monitors: for a map that says it is alive in this interval (up_thru)");
    }

    @Test
    void anIncompleteGroupThatKnowsOfNobodyNamesWhoIsDown() {
        assertThat(explain(stats("incomplete", List.of(0, 2), List.of(), 0)))
                .contains("Start the OSDs that had it before; it looks again whenever one comes up. Down are osd.5.");
    }

    @Test
    void aGroupThatNobodyHasReportedIsExplainedByTheMap() {
        assertThat(explain(null))
                .startsWith("pg 1.0 is unknown\nosd.")
                .contains("is to serve it and has not reported it yet");
        for (int osd = 0; osd < 8; osd++) {
            map = Racks.down(map, osd);
        }
        assertThat(explain(null))
                .contains(
                        "No OSD serves it: CRUSH rule 0 finds none that is up and in for this pool. Down are osd.0, osd.1,")
                .contains("It is served as soon as an OSD that the rule may choose is up and in");
    }

    @ParameterizedTest
    @CsvSource({
        "recovering, NORECOVER, true",
        "recovery_wait, NORECOVER, true",
        "backfilling, NOBACKFILL, true",
        "backfill_wait, NOREBALANCE, true",
        "backfilling+degraded, NOREBALANCE, false",
        "recovering, NOBACKFILL, false"
    })
    void aFlagThatHoldsUpCopyingIsNamed(String states, OsdMapFlag flag, boolean heldUp) {
        map = map.toBuilder().flags(flag.mask()).build();
        String name = flag.name().toLowerCase(Locale.ROOT);
        String said = explain(stats("active+" + states, List.of(0, 2, 4), List.of(), 7));
        if (heldUp) {
            assertThat(said)
                    .contains("Nothing is copied while the flag " + name + " is set: 'ceph osd unset " + name + "'")
                    .doesNotContain("by itself");
        } else {
            assertThat(said).doesNotContain(name).contains("this ends by itself");
        }
    }

    @Test
    void clientsThatArePausedAreToldOf() {
        map = map.toBuilder().flags(OsdMapFlag.PAUSEWR.mask()).build();
        assertThat(explain(stats("active+clean", List.of(0, 2, 4), List.of(), 0)))
                .contains("'ceph osd unpause' lets them go on");
    }

    @Test
    void aPoolThatTakesNoWritesIsToldOf() {
        pool = pool.toBuilder()
                .flags(PoolFlag.FULL.mask() | PoolFlag.FULL_QUOTA.mask())
                .build();
        assertThat(explain(stats("active+clean", List.of(0, 2, 4), List.of(), 0)))
                .contains("the pool has reached its quota: delete data, or raise the quota.");
        pool = pool.toBuilder().flags(PoolFlag.FULL.mask()).build();
        assertThat(explain(stats("active+clean", List.of(0, 2, 4), List.of(), 0)))
                .contains("Writes are refused because OSDs are full (none of its own any more)");
    }
}
