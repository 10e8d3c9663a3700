package io.spirula.common.pg;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class LastReportTest {
    private static final long CLEAN = PgState.ACTIVE | PgState.CLEAN;
    private static final LastReport NEVER = LastReport.of(PgStats.EMPTY);

    private static Instant at(int second) {
        return Instant.ofEpochSecond(1000 + second);
    }

    @Test
    void itIsReadAsItWasWritten() {
        LastReport report = NEVER.next(3, PgState.PEERING, at(1)).next(4, CLEAN, at(2));
        assertThat(LastReport.CODEC.fromBytes(LastReport.CODEC.toBytes(report))).isEqualTo(report);
        assertThat(LastReport.of(report.into(PgStats.EMPTY))).isEqualTo(report);
    }

    @Test
    void aConditionsStampStaysWhereTheConditionEnded() {
        LastReport report = NEVER.next(3, CLEAN, at(1))
                .next(3, CLEAN, at(2))
                .next(4, PgState.PEERING, at(5))
                .next(5, PgState.ACTIVE | PgState.UNDERSIZED | PgState.DEGRADED, at(7));
        assertThat(report.sequence()).isEqualTo(4);
        assertThat(report.epoch()).isEqualTo(5);
        PgStats.Stamps stamps = report.stamps();
        assertThat(stamps.clean()).isEqualTo(at(2));
        assertThat(stamps.undegraded()).isEqualTo(at(5));
        assertThat(stamps.fullsized()).isEqualTo(at(5));
        assertThat(stamps.peered()).isEqualTo(at(7));
        assertThat(stamps.becameActive()).isEqualTo(at(7));
        assertThat(stamps.change()).isEqualTo(at(7));
        assertThat(stamps.fresh()).isEqualTo(at(7));
    }

    @Test
    void aGroupIsActiveUntilItIsSeenNotToBe() {
        LastReport report = NEVER.next(3, CLEAN, at(1)).next(4, PgState.PEERING, at(5));
        assertThat(report.stamps().active()).isEqualTo(at(5));
        assertThat(report.next(4, PgState.PEERING, at(6)).stamps().active()).isEqualTo(at(5));
    }

    @Test
    void theNewerOfTwoHasTheLaterEpochOrTheMoreBeforeIt() {
        LastReport first = NEVER.next(3, CLEAN, at(1));
        LastReport second = first.next(3, CLEAN, at(2));
        LastReport third = NEVER.next(4, CLEAN, at(3));
        assertThat(second.isNewerThan(first)).isTrue();
        assertThat(first.isNewerThan(second)).isFalse();
        assertThat(third.isNewerThan(second)).isTrue();
        assertThat(second.isNewerThan(second)).isFalse();
    }
}
