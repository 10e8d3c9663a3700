package io.spirula.common.format;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NumbersTest {
    @ParameterizedTest
    @CsvSource({
        "0, 0, 0",
        "1, 1, 1",
        "0.1, 0.1, 0.10000000000000001",
        "0.5999908447265625, 0.599991, 0.5999908447265625",
        "1234567, 1.23457e+06, 1234567",
        "0.0001, 0.0001, 0.0001",
        "0.00001, 1e-05, 1.0000000000000001e-05",
        "-2.5, -2.5, -2.5",
        "1e100, 1e+100, 1e+100",
        "999999.5, 1e+06, 999999.5"
    })
    void floatingPointPrintsAsInCStreams(double value, String plain, String exact) {
        assertThat(Numbers.plain(value)).isEqualTo(plain);
        assertThat(Numbers.exact(value)).isEqualTo(exact);
    }

    @Test
    void whatIsNoNumberHasAName() {
        assertThat(Numbers.plain(Double.NaN)).isEqualTo("nan");
        assertThat(Numbers.plain(Double.POSITIVE_INFINITY)).isEqualTo("inf");
        assertThat(Numbers.plain(Double.NEGATIVE_INFINITY)).isEqualTo("-inf");
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0 B",
        "1023, 1023 B",
        "1024, 1 KiB",
        "12288, 12 KiB",
        "12345, 12 KiB",
        "1536, 1.5 KiB",
        "1300000000, 1.2 GiB",
        "107374182400, 100 GiB",
        "-1, 16 EiB"
    })
    void sizesHaveBinaryUnits(long bytes, String text) {
        assertThat(Numbers.bytes(bytes)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({"999, 999", "1000, 1k", "1230, 1.23k", "12345, 12.35k", "123456, 123.46k", "1234567, 1.23M"})
    void countsHaveDecimalUnits(long count, String text) {
        assertThat(Numbers.count(count)).isEqualTo(text);
    }
}
