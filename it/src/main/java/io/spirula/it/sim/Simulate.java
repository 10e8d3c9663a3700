package io.spirula.it.sim;

import java.util.ArrayList;
import java.util.List;

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
        long seed = 1;
        int runs = 1;
        Workload.Settings settings = Workload.Settings.DEFAULT;
        boolean goOn = false;
        for (int i = 0; i < words.size(); i++) {
            String option = words.get(i);
            if (option.equals("--keep-going")) {
                goOn = true;
                continue;
            }
            if (++i == words.size()) {
                throw new IllegalArgumentException(option + " needs a value");
            }
            long value = Long.parseLong(words.get(i));
            switch (option) {
                case "--seed" -> seed = value;
                case "--runs" -> runs = Math.toIntExact(value);
                default -> settings = with(settings, option, Math.toIntExact(value));
            }
        }
        return run(seed, runs, settings, goOn);
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

    private static int run(long seed, int runs, Workload.Settings settings, boolean goOn) {
        List<Long> failed = new ArrayList<>();
        for (long s = seed; s < seed + runs; s++) {
            try {
                System.out.println(Workload.run(s, settings));
            } catch (SimulationFailure e) {
                failed.add(s);
                System.out.println("seed " + s + " FAILED: " + e.getMessage());
                if (e.getCause() != null) {
                    e.getCause().printStackTrace(System.out);
                }
                System.out.println(replay(s, settings));
                if (!goOn) {
                    return 1;
                }
            }
        }
        System.out.println(runs + " runs, failed: " + failed);
        return failed.isEmpty() ? 0 : 1;
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
