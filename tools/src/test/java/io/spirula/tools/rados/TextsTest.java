package io.spirula.tools.rados;

import static org.assertj.core.api.Assertions.assertThat;

import io.spirula.common.encoding.Bytes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The formats against what stock's rados prints. */
class TextsTest {
    @ParameterizedTest
    @CsvSource({
        "29.746599, 29.7466",
        "29.75, 29.75",
        "0.02188844, 0.0218884",
        "0.00008709, 8.709e-05",
        "0, 0",
        "476, 476",
        "1234567, 1.23457e+06",
        "0.0001, 0.0001",
        "999999.5, 1e+06",
    })
    void numbersHaveSixSignificantDigits(double value, String text) {
        assertThat(Texts.general(value)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0 B",
        "1023, 1023 B",
        "12288, 12 KiB",
        "1536, 1.5 KiB",
        "913305600, 871 MiB",
        "63498743808, 59 GiB",
        "64424509440, 60 GiB",
    })
    void sizesFitSevenCharacters(long value, String text) {
        assertThat(Texts.bytes(value)).isEqualTo(text);
    }

    @Test
    void bytesAreDumpedAsHexdumpDoes() {
        assertThat(Texts.hexdump(Bytes.of("v2"))).isEqualTo("""
            00000000  76 32                                             |v2|
            00000002
            """);
        assertThat(Texts.hexdump(Bytes.zeros(50))).isEqualTo("""
            00000000  00 00 00 00 00 00 00 00  00 00 00 00 00 00 00 00  |................|
            *
            00000030  00 00                                             |..|
            00000032
            """);
        assertThat(Texts.hexdump(Bytes.EMPTY)).isEmpty();
    }

    @Test
    void errorsAreWrittenAsStrerrorDoes() {
        assertThat(Texts.error(2)).isEqualTo("(2) No such file or directory");
        assertThat(Texts.error(4711)).isEqualTo("(4711) Unknown error 4711");
    }

    @Test
    void textsInJsonAreEscaped() {
        assertThat(Texts.json("a\"b\\c\n\1")).isEqualTo("\"a\\\"b\\\\c\\n\\u0001\"");
    }
}
