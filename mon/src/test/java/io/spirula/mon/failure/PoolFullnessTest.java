package io.spirula.mon.failure;

import static org.assertj.core.api.Assertions.assertThat;

import io.spirula.common.maps.OsdMap;
import io.spirula.common.maps.OsdState;
import io.spirula.common.maps.PgPool;
import io.spirula.common.maps.PoolFlag;
import io.spirula.crush.CrushEditor;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PoolFullnessTest {
    /** Pool 1 may be anywhere, pool 2 in the second rack only. */
    private static OsdMap map(long... flagsOfPools) {
        OsdMap racks = Racks.of(2, 2, 2);
        CrushEditor crush = new CrushEditor(racks.crushMap());
        int second = crush.addSimpleRule("second", "r1", "host", "", "firstn", 1);
        TreeMap<Long, PgPool> pools = new TreeMap<>();
        for (int i = 0; i < 2; i++) {
            PgPool.Builder pool = PgPool.builder().pgNum(8).pgpNum(8).size(2).crushRule(i == 0 ? 0 : second);
            for (PoolFlag flag : PoolFlag.values()) {
                if (i < flagsOfPools.length && flag.in(flagsOfPools[i])) {
                    pool.flag(flag, true);
                }
            }
            pools.put(i + 1L, pool.build());
        }
        return racks.toBuilder().crush(crush.build()).pools(pools).build();
    }

    /** Those of the first pool. */
    private static long flags(Map<Long, PgPool> pools) {
        return Objects.requireNonNull(pools.get(1L)).flags();
    }

    private static OsdMap state(OsdMap map, int osd, int bits) {
        return Racks.with(map, osd, o -> o.withState(o.state() | bits));
    }

    @ParameterizedTest
    @CsvSource({
        "16, FULL",
        "64, BACKFILLFULL",
        "32, NEARFULL",
    })
    void aPoolIsAsFullAsTheFullestOsdThatItMayUse(int bits, PoolFlag flag) {
        assertThat(PoolFullness.corrections(map())).isEmpty();
        Map<Long, PgPool> first = PoolFullness.corrections(state(map(), 0, bits));
        assertThat(first).containsOnlyKeys(1L);
        assertThat(flags(first)).isEqualTo(flag.mask());
        assertThat(PoolFullness.corrections(state(map(), 7, bits))).containsOnlyKeys(1L, 2L);
        assertThat(PoolFullness.corrections(state(map(flag.mask(), flag.mask()), 7, bits)))
                .isEmpty();
    }

    @Test
    void theWorstCounts() {
        OsdMap two = state(state(map(), 0, OsdState.NEARFULL), 1, OsdState.FULL);
        assertThat(flags(PoolFullness.corrections(two))).isEqualTo(PoolFlag.FULL.mask());
        OsdMap before = state(map(PoolFlag.NEARFULL.mask()), 1, OsdState.BACKFILLFULL);
        assertThat(flags(PoolFullness.corrections(before))).isEqualTo(PoolFlag.BACKFILLFULL.mask());
    }

    @Test
    void whatIsDownOrOutDoesNotCount() {
        assertThat(PoolFullness.corrections(Racks.down(state(map(), 0, OsdState.FULL), 0)))
                .isEmpty();
        assertThat(PoolFullness.corrections(Racks.with(state(map(), 0, OsdState.FULL), 0, o -> o.withWeight(0))))
                .isEmpty();
    }

    @Test
    void flagsGoWithTheirReasonButForAQuota() {
        long quota = PoolFlag.FULL.mask() | PoolFlag.FULL_QUOTA.mask();
        Map<Long, PgPool> corrections = PoolFullness.corrections(map(PoolFlag.FULL.mask(), quota));
        assertThat(corrections).containsOnlyKeys(1L);
        assertThat(flags(corrections)).isZero();
    }
}
