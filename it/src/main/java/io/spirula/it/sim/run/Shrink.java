package io.spirula.it.sim.run;

import io.spirula.it.sim.SimulationFailure;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Makes a failing run smaller while it fails: fewer strikes, clients, operations, objects, daemons. Each try is a whole run, so what is found is a run that fails by itself, perhaps in another way than the first. */
final class Shrink {
    private final long seed;
    private final Consumer<String> progress;
    private Settings smallest;
    private String failure;

    private Shrink(long seed, Settings settings, String failure, Consumer<String> progress) {
        this.seed = seed;
        this.progress = progress;
        this.failure = failure;
        smallest = settings;
    }

    /** The smallest settings found and how they fail; null where the run does not fail. */
    static @Nullable Found of(long seed, Settings settings, Consumer<String> progress) {
        String failure = failureOf(seed, settings);
        if (failure == null) {
            return null;
        }
        Shrink shrink = new Shrink(seed, explicit(seed, settings), failure, progress);
        while (shrink.once()) {
            progress.accept("again, from" + shrink.smallest);
        }
        return new Found(shrink.smallest, shrink.failure);
    }

    record Found(Settings settings, String failure) {}

    /** The same run, with everything said that the seed decides. */
    private static Settings explicit(long seed, Settings settings) {
        Plan plan = Plan.of(seed, settings);
        SortedSet<Integer> all = new TreeSet<>();
        plan.strikes().forEach(s -> all.add(s.number()));
        return settings.with("--osds", plan.osds())
                .with("--monitors", plan.monitors())
                .with("--clients", plan.clients())
                .with("--objects", plan.objects())
                .with("--operations", plan.operations())
                .with("--watchers", plan.watchers())
                .withOnly(all);
    }

    private static @Nullable String failureOf(long seed, Settings settings) {
        try {
            Run.of(seed, settings);
            return null;
        } catch (SimulationFailure e) {
            return String.valueOf(e.getMessage());
        }
    }

    private boolean once() {
        boolean better = false;
        for (int count = Math.max(1, strikesLeft().size() / 2); count > 0; count /= 2) {
            better |= dropStrikes(count);
        }
        better |= halve("--operations", smallest.operations(), 1);
        better |= halve("--watchers", smallest.watchers(), 0);
        better |= halve("--clients", smallest.clients(), 1);
        better |= halve("--objects", smallest.objects(), 1);
        better |= halve("--monitors", smallest.monitors(), 1);
        better |= halve("--osds", smallest.osds(), 3);
        return better;
    }

    /** Tries without each so many that follow one another. */
    private boolean dropStrikes(int count) {
        boolean better = false;
        List<Integer> all = List.copyOf(strikesLeft());
        for (int i = 0; i < all.size(); i += count) {
            TreeSet<Integer> without = new TreeSet<>(strikesLeft());
            without.removeAll(all.subList(i, Math.min(i + count, all.size())));
            better |= attempt(smallest.withOnly(without));
        }
        return better;
    }

    private SortedSet<Integer> strikesLeft() {
        SortedSet<Integer> only = smallest.only();
        return only == null ? new TreeSet<>() : only;
    }

    /** Tries half of it, and one less. */
    private boolean halve(String option, int now, int least) {
        int half = Math.max(least, now / 2);
        boolean better = half < now && attempt(smallest.with(option, half));
        return better || now > least && now - 1 > half && attempt(smallest.with(option, now - 1));
    }

    private boolean attempt(Settings smaller) {
        String found = failureOf(seed, smaller);
        if (found == null) {
            return false;
        }
        smallest = smaller;
        failure = found;
        progress.accept("still fails with" + smaller);
        return true;
    }
}
