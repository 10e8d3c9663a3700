package io.spirula.osd.peering;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CopyCountsTest {
    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "everything is where it belongs, 3, 0 0 0, '', 0, 0",
        "one OSD is down, 3, 0 0, '', 100, 0",
        "one is out and stands in for nobody else, 3, 0 0, 0, 0, 100",
        "one is back and misses some, 3, 0 0 7, '', 7, 0",
        "an empty newcomer has no stand-in, 3, 0 0 100, '', 100, 0",
        "an empty newcomer has a stand-in, 3, 0 0 100, 0, 0, 100",
        "half of it is copied, 3, 0 0 50, 0, 0, 50",
        "the stand-in misses some too, 3, 0 0 50, 10, 10, 40",
        "the newcomer is further than its stand-in, 3, 0 0 5, 10, 5, 0",
        "two newcomers with one stand-in, 3, 0 100 100, 0, 100, 100",
        "one acts too many, 3, 0 0 0, 0, 0, 0",
        "one acts beside what is complete, 2, 0 0, 0 0 0, 0, 100"
    })
    void countsOfAHundredObjects(String what, int wanted, String up, String elsewhere, long degraded, long misplaced) {
        assertThat(CopyCounts.of(100, wanted, numbers(up), numbers(elsewhere)))
                .isEqualTo(new CopyCounts(degraded, misplaced));
    }

    private static List<Long> numbers(String text) {
        return Stream.of(text.split(" "))
                .filter(s -> !s.isEmpty())
                .map(Long::valueOf)
                .toList();
    }
}
