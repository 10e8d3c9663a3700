package io.spirula.osd.scrub;

import static org.assertj.core.api.Assertions.assertThat;

import io.spirula.common.config.CephConf;
import io.spirula.common.config.Config;
import io.spirula.common.maps.PgPool;
import io.spirula.common.maps.PoolOptions;
import io.spirula.common.pg.ScrubHistory;
import io.spirula.common.types.EVersion;
import io.spirula.common.types.EntityName;
import io.spirula.common.types.EntityType;
import io.spirula.common.types.PgId;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScrubTimesTest {
    private static final Instant MONDAY = Instant.parse("2024-01-01T00:00:00Z");
    private static final PgPool POOL =
            PgPool.builder().pgNum(8).pgpNum(8).size(3).build();

    private static ScrubTimes times(String... lines) {
        CephConf conf = CephConf.parse("[global]\n" + String.join("\n", lines) + "\n", "test");
        return ScrubTimes.of(Config.of(new EntityName(EntityType.OSD, "0"), conf));
    }

    private static ScrubHistory scrubbed(Instant at, Instant deep) {
        return new ScrubHistory(EVersion.ZERO, at, EVersion.ZERO, deep, at);
    }

    @ParameterizedTest
    @CsvSource({
        "0,  0,  3, true",
        "2,  5,  3, true",
        "2,  5,  5, false",
        "22, 5,  23, true",
        "22, 5,  4, true",
        "22, 5,  12, false",
    })
    void hoursMayGoBeyondMidnight(int begin, int end, int hour, boolean permitted) {
        ScrubTimes times = times("osd_scrub_begin_hour = " + begin, "osd_scrub_end_hour = " + end);
        assertThat(times.permits(MONDAY.plus(Duration.ofHours(hour)), ZoneOffset.UTC))
                .isEqualTo(permitted);
    }

    @Test
    void aScrubThatGoesOnAfterItsHoursRestsForLonger() {
        CephConf conf = CephConf.parse("""
                [global]
                osd scrub begin hour = 1
                osd scrub end hour = 2
                osd scrub sleep = 0.5
                osd scrub extended sleep = 3
                """, "test");
        ScrubSettings settings = ScrubSettings.of(Config.of(new EntityName(EntityType.OSD, "0"), conf));
        Instant within = MONDAY.plus(Duration.ofMinutes(90));
        Instant after = MONDAY.plus(Duration.ofMinutes(150));
        ScrubPlan scheduled = ScrubPlan.scheduled(true, false);
        assertThat(settings.pause(scheduled, within, ZoneOffset.UTC)).isEqualTo(Duration.ofMillis(500));
        assertThat(settings.pause(scheduled, after, ZoneOffset.UTC)).isEqualTo(Duration.ofSeconds(3));
        assertThat(settings.pause(ScrubPlan.requested(true, false), after, ZoneOffset.UTC))
                .isEqualTo(Duration.ofMillis(500));
    }

    @Test
    void sundayIsTheFirstDay() {
        ScrubTimes times = times("osd_scrub_begin_week_day = 0", "osd_scrub_end_week_day = 1");
        assertThat(times.permits(MONDAY, ZoneOffset.UTC)).isFalse();
        assertThat(times.permits(MONDAY.minus(Duration.ofHours(1)), ZoneOffset.UTC))
                .isTrue();
    }

    @Test
    void groupsAreDueAfterTheLeastIntervalSpreadOverHalfOfIt() {
        ScrubTimes times = times();
        Instant first = Instant.MAX;
        Instant last = Instant.MIN;
        for (int seed = 0; seed < 200; seed++) {
            ScrubTimes.Due due = times.due(new PgId(1, seed), POOL, scrubbed(MONDAY, MONDAY));
            assertThat(due.deadline()).isEqualTo(MONDAY.plus(Duration.ofDays(7)));
            first = due.at().isBefore(first) ? due.at() : first;
            last = due.at().isAfter(last) ? due.at() : last;
        }
        assertThat(first).isBetween(MONDAY.plus(Duration.ofHours(24)), MONDAY.plus(Duration.ofHours(25)));
        assertThat(last).isBetween(MONDAY.plus(Duration.ofHours(35)), MONDAY.plus(Duration.ofHours(36)));
    }

    @Test
    void aPoolMayHaveIntervalsOfItsOwn() {
        PgPool own = POOL.toBuilder()
                .options(PoolOptions.NONE
                        .with("scrub_min_interval", 60.0)
                        .with("scrub_max_interval", 600.0)
                        .with("deep_scrub_interval", 100.0))
                .build();
        PgId pg = new PgId(1, 0);
        ScrubTimes times = times("osd_deep_scrub_randomize_ratio = 0");
        ScrubHistory history = scrubbed(MONDAY, MONDAY);
        assertThat(times.due(pg, own, history).at()).isBetween(MONDAY.plusSeconds(60), MONDAY.plusSeconds(90));
        assertThat(times.due(pg, own, history).deadline()).isEqualTo(MONDAY.plusSeconds(600));
        assertThat(times.isTimeForDeep(pg, own, history, MONDAY.plusSeconds(99)))
                .isFalse();
        assertThat(times.isTimeForDeep(pg, own, history, MONDAY.plusSeconds(100)))
                .isTrue();
    }

    @Test
    void someScrubsAreDeepOnesBeforeTheirTime() {
        ScrubTimes times = times();
        long deep = 0;
        for (int seed = 0; seed < 1000; seed++) {
            deep += times.isTimeForDeep(new PgId(1, seed), POOL, scrubbed(MONDAY, MONDAY), MONDAY) ? 1 : 0;
        }
        assertThat(deep).isBetween(100L, 200L);
    }
}
