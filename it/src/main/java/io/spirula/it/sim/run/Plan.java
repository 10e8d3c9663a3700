package io.spirula.it.sim.run;

import io.spirula.it.sim.nemesis.Nemesis;
import io.spirula.osd.peering.ActingCosts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * What a seed makes of a run: how large it is and which nemesis strikes when. It is drawn up front, each strike with random numbers of its own, so that strikes can be left out and the others stay what they are.
 *
 * @param filling how many more objects there are, which nobody touches: copying all takes longer with them
 * @param actingCosts with how many objects missing an OSD does not act any more: what is usual, which no run comes to, or a few
 * @param messageDelay how long messages take at most while nothing is wrong: as long as a disk takes, or much less
 * @param watchers how many clients watch objects and notify each other
 * @param logEntries how long groups' logs become: so short, where not 0, that an OSD that was away needs backfill; or that one that was away for a moment does, and a request is asked for again when its entry is gone
 */
record Plan(
        int osds,
        int monitors,
        int clients,
        int objects,
        int operations,
        int filling,
        int watchers,
        int logEntries,
        ActingCosts actingCosts,
        Duration messageDelay,
        List<Strike> strikes) {
    /**
     * @param number its place in the whole plan
     * @param after how long after the one before, or its being clean
     * @param whenClean whether all is mended and clean before it
     * @param hurryMillis how long before it clients begin a few things at once, at most
     * @param seed of its own random numbers
     */
    record Strike(int number, Duration after, boolean whenClean, Nemesis nemesis, int hurryMillis, long seed) {
        boolean needsClean() {
            return whenClean || nemesis.kind() == Nemesis.Kind.DAMAGES_COPIES;
        }
    }

    private static final int MOST_KINDS = 6;
    private static final List<Integer> LOGS = List.of(0, 0, 10, 2, 2);

    static Plan of(long seed, Settings settings) {
        // Every draw is made whatever the settings say, so that settings change what they say and nothing else.
        SplittableRandom random = new SplittableRandom(seed ^ 0x5eed);
        int osds = given(settings.osds(), 3 + Math.max(0, random.nextInt(-2, 3)));
        int monitors = given(settings.monitors(), random.nextInt(3) == 0 ? 3 : 1);
        int clients = given(settings.clients(), random.nextInt(2, 5));
        // Few, which many write to at once; or many, of which some are left alone for long after something has happened
        // to them.
        int objects = given(settings.objects(), random.nextInt(2, random.nextBoolean() ? 6 : 24));
        int operations = given(settings.operations(), random.nextInt(20, 80));
        int strikes = given(settings.strikes(), random.nextInt(3, 12));
        int filling = random.nextBoolean() ? 0 : random.nextInt(60);
        int logEntries = LOGS.get(random.nextInt(LOGS.size()));
        Duration messageDelay = Duration.ofNanos(500_000L << random.nextInt(6));
        // Few kinds in one run and other ones in the next meet more often than all of them always would.
        List<Nemesis> candidates = new ArrayList<>();
        settings.nemeses().forEach(n -> candidates.addAll(Collections.nCopies(n.weight(), n)));
        List<Nemesis> kinds = new ArrayList<>();
        for (int i = random.nextInt(1, MOST_KINDS + 1); i > 0; i--) {
            kinds.add(candidates.get(random.nextInt(candidates.size())));
        }
        List<Strike> all = new ArrayList<>();
        SortedSet<Integer> only = settings.only();
        for (int number = 1; number <= strikes; number++) {
            Strike strike = strike(number, kinds, random.split());
            if (only == null || only.contains(number)) {
                all.add(strike);
            }
        }
        return new Plan(
                osds,
                monitors,
                clients,
                objects,
                operations,
                filling,
                settings.watchers() >= 0 ? settings.watchers() : watchers(new SplittableRandom(seed ^ 0x3a7c4)),
                logEntries,
                actingCosts(new SplittableRandom(seed ^ 0xa57c)),
                messageDelay,
                List.copyOf(all));
    }

    private static ActingCosts actingCosts(RandomGenerator random) {
        return random.nextBoolean() ? ActingCosts.DEFAULT : new ActingCosts(random.nextInt(6), random.nextInt(6));
    }

    private static int watchers(RandomGenerator random) {
        return random.nextBoolean() ? 0 : random.nextInt(2, 5);
    }

    /** Whether what clients do happens in their order: not where a strike leads to writes being dropped. */
    boolean keepsClientsOrder() {
        return strikes.stream().noneMatch(s -> s.nemesis().dropsRequests());
    }

    private static int given(int setting, int drawn) {
        return setting == 0 ? drawn : setting;
    }

    private static Strike strike(int number, List<Nemesis> kinds, RandomGenerator random) {
        Duration after = Duration.ofMillis(random.nextInt(3) == 0 ? random.nextInt(100) : random.nextInt(6_000));
        boolean whenClean = random.nextInt(4) == 0;
        return new Strike(
                number,
                after,
                whenClean,
                kinds.get(random.nextInt(kinds.size())),
                random.nextInt(8),
                random.nextLong());
    }
}
