package io.spirula.mon.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.spirula.common.maps.OsdMap;
import io.spirula.common.maps.OsdState;
import io.spirula.common.maps.PgPool;
import io.spirula.common.maps.PoolFlag;
import io.spirula.common.message.OsdFailure;
import io.spirula.common.message.OsdFull;
import io.spirula.common.message.OsdMarkMeDown;
import io.spirula.common.message.PgStatsReport;
import io.spirula.common.pg.ObjectStats;
import io.spirula.common.pg.OsdStat;
import io.spirula.common.pg.PgStats;
import io.spirula.common.types.PgId;
import io.spirula.common.types.Uuid;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What a monitor makes of OSDs that are in trouble, or are too full. */
class OsdTroubleTest {
    private final TestMonitor mon = new TestMonitor();

    private OsdMap map() {
        return mon.daemon.services().osdmap().map();
    }

    private PgPool pool() {
        return Objects.requireNonNull(map().pool(1));
    }

    private OsdFailure report(int target, int flags, int seconds) {
        return new OsdFailure(1, TestMonitor.FSID, target, map().osd(target).client(), map().epoch(), flags, seconds);
    }

    @Test
    void anOsdThatMayNotBootIsWrittenOfOnce() {
        mon.bootOsd(0);
        for (int i = 0; i < 3; i++) {
            mon.boot(0, Uuid.parse("bbbbbbbb-0000-4000-8000-000000000000"));
        }
        mon.pass(Duration.ofSeconds(5));
        assertThat(mon.output("{\"prefix\":\"log last\"}")
                        .lines()
                        .filter(l -> l.contains("osd.0 may not boot: it is bbbbbbbb")))
                .hasSize(1);
    }

    @Test
    void aReportTooEarlyCountsOnceTheGraceIsOver() {
        FakeConnection first = mon.bootOsd(0);
        FakeConnection second = mon.bootOsd(1);
        mon.bootOsd(2);
        mon.monitor.dispatch(first, report(2, OsdFailure.FLAG_FAILED, 12));
        mon.monitor.dispatch(second, report(2, OsdFailure.FLAG_FAILED, 10));
        mon.reactor.settle();
        assertThat(map().isUp(2)).isTrue();
        mon.pass(Duration.ofSeconds(15));
        assertThat(map().isUp(2)).isFalse();
        assertThat(map().osd(2).xinfo().deadEpoch()).isZero();
    }

    @Test
    void aRefusedConnectionTakesAnOsdDownAtOnceAndForCertain() {
        FakeConnection first = mon.bootOsd(0);
        mon.bootOsd(1);
        mon.monitor.dispatch(first, report(1, OsdFailure.FLAG_FAILED | OsdFailure.FLAG_IMMEDIATE, 21));
        mon.reactor.settle();
        assertThat(map().isUp(1)).isFalse();
        assertThat(map().osd(1).xinfo().deadEpoch()).isEqualTo(map().epoch());
    }

    @Test
    void aReportOfAnEarlierInstanceChangesNothing() {
        FakeConnection first = mon.bootOsd(0);
        mon.bootOsd(1);
        OsdFailure old = report(1, OsdFailure.FLAG_FAILED | OsdFailure.FLAG_IMMEDIATE, 21);
        mon.command("{\"prefix\":\"osd down\",\"ids\":[\"1\"]}");
        mon.boot(1, map().osd(1).uuid());
        mon.monitor.dispatch(first, old);
        mon.reactor.settle();
        assertThat(map().isUp(1)).isTrue();
    }

    @Test
    void whoLeavesIsDownAndDeadAndIsTold() {
        FakeConnection osd = mon.bootOsd(0);
        int epoch = map().epoch();
        mon.monitor.dispatch(
                osd, new OsdMarkMeDown(1, TestMonitor.FSID, 0, map().osd(0).client(), epoch, true, true));
        mon.reactor.settle();
        assertThat(map().isUp(0)).isFalse();
        assertThat(map().osd(0).xinfo().deadEpoch()).isEqualTo(epoch);
        assertThat(osd.last(OsdMarkMeDown.class).requestAck()).isFalse();
    }

    @Test
    void anOsdThatNobodyHearsOfGoesDown() {
        mon.bootOsd(0);
        mon.bootOsd(1);
        mon.pass(Duration.ofMinutes(14));
        assertThat(map().numUpOsds()).isEqualTo(2);
        mon.pass(Duration.ofMinutes(2));
        assertThat(map().numUpOsds()).isZero();
    }

    private void report(FakeConnection osd, long bytes, long objects) {
        ObjectStats sum =
                ObjectStats.ZERO.with(ObjectStats.Counter.BYTES, bytes).with(ObjectStats.Counter.OBJECTS, objects);
        PgStats stats = PgStats.EMPTY.toBuilder()
                .reportedSequence(1)
                .reportedEpoch(map().epoch())
                .state(2)
                .created(1)
                .lastEpochClean(1)
                .stats(sum)
                .mapping(new PgStats.Mapping(List.of(0), 0, List.of(0), 0, 1))
                .build();
        TreeMap<PgId, PgStats> groups = new TreeMap<>(Map.of(new PgId(1, 0), stats));
        mon.manager.dispatch(
                osd, new PgStatsReport(0, TestMonitor.FSID, OsdStat.ZERO, groups, map().epoch(), Map.of()));
    }

    @Test
    void aPoolThatReachesItsQuotaIsFullUntilItIsBelow() {
        FakeConnection osd = mon.bootOsd(0);
        mon.command("{\"prefix\":\"osd pool create\",\"pool\":\"p\",\"pg_num\":1}");
        mon.command("{\"prefix\":\"osd pool set-quota\",\"pool\":\"p\",\"field\":\"max_objects\",\"val\":\"10\"}");
        report(osd, 100, 9);
        mon.pass(Duration.ofSeconds(10));
        assertThat(pool().has(PoolFlag.FULL)).isFalse();
        report(osd, 100, 10);
        mon.pass(Duration.ofSeconds(10));
        assertThat(pool().has(PoolFlag.FULL_QUOTA)).isTrue();
        assertThat(pool().has(PoolFlag.FULL)).isTrue();
        assertThat(mon.output("{\"prefix\":\"health\",\"detail\":\"detail\"}"))
                .contains("POOL_FULL: 1 pool(s) full")
                .contains("pool 'p' is full (running out of quota)");
        report(osd, 100, 5);
        mon.pass(Duration.ofSeconds(10));
        assertThat(pool().flags() & (PoolFlag.FULL.mask() | PoolFlag.FULL_QUOTA.mask()))
                .isZero();
    }

    @Test
    void aFullOsdFillsItsPools() {
        FakeConnection osd = mon.bootOsd(0);
        mon.command("{\"prefix\":\"osd pool create\",\"pool\":\"p\",\"pg_num\":1}");
        mon.monitor.dispatch(osd, new OsdFull(map().epoch(), map().epoch(), OsdState.FULL));
        mon.reactor.settle();
        assertThat(map().osd(0).has(OsdState.FULL)).isTrue();
        assertThat(pool().has(PoolFlag.FULL)).isTrue();
        assertThat(mon.output("{\"prefix\":\"health\",\"detail\":\"detail\"}"))
                .startsWith("HEALTH_ERR")
                .contains("osd.0 is full")
                .contains("pool 'p' is full (no space)");
        mon.monitor.dispatch(osd, new OsdFull(map().epoch(), map().epoch(), OsdState.NEARFULL));
        mon.reactor.settle();
        assertThat(pool().has(PoolFlag.FULL)).isFalse();
        assertThat(pool().has(PoolFlag.NEARFULL)).isTrue();
    }

    @Test
    void theBalancerAnswersAsStockDoes() {
        assertThat(mon.output("{\"prefix\":\"balancer status\"}"))
                .contains("\"active\": true")
                .contains("\"mode\": \"upmap\"");
        assertThat(mon.command("{\"prefix\":\"balancer optimize\",\"plan\":\"x\"}")
                        .text())
                .isEqualTo("Balancer enabled, disable to optimize manually");
        mon.command("{\"prefix\":\"balancer off\"}");
        assertThat(mon.output("{\"prefix\":\"balancer status\"}")).contains("\"active\": false");
        assertThat(mon.command("{\"prefix\":\"balancer optimize\",\"plan\":\"x\"}")
                        .text())
                .isEqualTo("No pools available");
        mon.command("{\"prefix\":\"balancer mode\",\"mode\":\"none\"}");
        assertThat(mon.command("{\"prefix\":\"balancer optimize\",\"plan\":\"x\"}")
                        .text())
                .isEqualTo("Please do \"ceph balancer mode\" to choose a valid mode first");
        assertThat(mon.command("{\"prefix\":\"balancer show\",\"plan\":\"x\"}").text())
                .isEqualTo("plan x not found");
        assertThat(mon.output("{\"prefix\":\"balancer eval\"}"))
                .isEqualTo("current cluster score 0.000000 (lower is better)\n");
    }
}
