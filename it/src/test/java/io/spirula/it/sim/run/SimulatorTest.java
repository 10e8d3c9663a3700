package io.spirula.it.sim.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.spirula.it.sim.SimulationFailure;
import io.spirula.it.sim.nemesis.Nemeses;
import io.spirula.it.sim.nemesis.Nemesis;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole clusters under every nemesis: what was acknowledged stays, and everybody agrees in the end. A fixed set of seeds and a few new ones here; thousands with {@code it/simulate}. */
class SimulatorTest {
    private static final int FIXED_SEEDS = 16;
    private static final int NEW_SEEDS = 4;

    static List<Long> seeds() {
        List<Long> seeds = new ArrayList<>();
        for (long seed = 1; seed <= FIXED_SEEDS; seed++) {
            seeds.add(seed);
        }
        new Random().longs(NEW_SEEDS, 1_000_000, Integer.MAX_VALUE).forEach(seeds::add);
        return seeds;
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void whatWasAcknowledgedOutlivesEveryNemesis(long seed) {
        assertThat(run(seed, Settings.DEFAULT).operations()).isPositive();
    }

    static List<Nemesis> nemeses() {
        return Nemeses.ALL;
    }

    /** With one that crashes beside it where it is another; and the same again is the same, event by event. */
    @ParameterizedTest
    @MethodSource("nemeses")
    void eachStrikesAndASeedIsOneRunWhateverStrikes(Nemesis nemesis) {
        Settings settings = Settings.DEFAULT
                .with("--nemeses", nemesis.name() + ",crash-osd")
                .with("--strikes", "4")
                .with("--osds", "4")
                .with("--monitors", "3");
        long seed = 1;
        Run.Summary first = run(seed, settings);
        while (!first.strikes().containsKey(nemesis.name())) {
            first = run(++seed, settings);
        }
        assertThat(run(seed, settings)).isEqualTo(first);
        assertThat(run(seed + 1, settings).traceHash()).isNotEqualTo(first.traceHash());
    }

    /** Settings with little in them, in which power failures once lost something. */
    @ParameterizedTest
    @ValueSource(longs = {1008, 1028, 1192, 1210})
    void powerFailuresLoseNothing(long seed) {
        run(
                seed,
                Settings.DEFAULT
                        .with("--watchers", "0")
                        .with("--nemeses", "crash-everything,crash-osd,crash-at-write"));
    }

    /** A member behind the authority's log and not behind the primary's was to be backfilled, and counted as whole: it was so for ever. */
    @Test
    void whoIsBehindOneLogAndNotAnotherRecovers() {
        replay("--seed 131217 --osds 3 --monitors 1 --clients 4 --objects 3 --operations 71 --only 1,2,3,4,6");
    }

    /** A write that had waited for its object's lock went to the end of those that waited for its recovery, and so behind its client's next one. */
    @Test
    void aWriteThatWaitsForOneThingAfterTheOtherKeepsItsPlace() {
        replay("--seed 303832 --osds 5 --monitors 1 --clients 3 --objects 2 --operations 43 --only 1,2,3,4");
    }

    /** A read of a bad copy was refused although an OSD that was away for a moment had a good one. */
    @Test
    void aBadCopyIsMendedByWhoComesBack() {
        replay(
                "--seed 304641 --osds 3 --monitors 3 --clients 4 --objects 3 --operations 69 --only 1,2,3,4,5,6,7,8,9,10");
    }

    /** A write dropped by a store that was as good as full was never sent again where the map never said so. */
    @Test
    void aWriteThatFoundNoRoomComesAgain() {
        replay("--seed 401767 --osds 3 --monitors 1 --clients 2 --objects 2 --operations 4 --only 1,2,3");
    }

    /** A backfill target took the primary's guess of how many objects there are, as after a split, for what had been counted. */
    @Test
    void aGuessOfHowManyObjectsThereAreIsCountedAfterABackfillToo() {
        replay("--seed 738499 --osds 5 --monitors 1 --clients 2 --objects 1 --operations 1 --only 1,2,10,11");
    }

    /** A start led its groups through maps from before their pools, and removed them with the pools that were not there yet. */
    @ParameterizedTest
    @ValueSource(longs = {11, 28})
    void groupsOfPoolsMadeLateOutliveAPowerFailure(long seed) {
        run(seed, Settings.DEFAULT.with("--watchers", "0").with("--nemeses", "pools,crash-everything"));
    }

    /** A write waited for an OSD that was no member of its group. */
    @ParameterizedTest
    @ValueSource(longs = {70742})
    void writesWaitForMembersOnly(long seed) {
        run(seed, Settings.DEFAULT);
    }

    /** A write that came while writes were paused was dropped, and its client, which did not know of the pause, had its next one done before it was sent again. */
    @Test
    void whatComesInAPauseKeepsItsPlace() {
        run(793169, Settings.DEFAULT);
    }

    /** A ping that had waited was answered in an interval of which its client did not know, as if the watch had been lost; and a watcher that connected again over the same connection was told again. */
    @ParameterizedTest
    @ValueSource(longs = {2, 14})
    void watchesAreNotLostWithoutCause(long seed) {
        run(seed, Settings.DEFAULT.with("--watchers", "3"));
    }

    /** What the simulator printed after {@code it/simulate} when it failed. */
    private static void replay(String words) {
        assertThat(Simulate.run(List.of((words + " --watchers 0").split(" ")))).isZero();
    }

    private static Run.Summary run(long seed, Settings settings) {
        try {
            return Run.of(seed, settings);
        } catch (SimulationFailure e) {
            throw new AssertionError(
                    "seed " + seed + ": " + e.getMessage() + "\nreplay: " + Simulate.replay(seed, settings), e);
        }
    }

    /** For replays and for long runs without the script: {@code -Dsimulate="--seed 1 --runs 1000"}. */
    @Test
    @EnabledIfSystemProperty(named = "simulate", matches = ".+")
    void theRunsAskedFor() {
        assertThat(Simulate.run(List.of(System.getProperty("simulate", "").split(" "))))
                .isZero();
    }
}
