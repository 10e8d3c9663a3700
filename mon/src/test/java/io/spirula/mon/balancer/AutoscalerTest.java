package io.spirula.mon.balancer;

import static org.assertj.core.api.Assertions.assertThat;

import io.spirula.common.maps.OsdMap;
import io.spirula.common.maps.PgPool;
import io.spirula.common.maps.PoolFlag;
import io.spirula.common.maps.PoolOptions;
import io.spirula.common.message.PgStatsReport;
import io.spirula.common.pg.OsdStat;
import io.spirula.common.pg.StoreStatfs;
import io.spirula.mon.failure.Racks;
import io.spirula.mon.mgr.PgMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AutoscalerTest {
    private static final long TIB = 1L << 40;

    private final TreeMap<Long, PgPool> pools = new TreeMap<>();
    private final TreeMap<Long, Long> stored = new TreeMap<>();

    private void pool(long id, int groups, long bytes, String option, double value, boolean bulk) {
        PoolOptions options = PoolOptions.NONE;
        if (!option.isEmpty()) {
            options = options.with(
                    option,
                    option.endsWith("ratio") || option.endsWith("bias") ? (Object) value : (Object) (long) value);
        }
        PgPool pool = PgPool.builder()
                .pgNum(groups)
                .pgNumTarget(groups)
                .size(3)
                .type(PgPool.REPLICATED)
                .options(options)
                .autoscaleMode(2)
                .flag(PoolFlag.BULK, bulk)
                .build();
        pools.put(id, pool);
        stored.put(id, bytes);
    }

    /** Twelve OSDs of one tebibyte: 1,200 copies of groups are to be spread. */
    private List<Autoscaler.Advice> advise() {
        OsdMap map = Racks.of(2, 3, 2).toBuilder().pools(pools).build();
        PgMap pgMap = new PgMap();
        StoreStatfs space = new StoreStatfs(TIB, TIB, 0, 0, 0, 0, 0, 0, 0, 0);
        OsdStat z = OsdStat.ZERO;
        OsdStat stat =
                new OsdStat(space, 0, 0, List.of(), List.of(), 0, 0, 0, 0, 0, Map.of(), 0, 0, 0, 0, z.pingTimes());
        for (int osd = 0; osd < 12; osd++) {
            pgMap.apply(osd, new PgStatsReport(0, map.fsid(), stat, new TreeMap<>(), 5, Map.of()), map);
        }
        return Autoscaler.advise(map, pgMap, id -> stored.getOrDefault(id, 0L), 100);
    }

    @ParameterizedTest
    @CsvSource({
        // groups now, TiB stored, option and its value, meant to be large, number it should have, whether it is changed
        "32,  0,   '',                0,     false, 32,  false",
        "8,   0,   '',                0,     false, 32,  true",
        "32,  2,   '',                0,     false, 256, true", // half of all space is half of 400 groups
        "128, 2,   '',                0,     false, 256, false", // not off by a factor of three
        "32,  0,   target_size_ratio, 1,     false, 512, true",
        "32,  0,   '',                0,     true,  512, true",
        "512, 0,   '',                0,     false, 32,  true",
        "32,  0,   pg_num_min,        64,    false, 64,  false",
        "32,  4,   pg_num_max,        128,   false, 128, true",
        "32,  0.25, pg_autoscale_bias, 4,    false, 128, true",
    })
    void aPoolGetsGroupsByItsShareOfTheSpace(
            int groups, double tib, String option, double value, boolean bulk, int expected, boolean changes) {
        pool(1, groups, (long) (tib * TIB), option, value, bulk);
        Autoscaler.Advice advice = advise().getFirst();
        assertThat(advice.finalPgNum()).isEqualTo(expected);
        assertThat(advice.wouldAdjust()).isEqualTo(changes);
        assertThat(advice.capacity()).isEqualTo(12 * TIB);
        assertThat(advice.rate()).isEqualTo(3.0);
    }

    @Test
    void largePoolsShareWhatTheOthersLeave() {
        pool(1, 32, TIB, "", 0, false);
        pool(2, 32, 0, "", 0, true);
        pool(3, 32, 0, "", 0, true);
        assertThat(advise()).extracting(Autoscaler.Advice::finalPgNum).containsExactly(128, 128, 128);
        assertThat(advise()).extracting(Autoscaler.Advice::ideal).containsExactly(100, 150, 150);
    }

    @Test
    void aTargetInBytesCountsAsIfItWereStored() {
        pool(1, 32, 0, "target_size_bytes", 2.0 * TIB, false);
        Autoscaler.Advice advice = advise().getFirst();
        assertThat(advice.ratio()).isEqualTo(0.5);
        assertThat(advice.actualRatio()).isZero();
        assertThat(advice.finalPgNum()).isEqualTo(256);
    }
}
