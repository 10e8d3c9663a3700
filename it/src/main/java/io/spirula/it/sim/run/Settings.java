package io.spirula.it.sim.run;

import io.spirula.it.sim.nemesis.Nemeses;
import io.spirula.it.sim.nemesis.Nemesis;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What runs are like; what is 0 is left to the seed.
 *
 * @param operations how many each client does
 * @param strikes how often a nemesis strikes
 * @param watchers how many clients watch objects and notify each other; negative to leave it to the seed
 * @param nemeses of which the seed takes some
 * @param only the numbers of those strikes that are carried out; null for all
 */
public record Settings(
        int osds,
        int monitors,
        int clients,
        int objects,
        int operations,
        int strikes,
        int watchers,
        List<Nemesis> nemeses,
        @Nullable SortedSet<Integer> only) {
    public static final Settings DEFAULT = new Settings(0, 0, 0, 0, 0, 0, -1, Nemeses.ALL, null);

    /** Throws IllegalArgumentException for an option that there is not, and for a value that it can't have. */
    public Settings with(String option, String value) {
        return switch (option) {
            case "--nemeses" ->
                new Settings(
                        osds, monitors, clients, objects, operations, strikes, watchers, Nemeses.named(value), only);
            case "--only" ->
                new Settings(osds, monitors, clients, objects, operations, strikes, watchers, nemeses, numbers(value));
            default -> with(option, Integer.parseInt(value));
        };
    }

    Settings with(String option, int n) {
        return switch (option) {
            case "--osds" -> new Settings(n, monitors, clients, objects, operations, strikes, watchers, nemeses, only);
            case "--monitors" -> new Settings(osds, n, clients, objects, operations, strikes, watchers, nemeses, only);
            case "--clients" -> new Settings(osds, monitors, n, objects, operations, strikes, watchers, nemeses, only);
            case "--objects" -> new Settings(osds, monitors, clients, n, operations, strikes, watchers, nemeses, only);
            case "--operations" -> new Settings(osds, monitors, clients, objects, n, strikes, watchers, nemeses, only);
            case "--strikes" -> new Settings(osds, monitors, clients, objects, operations, n, watchers, nemeses, only);
            case "--watchers" -> new Settings(osds, monitors, clients, objects, operations, strikes, n, nemeses, only);
            default -> throw new IllegalArgumentException("no option " + option);
        };
    }

    Settings withOnly(SortedSet<Integer> strikesLeft) {
        return new Settings(osds, monitors, clients, objects, operations, strikes, watchers, nemeses, strikesLeft);
    }

    private static SortedSet<Integer> numbers(String list) {
        SortedSet<Integer> numbers = new TreeSet<>();
        if (!list.equals("none")) {
            for (String word : list.split(",", -1)) {
                numbers.add(Integer.parseInt(word));
            }
        }
        return numbers;
    }

    /** The options that make these settings. */
    @Override
    public String toString() {
        StringBuilder out = new StringBuilder();
        append(out, "--osds", osds);
        append(out, "--monitors", monitors);
        append(out, "--clients", clients);
        append(out, "--objects", objects);
        append(out, "--operations", operations);
        append(out, "--strikes", strikes);
        if (watchers >= 0) {
            out.append(" --watchers ").append(watchers);
        }
        if (!nemeses.equals(Nemeses.ALL)) {
            out.append(" --nemeses ").append(Nemeses.names(nemeses));
        }
        SortedSet<Integer> some = only;
        if (some != null) {
            out.append(" --only ")
                    .append(
                            some.isEmpty()
                                    ? "none"
                                    : some.stream().map(String::valueOf).collect(Collectors.joining(",")));
        }
        return out.toString();
    }

    private static void append(StringBuilder out, String option, int value) {
        if (value != 0) {
            out.append(' ').append(option).append(' ').append(value);
        }
    }
}
