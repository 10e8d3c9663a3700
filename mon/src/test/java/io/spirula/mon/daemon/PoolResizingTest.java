package io.spirula.mon.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.spirula.common.maps.OsdMap;
import io.spirula.common.maps.PgPool;
import io.spirula.common.message.OsdPgReadyToMerge;
import io.spirula.common.message.PgStatsReport;
import io.spirula.common.pg.ObjectStats;
import io.spirula.common.pg.ObjectStats.Counter;
import io.spirula.common.pg.OsdStat;
import io.spirula.common.pg.PgState;
import io.spirula.common.pg.PgStats;
import io.spirula.common.pg.StoreStatfs;
import io.spirula.common.types.EVersion;
import io.spirula.common.types.PgId;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How a pool comes to another number of placement groups: by the manager's steps, of which each waits for what the OSDs say. */
class PoolResizingTest {
    private static final long CLEAN = PgState.ACTIVE | PgState.CLEAN;

    private final TestMonitor mon = new TestMonitor();
    private final FakeConnection osd = mon.bootOsd(0);
    private long sequence;

    private OsdMap map() {
        return mon.daemon.services().osdmap().map();
    }

    private PgPool pool() {
        return Objects.requireNonNull(map().pool(1));
    }

    private static List<Integer> numbers(PgPool p) {
        return List.of(p.pgNum(), p.pgNumPending(), p.pgpNum());
    }

    private void set(String variable, String value) {
        mon.command(
                "{\"prefix\":\"osd pool set\",\"pool\":\"p\",\"var\":\"" + variable + "\",\"val\":\"" + value + "\"}");
    }

    private void report(int seed, long state, long objects) {
        ObjectStats sums = ObjectStats.ZERO
                .with(Counter.OBJECTS, objects)
                .with(Counter.OBJECT_COPIES, objects)
                .with(Counter.BYTES, objects << 20);
        PgStats stats = PgStats.EMPTY.toBuilder()
                .reportedSequence(++sequence)
                .reportedEpoch(map().epoch())
                .state(state)
                .created(1)
                .lastEpochClean(1)
                .stats(sums)
                .mapping(new PgStats.Mapping(List.of(0), 0, List.of(0), 0, 1))
                .build();
        TreeMap<PgId, PgStats> groups = new TreeMap<>(Map.of(new PgId(1, seed), stats));
        mon.manager.dispatch(
                osd, new PgStatsReport(0, TestMonitor.FSID, OsdStat.ZERO, groups, map().epoch(), Map.of()));
    }

    private void allAreClean(long objects) {
        for (int seed = 0; seed < pool().pgNum(); seed++) {
            report(seed, CLEAN, objects);
        }
        mon.pass(Duration.ofSeconds(6));
    }

    @BeforeEach
    void aPoolOfFourGroups() {
        mon.command("{\"prefix\":\"osd pool create\",\"pool\":\"p\",\"pg_num\":4,\"autoscale_mode\":\"off\"}");
        allAreClean(100);
        allAreClean(100);
    }

    @Test
    void groupsAreAddedAtOnceAndPlacedApartStepByStep() {
        set("pg_num", "16");
        assertThat(numbers(pool())).containsExactly(4, 4, 4);
        assertThat(pool().pgNumTarget()).isEqualTo(16);
        assertThat(pool().pgpNumTarget()).isEqualTo(16);
        mon.pass(Duration.ofSeconds(6));
        assertThat(numbers(pool())).containsExactly(16, 16, 4);
        assertThat(pool().lastForceOpResendPreluminous()).isPositive();
        mon.pass(Duration.ofSeconds(30));
        assertThat(pool().pgpNum()).as("nobody has heard of the new groups").isEqualTo(4);
        allAreClean(100);
        assertThat(pool().pgpNum())
                .as("one at a time: more would misplace too much")
                .isBetween(5, 7);
        for (int i = 0; i < 15; i++) {
            allAreClean(100);
        }
        assertThat(numbers(pool())).containsExactly(16, 16, 16);
    }

    @Test
    void aPoolThatMayNotChangeMeanwhileStaysAsItIs() {
        allAreClean(0);
        set("pg_num", "16");
        mon.pass(Duration.ofSeconds(6));
        set("nopgchange", "true");
        allAreClean(0);
        assertThat(numbers(pool())).containsExactly(16, 16, 4);
        set("nopgchange", "false");
        allAreClean(0);
        assertThat(numbers(pool())).containsExactly(16, 16, 16);
    }

    @Test
    void anEmptyPoolsGroupsArePlacedApartAtOnce() {
        allAreClean(0);
        set("pg_num", "16");
        mon.pass(Duration.ofSeconds(6));
        allAreClean(0);
        assertThat(numbers(pool())).containsExactly(16, 16, 16);
    }

    @Test
    void oneGroupAfterTheOtherMergesOnceItAndItsTargetAreAtRest() {
        set("pg_num", "2");
        mon.pass(Duration.ofSeconds(6));
        assertThat(numbers(pool())).as("first they are placed together").containsExactly(4, 4, 3);
        allAreClean(100);
        assertThat(pool().pgNum()).isEqualTo(4);
        assertThat(pool().pgNumPending()).isEqualTo(3);
        mon.pass(Duration.ofSeconds(30));
        assertThat(pool().pgNum())
                .as("nothing is merged before its primary says so")
                .isEqualTo(4);

        EVersion source = new EVersion(9, 7);
        EVersion target = new EVersion(9, 5);
        mon.monitor.dispatch(osd, new OsdPgReadyToMerge(1, new PgId(1, 2), source, target, 8, 8, true));
        mon.reactor.settle();
        assertThat(pool().pgNum()).as("it is not that one's turn").isEqualTo(4);
        mon.monitor.dispatch(osd, new OsdPgReadyToMerge(1, new PgId(1, 3), source, target, 7, 8, true));
        mon.reactor.settle();
        assertThat(pool().pgNum()).isEqualTo(3);
        assertThat(pool().lastPgMergeMeta().source()).isEqualTo(new PgId(1, 3));
        assertThat(pool().lastPgMergeMeta().sourceVersion()).isEqualTo(source);
        assertThat(pool().lastPgMergeMeta().targetVersion()).isEqualTo(target);
        assertThat(pool().lastPgMergeMeta().readyEpoch()).isEqualTo(map().epoch());
        assertThat(mon.daemon.services().pgMap().pgs()).doesNotContainKey(new PgId(1, 3));

        allAreClean(100);
        allAreClean(100);
        assertThat(numbers(pool())).containsExactly(3, 2, 2);
        mon.monitor.dispatch(osd, new OsdPgReadyToMerge(1, new PgId(1, 2), EVersion.ZERO, EVersion.ZERO, 0, 0, false));
        mon.reactor.settle();
        assertThat(numbers(pool()))
                .as("a member is missing: it goes on as it was")
                .containsExactly(3, 3, 2);
    }

    @Test
    void aMergeWaitsForGroupsThatAreNotClean() {
        set("pg_num", "3");
        mon.pass(Duration.ofSeconds(6));
        report(1, PgState.ACTIVE | PgState.REMAPPED, 100);
        mon.pass(Duration.ofSeconds(30));
        assertThat(numbers(pool())).containsExactly(4, 4, 3);
        report(1, CLEAN, 100);
        mon.pass(Duration.ofSeconds(6));
        assertThat(numbers(pool())).containsExactly(4, 3, 3);
    }

    @Test
    void theAutoscalerSetsTheNumberOfAPoolThatIsFarOffWhereItMay() {
        TreeMap<PgId, PgStats> none = new TreeMap<>();
        StoreStatfs space = new StoreStatfs(1L << 40, 1L << 40, 0, 0, 0, 0, 0, 0, 0, 0);
        OsdStat stat = new OsdStat(
                space, 0, 0, List.of(), List.of(), 0, 0, 0, 0, 0, Map.of(), 0, 0, 0, 0, OsdStat.ZERO.pingTimes());
        mon.manager.dispatch(osd, new PgStatsReport(0, TestMonitor.FSID, stat, none, map().epoch(), Map.of()));
        mon.pass(Duration.ofSeconds(130));
        assertThat(pool().pgNumTarget()).isEqualTo(4);
        set("pg_autoscale_mode", "on");
        mon.pass(Duration.ofSeconds(65));
        assertThat(pool().pgNumTarget()).isEqualTo(32);
    }
}
