package io.spirula.it.sim;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongFunction;

/**
 * Many seeds, as a simulating program was asked for them: each runs in one thread, several side by side.
 *
 * @param seed the first
 * @param jobs how many at a time
 * @param goOn whether to go on after a seed that failed
 * @param options the program's own, each with its value ("true" for a flag), in the order given
 */
public record SeedRuns(long seed, int runs, int jobs, boolean goOn, Map<String, String> options) {
    /** How many were run, and which of them failed. */
    public record Result(long explored, List<Long> failed) {
        public int exitCode() {
            return failed.isEmpty() ? 0 : 1;
        }
    }

    /**
     * Reads {@code --seed N --runs K --jobs J --keep-going} and options of the program's own; throws IllegalArgumentException where one lacks its value.
     *
     * @param flags those of the program's own that have no value
     */
    public static SeedRuns parse(List<String> words, String... flags) {
        long seed = 1;
        int runs = 1;
        int jobs = 1;
        boolean goOn = false;
        Map<String, String> options = new LinkedHashMap<>();
        for (int i = 0; i < words.size(); i++) {
            String option = words.get(i);
            if (option.equals("--keep-going")) {
                goOn = true;
                continue;
            }
            if (List.of(flags).contains(option)) {
                options.put(option, "true");
                continue;
            }
            if (++i == words.size()) {
                throw new IllegalArgumentException(option + " needs a value");
            }
            String value = words.get(i);
            switch (option) {
                case "--seed" -> seed = Long.parseLong(value);
                case "--runs" -> runs = Integer.parseInt(value);
                case "--jobs" -> jobs = Integer.parseInt(value);
                default -> options.put(option, value);
            }
        }
        return new SeedRuns(seed, runs, jobs, goOn, options);
    }

    /**
     * Prints what becomes of each seed. Both functions are called from several threads where there are several jobs.
     *
     * @param simulation runs a seed and says what the run was like; may throw SimulationFailure
     * @param replay what to print of a seed that failed: the command that runs it again
     */
    public Result run(LongFunction<?> simulation, LongFunction<String> replay) {
        TreeSet<Long> failed = new TreeSet<>();
        AtomicLong next = new AtomicLong(seed);
        Runnable worker = () -> {
            for (long s = next.getAndIncrement(); s < seed + runs; s = next.getAndIncrement()) {
                if (!one(s, simulation, replay)) {
                    synchronized (failed) {
                        failed.add(s);
                    }
                    if (!goOn) {
                        next.set(seed + runs);
                    }
                }
            }
        };
        List<Thread> others = new ArrayList<>();
        for (int i = 1; i < jobs; i++) {
            others.add(Thread.ofPlatform().start(worker));
        }
        worker.run();
        for (Thread thread : others) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                throw new IllegalStateException("interrupted", e);
            }
        }
        long explored = goOn || failed.isEmpty() ? runs : Collections.max(failed) - seed + 1;
        return new Result(explored, List.copyOf(failed));
    }

    private static boolean one(long seed, LongFunction<?> simulation, LongFunction<String> replay) {
        try {
            String line = simulation.apply(seed).toString();
            if (!line.isEmpty()) {
                System.out.println(line);
            }
            return true;
        } catch (SimulationFailure e) {
            StringBuilder out = new StringBuilder("seed " + seed + " FAILED: " + e.getMessage() + "\n");
            Throwable cause = e.getCause();
            if (cause != null) {
                out.append(cause).append('\n');
                for (StackTraceElement frame : cause.getStackTrace()) {
                    out.append("    at ").append(frame).append('\n');
                }
            }
            System.out.println(out + replay.apply(seed));
            return false;
        }
    }
}
