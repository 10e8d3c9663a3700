package io.spirula.mon.balancer;

import static org.assertj.core.api.Assertions.assertThat;

import org.assertj.core.data.Offset;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BalanceScoreTest {
    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "0.1, 0.1124629160182849",
        "0.5, 0.5204998778130465",
        "1, 0.8427007929497149",
        "2, 0.9953222650189527",
        "5, 0.9999999999984626",
        "7, 1",
    })
    void theErrorFunctionIsThatOfTheTables(double x, double expected) {
        assertThat(BalanceScore.erf(x)).isCloseTo(expected, Offset.offset(1e-14));
    }
}
