package io.spirula.osd.pg;

import static org.assertj.core.api.Assertions.assertThat;

import io.spirula.common.maps.OsdMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FullnessTest {
    @ParameterizedTest
    @CsvSource({
        // nearfull, backfillfull, full, failsafe, used, how full that is
        ".85, .90, .95, .97, .85, NONE",
        ".85, .90, .95, .97, .86, NEARFULL",
        ".85, .90, .95, .97, .91, BACKFILLFULL",
        ".85, .90, .95, .97, .96, FULL",
        ".85, .90, .95, .97, .98, FAILSAFE",
        ".85, .90, .98, .97, .975, BACKFILLFULL", // the failsafe moves up with full
        ".85, .90, .98, .97, .985, FAILSAFE",
        ".92, .90, .95, .97, .91, NONE", // backfillfull moves up with nearfull
        ".92, .90, .80, .97, .93, FULL",
        "0,   0,   0,   .97, .50, FULL",
    })
    void aRatioCountsForNoLessThanTheOneBelowIt(
            float nearfull, float backfillfull, float full, double failsafe, double used, Fullness expected) {
        OsdMap map = OsdMap.builder()
                .epoch(3)
                .nearfullRatio(nearfull)
                .backfillfullRatio(backfillfull)
                .fullRatio(full)
                .build();
        assertThat(Fullness.of(map, used, failsafe)).isEqualTo(expected);
    }
}
