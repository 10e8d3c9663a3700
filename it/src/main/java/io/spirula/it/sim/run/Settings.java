package io.spirula.it.sim.run;

import io.spirula.it.sim.nemesis.Nemeses;
import io.spirula.it.sim.nemesis.Nemesis;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What runs are like; what is not given is left to the seed.
 *
 * @param numbers how many there are of what, by option
 * @param nemeses of which the seed takes some
 * @param only the numbers of those strikes that are carried out; null for all
 */
public record Settings(
        SortedMap<String, Integer> numbers,
        List<Nemesis> nemeses,
        @Nullable SortedSet<Integer> only) {
    /** In the order in which they are shown. */
    private static final List<String> NUMBERS =
            List.of("--osds", "--monitors", "--clients", "--objects", "--operations", "--strikes", "--watchers");

    public static final Settings DEFAULT = new Settings(new TreeMap<>(), Nemeses.ALL, null);

    public Settings {
        numbers = Collections.unmodifiableSortedMap(new TreeMap<>(numbers));
    }

    /** 0 where it is left to the seed; so are those below. */
    int osds() {
        return numbers.getOrDefault("--osds", 0);
    }

    int monitors() {
        return numbers.getOrDefault("--monitors", 0);
    }

    int clients() {
        return numbers.getOrDefault("--clients", 0);
    }

    int objects() {
        return numbers.getOrDefault("--objects", 0);
    }

    /** How many each client does. */
    int operations() {
        return numbers.getOrDefault("--operations", 0);
    }

    /** How often a nemesis strikes. */
    int strikes() {
        return numbers.getOrDefault("--strikes", 0);
    }

    /** How many clients watch objects and notify each other; negative where it is left to the seed. */
    int watchers() {
        return numbers.getOrDefault("--watchers", -1);
    }

    /** Throws IllegalArgumentException for an option that there is not, and for a value that it can't have. */
    public Settings with(String option, String value) {
        return switch (option) {
            case "--nemeses" -> new Settings(numbers, Nemeses.named(value), only);
            case "--only" -> withOnly(numbers(value));
            default -> with(option, Integer.parseInt(value));
        };
    }

    Settings with(String option, int n) {
        if (!NUMBERS.contains(option)) {
            throw new IllegalArgumentException("no option " + option);
        }
        TreeMap<String, Integer> more = new TreeMap<>(numbers);
        more.put(option, n);
        return new Settings(more, nemeses, only);
    }

    Settings withOnly(SortedSet<Integer> strikesLeft) {
        return new Settings(numbers, nemeses, strikesLeft);
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
        for (String option : NUMBERS) {
            Integer n = numbers.get(option);
            if (n != null && !isLeftToTheSeed(option, n)) {
                out.append(' ').append(option).append(' ').append(n);
            }
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

    private static boolean isLeftToTheSeed(String option, int n) {
        return option.equals("--watchers") ? n < 0 : n == 0;
    }
}
