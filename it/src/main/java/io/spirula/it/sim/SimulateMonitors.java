package io.spirula.it.sim;

import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The program that runs the simulator of monitors: {@code SimulateMonitors [--seed N] [--runs K] [--jobs J] [--keep-going] [--monitors N] [--clients N] [--faults N]} runs K seeds from N on, each a schedule of its own, and ends with exit code 1
 * at the first that fails (or goes on), saying how to run it again. At the end it says how many schedules it explored.
 */
public final class SimulateMonitors {
    private SimulateMonitors() {}

    public static void main(String[] args) {
        System.exit(run(List.of(args)));
    }

    /** The exit code: 1 where a run failed. */
    public static int run(List<String> words) {
        SeedRuns seeds = SeedRuns.parse(words);
        MonitorWorkload.Settings settings = MonitorWorkload.Settings.DEFAULT;
        for (Map.Entry<String, String> option : seeds.options().entrySet()) {
            settings = with(settings, option.getKey(), Integer.parseInt(option.getValue()));
        }
        MonitorWorkload.Settings all = settings;
        AtomicLong events = new AtomicLong();
        SeedRuns.Result result = seeds.run(
                seed -> {
                    MonitorWorkload.Summary summary = MonitorWorkload.run(seed, all);
                    events.addAndGet(summary.events());
                    return summary;
                },
                seed -> replay(seed, all));
        System.out.println(result.explored() + " schedules explored, " + events
                + " events, after each of them: no two values for one version, no version lost, one leader an epoch at most,"
                + " no read from before what was acknowledged; failed: " + result.failed());
        return result.exitCode();
    }

    private static MonitorWorkload.Settings with(MonitorWorkload.Settings s, String option, int value) {
        return switch (option) {
            case "--monitors" -> new MonitorWorkload.Settings(value, s.clients(), s.faults());
            case "--clients" -> new MonitorWorkload.Settings(s.monitors(), value, s.faults());
            case "--faults" -> new MonitorWorkload.Settings(s.monitors(), s.clients(), value);
            default -> throw new IllegalArgumentException("no option " + option);
        };
    }

    /** The command that runs a seed again. */
    public static String replay(long seed, MonitorWorkload.Settings s) {
        return "replay: mvn -q -pl it -am test -Dtest=MonitorSimulationTest#theRunsAskedFor"
                + " -Dsurefire.failIfNoSpecifiedTests=false -Dsimulate.monitors=\"--seed " + seed + " --monitors "
                + s.monitors() + " --clients " + s.clients() + " --faults " + s.faults() + "\"";
    }
}
