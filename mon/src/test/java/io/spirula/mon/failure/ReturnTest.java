package io.spirula.mon.failure;

import static org.assertj.core.api.Assertions.assertThat;

import io.spirula.common.maps.Osd;
import io.spirula.common.maps.OsdMap;
import io.spirula.common.maps.OsdMapFlag;
import io.spirula.common.maps.OsdState;
import io.spirula.common.maps.OsdXInfo;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReturnTest {
    private static OsdMap outWith(int state, int oldWeight) {
        return Racks.with(
                Racks.of(1, 1, 2),
                0,
                o -> o.withState(OsdState.EXISTS | state)
                        .withWeight(Osd.OUT)
                        .withXInfo(OsdXInfo.NONE.withOldWeight(oldWeight)));
    }

    @ParameterizedTest
    @CsvSource({
        // state, old weight, option, weight it gets
        "new,     0,     '',                                        65536",
        "new,     0,     'mon osd auto mark new in = false',        0",
        "autoout, 0,     '',                                        65536",
        "autoout, 32768, '',                                        32768",
        "autoout, 32768, 'mon osd auto mark auto out in = false',   0",
        "out,     32768, '',                                        0", // an operator's decision stands
        "out,     32768, 'mon osd auto mark in = true',             32768",
    })
    void anOsdComesInWithTheWeightThatItHad(String state, int oldWeight, String option, int weight) {
        int bits = state.equals("new") ? OsdState.NEW : state.equals("autoout") ? OsdState.AUTOOUT : 0;
        Return how = Return.of(outWith(bits, oldWeight), 0, 0, Racks.NOW, Racks.settings(option));
        assertThat(how.weight()).isEqualTo(weight);
        assertThat(how.xinfo().oldWeight()).isEqualTo(weight == 0 ? oldWeight : 0);
    }

    @Test
    void noinKeepsItOut() {
        OsdMap map = outWith(OsdState.AUTOOUT, 0).toBuilder()
                .flags(OsdMapFlag.NOIN.mask())
                .build();
        assertThat(Return.of(map, 0, 0, Racks.NOW, Racks.settings()).weight()).isEqualTo(Osd.OUT);
    }

    @Test
    void aProcessThatWasUpBeforeWasLaggyAndANewOneWasNot() {
        OsdXInfo downTenSeconds = OsdXInfo.NONE.withDownStamp(Racks.NOW.minusSeconds(10));
        OsdMap map = Racks.with(Racks.of(1, 1, 2), 0, o -> o.withXInfo(downTenSeconds));
        OsdXInfo once = Return.of(map, 0, 7, Racks.NOW, Racks.settings()).xinfo();
        assertThat(once.laggyProbability()).isCloseTo(0.3f, Offset.offset(1e-6f));
        assertThat(once.laggyInterval()).isEqualTo(3);
        OsdMap again = Racks.with(map, 0, o -> o.withXInfo(once.withDownStamp(Racks.NOW.minusSeconds(10_000))));
        OsdXInfo twice = Return.of(again, 0, 7, Racks.NOW, Racks.settings()).xinfo();
        assertThat(twice.laggyProbability()).isCloseTo(0.51f, Offset.offset(1e-6f));
        assertThat(twice.laggyInterval()).isEqualTo(92); // 300 at most times 0.3, and 3 times 0.7
        OsdMap restarted = Racks.with(map, 0, o -> o.withXInfo(twice));
        OsdXInfo after = Return.of(restarted, 0, 0, Racks.NOW, Racks.settings()).xinfo();
        assertThat(after.laggyProbability()).isCloseTo(0.357f, Offset.offset(1e-6f));
        assertThat(after.laggyInterval()).isEqualTo(64);
    }
}
