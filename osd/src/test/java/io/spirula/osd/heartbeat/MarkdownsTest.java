package io.spirula.osd.heartbeat;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class MarkdownsTest {
    @Test
    void onceMoreThanAllowedWithinThePeriodIsTooOften() {
        Markdowns markdowns = new Markdowns(() -> new Markdowns.Limit(5, Duration.ofMinutes(10)));
        for (int i = 0; i < 5; i++) {
            assertThat(markdowns.again(i)).isFalse();
        }
        assertThat(markdowns.again(Duration.ofMinutes(10).toNanos())).isTrue();
    }

    @Test
    void whatIsLongPastDoesNotCount() {
        Markdowns markdowns = new Markdowns(() -> new Markdowns.Limit(2, Duration.ofSeconds(10)));
        for (int i = 0; i < 100; i++) {
            assertThat(markdowns.again(Duration.ofSeconds(6L * i).toNanos())).isFalse();
        }
        assertThat(markdowns.count()).isEqualTo(2);
    }
}
