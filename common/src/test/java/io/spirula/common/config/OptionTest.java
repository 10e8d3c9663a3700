package io.spirula.common.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class OptionTest {
    record Sample(String option, String value, int errno, String outcome) {}

    static List<Sample> samples() throws IOException {
        ObjectMapper json = new ObjectMapper();
        try (InputStream in = Objects.requireNonNull(OptionTest.class.getResourceAsStream("/options/values.tsv"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> line.split("\t"))
                    .map(f -> {
                        try {
                            return new Sample(
                                    f[0],
                                    json.readValue(f[1], String.class),
                                    Integer.parseInt(f[2]),
                                    json.readValue(f[3], String.class));
                        } catch (IOException e) {
                            throw new AssertionError(e);
                        }
                    })
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("samples")
    void aValueIsKeptOrRefusedAsStockDoes(Sample sample) {
        Option option = Objects.requireNonNull(OptionTable.find(sample.option));
        try {
            assertThat(option.normalized(sample.value)).isEqualTo(sample.outcome);
            assertThat(sample.errno).isZero();
        } catch (InvalidValue e) {
            assertThat("error parsing value: " + e.text()).isEqualTo(sample.outcome);
            assertThat(e.errno()).isEqualTo(sample.errno);
        }
    }

    @Test
    void everyDefaultIsAValueOfItsOption() {
        for (Option option : OptionTable.all()) {
            String value = option.defaultFor(true);
            if (!option.defaultValue().isEmpty() && option.permitted().isEmpty()) {
                assertThat(option.normalized(value)).as(option.name()).isEqualTo(value);
            }
        }
    }

    @Test
    void everyOptionThatIsPointedToIsThere() {
        for (Option option : OptionTable.all()) {
            assertThat(option.name()).doesNotContain("-");
            assertThat(option.level()).isIn("basic", "advanced", "dev");
        }
        assertThat(OptionTable.all()).hasSizeGreaterThan(1_900);
    }
}
