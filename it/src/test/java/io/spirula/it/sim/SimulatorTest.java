package io.spirula.it.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole clusters with power failures: what was acknowledged stays, and everybody agrees in the end. A few seeds here; many with {@link Simulate}. */
class SimulatorTest {
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 1008, 1028, 1192, 1210})
    void whatWasAcknowledgedOutlivesPowerFailures(long seed) {
        Workload.Settings settings = Workload.Settings.DEFAULT;
        try {
            Workload.Summary summary = Workload.run(seed, settings);
            assertThat(summary.crashes()).isEqualTo(settings.crashes());
            assertThat(summary.operations()).isPositive();
        } catch (SimulationFailure e) {
            throw new AssertionError(
                    "seed " + seed + ": " + e.getMessage() + "\n" + Simulate.replay(seed, settings), e);
        }
    }

    /** For replays and for long runs: {@code -Dsimulate="--seed 1 --runs 1000"}. */
    @Test
    @EnabledIfSystemProperty(named = "simulate", matches = ".+")
    void theRunsAskedFor() {
        assertThat(Simulate.run(List.of(System.getProperty("simulate", "").split(" "))))
                .isZero();
    }

    @Test
    void aSeedIsOneRunEventByEvent() {
        Workload.Summary first = Workload.run(7, new Workload.Settings(3, 2, 3, 2));
        Workload.Summary again = Workload.run(7, new Workload.Settings(3, 2, 3, 2));
        Workload.Summary other = Workload.run(8, new Workload.Settings(3, 2, 3, 2));
        assertThat(again).isEqualTo(first);
        assertThat(other.traceHash()).isNotEqualTo(first.traceHash());
    }
}
