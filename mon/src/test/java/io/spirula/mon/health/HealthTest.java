package io.spirula.mon.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.spirula.common.config.CephConf;
import io.spirula.common.config.Config;
import io.spirula.common.maps.HealthCheck;
import io.spirula.common.maps.OsdMap;
import io.spirula.common.maps.PgPool;
import io.spirula.common.message.DaemonHealthMetric;
import io.spirula.common.message.PgStatsReport;
import io.spirula.common.pg.OsdStat;
import io.spirula.common.pg.PgState;
import io.spirula.common.pg.PgStats;
import io.spirula.common.types.EntityName;
import io.spirula.common.types.EntityType;
import io.spirula.common.types.PgId;
import io.spirula.mon.failure.Racks;
import io.spirula.mon.mgr.DaemonHealth;
import io.spirula.mon.mgr.PgMap;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HealthTest {
    private static final OsdMap MAP = Racks.of(2, 2, 2).toBuilder()
            .pools(new TreeMap<>(
                    Map.of(1L, PgPool.builder().pgNum(4).pgpNum(4).size(3).build())))
            .poolNames(new TreeMap<>(Map.of(1L, "p")))
            .build();

    private final PgMap pgMap = new PgMap();

    HealthTest() {
        pgMap.follow(MAP, Racks.NOW);
    }

    private HealthInput input(long secondsLater, String... lines) {
        CephConf conf = CephConf.parse("[global]\n" + String.join("\n", lines) + "\n", "test");
        Config config = Config.of(new EntityName(EntityType.MGR, "x"), conf);
        return new HealthInput(MAP, pgMap, config, Racks.NOW.plusSeconds(secondsLater));
    }

    private static Map<String, HealthCheck> collect(Consumer<Consumer<HealthCheck>> checks) {
        TreeMap<String, HealthCheck> found = new TreeMap<>();
        checks.accept(check -> found.put(check.code(), check));
        return found;
    }

    private void report(int seed, long state, Instant since) {
        PgStats.Stamps stamps =
                new PgStats.Stamps(since, since, since, since, since, since, since, since, since, since);
        PgStats.Mapping mapping = new PgStats.Mapping(List.of(0, 2, 4), 0, List.of(0, 2, 4), 0, 1);
        PgStats stats = PgStats.EMPTY.toBuilder()
                .reportedSequence(1)
                .reportedEpoch(5)
                .state(state)
                .created(1)
                .lastEpochClean(5)
                .mapping(mapping)
                .stamps(stamps)
                .build();
        pgMap.apply(
                0,
                new PgStatsReport(
                        0, MAP.fsid(), OsdStat.ZERO, new TreeMap<>(Map.of(new PgId(1, seed), stats)), 5, Map.of()),
                MAP);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // bits, seconds since it is otherwise, what is said
                "2           | 1000 | ",
                "6           | 1000 | ",
                "4096        | 30   | ",
                "4096        | 61   | PG_AVAILABILITY: Reduced data availability: 1 pg inactive, 1 pg peering",
                "16          | 1    | PG_AVAILABILITY: Reduced data availability: 1 pg down",
                "131074      | 61   | PG_AVAILABILITY: Reduced data availability: 1 pg stale",
                "1026        | 1    | PG_DEGRADED: Degraded data redundancy: 1 pg degraded",
                "8389634     | 61   | PG_DEGRADED: Degraded data redundancy: 1 pg degraded, 1 pg undersized",
                "8389634     | 59   | PG_DEGRADED: Degraded data redundancy: 1 pg degraded",
                "2050        | 1    | PG_DAMAGED: Possible data damage: 1 pg inconsistent",
                "2097154     | 1    | PG_BACKFILL_FULL: Low space hindering backfill (add storage if this doesn't"
                        + " resolve itself): 1 pg backfill_toofull",
            })
    void whatAGroupsStateMeansIsToldOnceItLasts(long bits, int seconds, String said) {
        for (int seed = 0; seed < 4; seed++) {
            report(seed, seed == 0 ? bits : PgState.ACTIVE | PgState.CLEAN, Racks.NOW);
        }
        Map<String, HealthCheck> checks = collect(c -> PgHealth.check(input(seconds), c));
        assertThat(checks.values().stream().map(c -> c.code() + ": " + c.summary()))
                .isEqualTo(said == null ? List.of() : List.of(said));
    }

    @Test
    void groupsThatNobodyHasReportedAreMissedOnlyAfterAWhile() {
        assertThat(collect(c -> PgHealth.check(input(59), c))).isEmpty();
        HealthCheck check = collect(c -> PgHealth.check(input(61), c)).get("PG_AVAILABILITY");
        assertThat(check).isNotNull();
        assertThat(check.summary()).isEqualTo("Reduced data availability: 4 pgs inactive");
        assertThat(check.detail().getFirst())
                .isEqualTo("pg 1.0 is stuck inactive for 61s, current state unknown, last acting []");
    }

    @Test
    void aGroupWhosePrimaryIsDownIsStale() {
        report(0, PgState.ACTIVE | PgState.CLEAN, Racks.NOW);
        pgMap.follow(Racks.down(MAP, 2), Racks.NOW);
        assertThat(pgMap.states()).containsEntry("active+clean", 1);
        pgMap.follow(Racks.down(MAP, 0, 2), Racks.NOW);
        assertThat(pgMap.states()).containsEntry("stale+active+clean", 1);
    }

    @Test
    void slowHeartbeatsAreToldByNetworkTheSlowestFirst() {
        OsdStat.Network quick = new OsdStat.Network(List.of(900_000, 0, 0), List.of(0, 0, 0), List.of(0, 0, 0), 0);
        OsdStat.Network slow =
                new OsdStat.Network(List.of(1_500_000, 2_000_500, 2_500_000), List.of(0, 0, 0), List.of(0, 0, 0), 0);
        int now = (int) Racks.NOW.getEpochSecond();
        Map<Integer, OsdStat.PingTimes> times =
                Map.of(2, new OsdStat.PingTimes(now, slow, quick), 4, new OsdStat.PingTimes(now - 1300, slow, slow));
        OsdStat z = OsdStat.ZERO;
        OsdStat stat = new OsdStat(z.statfs(), 0, 0, List.of(), List.of(), 0, 0, 0, 0, 0, Map.of(), 0, 0, 0, 0, times);
        pgMap.apply(0, new PgStatsReport(0, MAP.fsid(), stat, new TreeMap<>(), 5, Map.of()), MAP);
        Map<String, HealthCheck> checks = collect(c -> PingHealth.check(input(0), c));
        assertThat(checks).containsOnlyKeys("OSD_SLOW_PING_TIME_BACK");
        HealthCheck back = checks.get("OSD_SLOW_PING_TIME_BACK");
        assertThat(back).isNotNull();
        assertThat(back.summary()).isEqualTo("Slow OSD heartbeats on back (longest 2500.000ms)");
        assertThat(back.detail())
                .containsExactly(
                        "Slow OSD heartbeats on back from osd.0 [r0] to osd.2 [r0] 2500.000 msec possibly improving");
        assertThat(collect(c -> PingHealth.check(input(0, "mon warn on slow ping time = 3000"), c)))
                .isEmpty();
        assertThat(collect(c -> PingHealth.check(input(0, "mon warn on slow ping time = 800"), c)))
                .containsOnlyKeys("OSD_SLOW_PING_TIME_BACK", "OSD_SLOW_PING_TIME_FRONT");
    }

    @Test
    void slowRequestsAreAddedUpOverTheDaemons() {
        DaemonHealth daemons = new DaemonHealth();
        daemons.apply("osd.2", List.of(new DaemonHealthMetric(DaemonHealthMetric.SLOW_OPS, 3 | 40L << 32)));
        assertThat(collect(daemons::check).get("SLOW_OPS"))
                .extracting(HealthCheck::summary)
                .isEqualTo("3 slow ops, oldest one blocked for 40 sec, osd.2 has slow ops");
        daemons.apply("osd.10", List.of(new DaemonHealthMetric(DaemonHealthMetric.SLOW_OPS, 1 | 31L << 32)));
        assertThat(collect(daemons::check).get("SLOW_OPS"))
                .extracting(HealthCheck::summary)
                .isEqualTo("4 slow ops, oldest one blocked for 40 sec, daemons [osd.2,osd.10] have slow ops.");
        daemons.apply("osd.2", List.of(new DaemonHealthMetric(DaemonHealthMetric.SLOW_OPS, 0)));
        daemons.forget("osd.10");
        assertThat(collect(daemons::check)).isEmpty();
    }

    @Test
    void poolsThatNearTheirQuotasAreToldByThresholds() {
        assertThat(collect(c -> PoolHealth.check(input(0), c))).isEmpty();
        assertThat(collect(c -> PoolHealth.check(input(0, "osd pool default size = 9"), c)))
                .containsOnlyKeys("TOO_FEW_OSDS");
    }
}
