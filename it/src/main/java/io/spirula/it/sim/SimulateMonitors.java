package io.spirula.it.sim;

import java.util.ArrayList;
import java.util.List;

/**
 * The program that runs the simulator of monitors: {@code SimulateMonitors [--seed N] [--runs K] [--keep-going] [--monitors N] [--clients N] [--faults N]} runs K seeds from N on, each a schedule of its own, and ends with exit code 1
 * at the first that fails (or goes on), saying how to run it again. At the end it says how many schedules it explored.
 */
public final class SimulateMonitors {
    private SimulateMonitors() {}

    public static void main(String[] args) {
        System.exit(run(List.of(args)));
    }

    /** The exit code: 1 where a run failed. */
    public static int run(List<String> words) {
        long seed = 1;
        int runs = 1;
        boolean goOn = false;
        MonitorWorkload.Settings s = MonitorWorkload.Settings.DEFAULT;
        for (int i = 0; i < words.size(); i++) {
            String option = words.get(i);
            if (option.equals("--keep-going")) {
                goOn = true;
                continue;
            }
            if (++i == words.size()) {
                throw new IllegalArgumentException(option + " needs a value");
            }
            int value = Integer.parseInt(words.get(i));
            switch (option) {
                case "--seed" -> seed = value;
                case "--runs" -> runs = value;
                case "--monitors" -> s = new MonitorWorkload.Settings(value, s.clients(), s.faults());
                case "--clients" -> s = new MonitorWorkload.Settings(s.monitors(), value, s.faults());
                case "--faults" -> s = new MonitorWorkload.Settings(s.monitors(), s.clients(), value);
                default -> throw new IllegalArgumentException("no option " + option);
            }
        }
        return run(seed, runs, s, goOn);
    }

    private static int run(long seed, int runs, MonitorWorkload.Settings settings, boolean goOn) {
        List<Long> failed = new ArrayList<>();
        long events = 0;
        int explored = 0;
        for (long s = seed; s < seed + runs && (goOn || failed.isEmpty()); s++) {
            explored++;
            try {
                MonitorWorkload.Summary summary = MonitorWorkload.run(s, settings);
                events += summary.events();
                System.out.println(summary);
            } catch (SimulationFailure e) {
                failed.add(s);
                System.out.println("seed " + s + " FAILED: " + e.getMessage());
                if (e.getCause() != null) {
                    e.getCause().printStackTrace(System.out);
                }
                System.out.println(replay(s, settings));
            }
        }
        System.out.println(explored + " schedules explored, " + events
                + " events, after each of them: no two values for one version, no version lost, one leader an epoch at most,"
                + " no read from before what was acknowledged; failed: " + failed);
        return failed.isEmpty() ? 0 : 1;
    }

    /** The command that runs a seed again. */
    public static String replay(long seed, MonitorWorkload.Settings s) {
        return "replay: mvn -q -pl it -am test -Dtest=MonitorSimulationTest#theRunsAskedFor"
                + " -Dsurefire.failIfNoSpecifiedTests=false -Dsimulate.monitors=\"--seed " + seed + " --monitors "
                + s.monitors() + " --clients " + s.clients() + " --faults " + s.faults() + "\"";
    }
}
