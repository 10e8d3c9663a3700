package io.spirula.it.sim;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongFunction;

/**
 * Many seeds, one after the other, as a simulating program was asked for them.
 *
 * @param seed the first
 * @param goOn whether to go on after a seed that failed
 * @param options the program's own, each with its value, in the order given
 */
record SeedRuns(long seed, int runs, boolean goOn, Map<String, Integer> options) {
    /** How many were run, and which of them failed. */
    record Result(int explored, List<Long> failed) {
        int exitCode() {
            return failed.isEmpty() ? 0 : 1;
        }
    }

    /** Reads {@code --seed N --runs K --keep-going} and options of the program's own; throws IllegalArgumentException where one lacks its value. */
    static SeedRuns parse(List<String> words) {
        long seed = 1;
        int runs = 1;
        boolean goOn = false;
        Map<String, Integer> options = new LinkedHashMap<>();
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
                default -> options.put(option, Math.toIntExact(value));
            }
        }
        return new SeedRuns(seed, runs, goOn, options);
    }

    /**
     * Prints what becomes of each seed.
     *
     * @param simulation runs a seed and says what the run was like; may throw SimulationFailure
     * @param replay the command that runs a seed again
     */
    Result run(LongFunction<?> simulation, LongFunction<String> replay) {
        List<Long> failed = new ArrayList<>();
        int explored = 0;
        for (long s = seed; s < seed + runs && (goOn || failed.isEmpty()); s++) {
            explored++;
            try {
                System.out.println(simulation.apply(s));
            } catch (SimulationFailure e) {
                failed.add(s);
                System.out.println("seed " + s + " FAILED: " + e.getMessage());
                if (e.getCause() != null) {
                    e.getCause().printStackTrace(System.out);
                }
                System.out.println(replay.apply(s));
            }
        }
        return new Result(explored, failed);
    }
}
