package io.spirula.it.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Quorums of monitors under faults of all kinds. A fixed set of seeds and a few new ones here; thousands with {@link SimulateMonitors}. */
class MonitorSimulationTest {
    private static final int FIXED_SEEDS = 24;
    private static final int NEW_SEEDS = 4;

    static List<Long> seeds() {
        List<Long> seeds = new java.util.ArrayList<>();
        for (long seed = 1; seed <= FIXED_SEEDS; seed++) {
            seeds.add(seed);
        }
        new java.util.Random().longs(NEW_SEEDS, 1_000_000, Integer.MAX_VALUE).forEach(seeds::add);
        return seeds;
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void threeMonitorsNeitherLoseNorContradictWhatTheyAcknowledged(long seed) {
        run(seed, MonitorWorkload.Settings.DEFAULT);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void neitherDoFive(long seed) {
        run(seed, new MonitorWorkload.Settings(5, 3, 8));
    }

    /** Two leaders won one epoch: a hint was counted as a vote. */
    @ParameterizedTest
    @ValueSource(longs = {20572, 20713})
    void whatOnceWentWrong(long seed) {
        run(seed, new MonitorWorkload.Settings(5, 4, 20));
    }

    /** Who has most links takes over a minute and a half after the others were cut, when it is forgotten how bad its own were before. */
    @Test
    void whoHasMoreLinksMayLeadLate() {
        run(50367, new MonitorWorkload.Settings(5, 4, 20));
    }

    /** A monitor that copied another's store went on when that one had erased its own to copy a third's, and took the nothing that was left for all. */
    @Test
    void whoBeginsToCopyGivesNoCopyAnyMore() {
        run(51223, new MonitorWorkload.Settings(5, 4, 20));
    }

    private static void run(long seed, MonitorWorkload.Settings settings) {
        try {
            MonitorWorkload.Summary summary = MonitorWorkload.run(seed, settings);
            assertThat(summary.writes()).isPositive();
        } catch (SimulationFailure e) {
            throw new AssertionError(
                    "seed " + seed + ": " + e.getMessage() + "\n" + SimulateMonitors.replay(seed, settings), e);
        }
    }

    @Test
    void aSeedIsOneRunEventByEvent() {
        MonitorWorkload.Summary first = MonitorWorkload.run(7, MonitorWorkload.Settings.DEFAULT);
        assertThat(MonitorWorkload.run(7, MonitorWorkload.Settings.DEFAULT)).isEqualTo(first);
        assertThat(MonitorWorkload.run(8, MonitorWorkload.Settings.DEFAULT).traceHash())
                .isNotEqualTo(first.traceHash());
    }

    /** For replays and for long runs: {@code -Dsimulate.monitors="--seed 1 --runs 1000"}. */
    @Test
    @EnabledIfSystemProperty(named = "simulate.monitors", matches = ".+")
    void theRunsAskedFor() {
        assertThat(SimulateMonitors.run(
                        List.of(System.getProperty("simulate.monitors", "").split(" "))))
                .isZero();
    }
}
