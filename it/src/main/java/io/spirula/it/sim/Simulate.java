package io.spirula.it.sim;

import java.util.List;
import java.util.Map;

/**
 * The program that runs the simulator: {@code Simulate [--seed N] [--runs K] [--keep-going] [--osds N] [--clients N] [--objects N] [--crashes N]} runs K seeds from N on, one after the other, and ends with exit code 1
 * at the first that fails (or goes on), saying how to run it again.
 */
public final class Simulate {
    private Simulate() {}

    public static void main(String[] args) {
        System.exit(run(List.of(args)));
    }

    /** The exit code: 1 where a run failed. */
    public static int run(List<String> words) {
        SeedRuns seeds = SeedRuns.parse(words);
        Workload.Settings settings = Workload.Settings.DEFAULT;
        for (Map.Entry<String, Integer> option : seeds.options().entrySet()) {
            settings = with(settings, option.getKey(), option.getValue());
        }
        Workload.Settings all = settings;
        SeedRuns.Result result = seeds.run(seed -> Workload.run(seed, all), seed -> replay(seed, all));
        System.out.println(result.explored() + " runs, failed: " + result.failed());
        return result.exitCode();
    }

    private static Workload.Settings with(Workload.Settings s, String option, int value) {
        return switch (option) {
            case "--osds" -> new Workload.Settings(value, s.clients(), s.objects(), s.crashes());
            case "--clients" -> new Workload.Settings(s.osds(), value, s.objects(), s.crashes());
            case "--objects" -> new Workload.Settings(s.osds(), s.clients(), value, s.crashes());
            case "--crashes" -> new Workload.Settings(s.osds(), s.clients(), s.objects(), value);
            default -> throw new IllegalArgumentException("no option " + option);
        };
    }

    /** The command that runs a seed again. */
    public static String replay(long seed, Workload.Settings s) {
        return "replay: mvn -q -pl it -am test -Dtest=SimulatorTest#theRunsAskedFor"
                + " -Dsurefire.failIfNoSpecifiedTests=false"
                + " -Dsimulate=\"--seed"
                + " " + seed + " --osds " + s.osds() + " --clients " + s.clients() + " --objects "
                + s.objects() + " --crashes " + s.crashes() + "\"";
    }
}
