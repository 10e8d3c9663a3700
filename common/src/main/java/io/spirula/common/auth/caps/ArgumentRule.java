package io.spirula.common.auth.caps;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What a command's argument must be like. Ceph: StringConstraint, MgrCapGrantConstraint. */
sealed interface ArgumentRule {
    boolean accepts(String value);

    record Equal(String value) implements ArgumentRule {
        @Override
        public boolean accepts(String given) {
            return given.equals(value);
        }

        @Override
        public String toString() {
            return "=" + Grants.quoted(value);
        }
    }

    record Prefix(String value) implements ArgumentRule {
        @Override
        public boolean accepts(String given) {
            return given.startsWith(value);
        }

        @Override
        public String toString() {
            return " prefix " + Grants.quoted(value);
        }
    }

    /** @param compiled null for an expression that is none, which accepts nothing */
    record Regex(String value, @Nullable ExtendedRegex compiled) implements ArgumentRule {
        Regex(String value) {
            this(value, ExtendedRegex.compile(value));
        }

        @Override
        public boolean accepts(String given) {
            return compiled != null && compiled.matches(given);
        }

        @Override
        public String toString() {
            return " regex " + Grants.quoted(value);
        }
    }

    /** Whether every rule finds its argument and accepts it. */
    static boolean accept(Map<String, ArgumentRule> rules, Map<String, String> arguments) {
        for (Map.Entry<String, ArgumentRule> rule : rules.entrySet()) {
            String value = arguments.get(rule.getKey());
            if (value == null || !rule.getValue().accepts(value)) {
                return false;
            }
        }
        return true;
    }

    /** {@code " with a=1 b prefix c"}; empty where there is none of it. */
    static SortedMap<String, ArgumentRule> with(CapText in, boolean blanksAroundEquals) {
        int start = in.position();
        SortedMap<String, ArgumentRule> rules = in.keyword("with") ? readAll(in, blanksAroundEquals) : new TreeMap<>();
        if (rules.isEmpty()) {
            in.backTo(start);
        }
        return rules;
    }

    /** {@code " a=1 b prefix c"}; of two for one argument the first counts. Empty where there is none. */
    static SortedMap<String, ArgumentRule> readAll(CapText in, boolean blanksAroundEquals) {
        SortedMap<String, ArgumentRule> rules = new TreeMap<>();
        while (in.all(in::spaces, () -> readOne(in, blanksAroundEquals, rules))) {
            // each adds itself
        }
        return rules;
    }

    private static boolean readOne(CapText in, boolean blanksAroundEquals, Map<String, ArgumentRule> rules) {
        String key = in.string();
        ArgumentRule rule = key == null ? null : readRule(in, blanksAroundEquals);
        if (key == null || rule == null) {
            return false;
        }
        rules.putIfAbsent(key, rule);
        return true;
    }

    private static @Nullable ArgumentRule readRule(CapText in, boolean blanksAroundEquals) {
        Supplier<Boolean> blanks = blanksAroundEquals ? in::anySpaces : () -> true;
        String value = value(in, blanks, () -> in.literal("="), blanks);
        if (value != null) {
            return new Equal(value);
        }
        value = value(in, () -> in.keyword("prefix"), in::spaces);
        if (value != null) {
            return new Prefix(value);
        }
        value = value(in, () -> in.keyword("regex"), in::spaces);
        return value == null ? null : new Regex(value);
    }

    @SafeVarargs
    private static @Nullable String value(CapText in, Supplier<Boolean>... introduction) {
        int start = in.position();
        String value = in.all(introduction) ? in.string() : null;
        if (value == null) {
            in.backTo(start);
        }
        return value;
    }

    /** {@code " a=1 b prefix c"}. */
    static String print(Map<String, ArgumentRule> rules) {
        StringBuilder out = new StringBuilder();
        rules.forEach((key, rule) -> out.append(' ').append(Grants.quoted(key)).append(rule));
        return out.toString();
    }
}
