package io.spirula.it.sim.run;

import io.spirula.it.sim.SeedRuns;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The program that runs the simulator: {@code Simulate [--seed N] [--runs K] [--jobs J] [--keep-going] [--quiet] [--shrink]} and the options of {@link Settings} runs K seeds from N on, J at a time, and ends with exit code 1 at
 * the first that fails (or goes on), saying how to run it again; with {@code --shrink}, how to run the smallest run found that fails.
 */
public final class Simulate {
    private Simulate() {}

    public static void main(String[] args) {
        System.exit(run(List.of(args)));
    }

    /** The exit code: 1 where a run failed. */
    public static int run(List<String> words) {
        SeedRuns seeds = SeedRuns.parse(words, "--quiet", "--shrink");
        boolean quiet = seeds.options().remove("--quiet") != null;
        boolean shrink = seeds.options().remove("--shrink") != null;
        Settings settings = Settings.DEFAULT;
        for (Map.Entry<String, String> option : seeds.options().entrySet()) {
            settings = settings.with(option.getKey(), option.getValue());
        }
        Settings all = settings;
        AtomicLong events = new AtomicLong();
        AtomicLong operations = new AtomicLong();
        TreeMap<String, Integer> strikes = new TreeMap<>();
        long began = System.nanoTime();
        SeedRuns.Result result = seeds.run(
                seed -> {
                    Run.Summary summary = Run.of(seed, all);
                    events.addAndGet(summary.events());
                    operations.addAndGet(summary.operations());
                    synchronized (strikes) {
                        summary.strikes().forEach((name, times) -> strikes.merge(name, times, Integer::sum));
                    }
                    return quiet ? "" : summary;
                },
                seed -> shrink ? shrink(seed, all) : "replay: " + replay(seed, all));
        System.out.printf(
                java.util.Locale.ROOT,
                "%d runs in %.0f s, %d events, %d operations, strikes %s, failed: %s%n",
                result.explored(),
                (System.nanoTime() - began) / 1e9,
                events.get(),
                operations.get(),
                strikes,
                result.failed());
        return result.exitCode();
    }

    private static String shrink(long seed, Settings settings) {
        Shrink.Found found = Shrink.of(seed, settings, line -> System.out.println("seed " + seed + " " + line));
        return found == null
                ? "it does not fail again: the run is not deterministic"
                : "the smallest run found fails so: " + found.failure() + "\nreplay: " + replay(seed, found.settings());
    }

    /** The command that runs a seed again. */
    public static String replay(long seed, Settings settings) {
        return "it/simulate --seed " + seed + settings;
    }
}
