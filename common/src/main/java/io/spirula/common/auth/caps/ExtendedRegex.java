package io.spirula.common.auth.caps;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A POSIX extended regular expression that a whole text matches or not, in time linear in the text: capabilities with expressions judge what strangers send, and an engine that goes back and forth could be kept busy for
 * ever. Ceph: std::regex with extended syntax.
 *
 * <p>An expression becomes a machine of steps ({@link Step}); matching follows all its paths at once (Thompson's construction).
 */
final class ExtendedRegex {
    private static final int MAX_STEPS = 2_000;
    /** A longer text matches nothing. */
    private static final int MAX_TEXT = 1 << 16;

    /** A step of the machine; steps are known by their place in the list. */
    private sealed interface Step {
        /** Eats one character. */
        record Eat(RegexSyntax.Set set, int next) implements Step {}

        record Fork(int one, int other) implements Step {}

        /** Goes on only at the text's begin, or at its end. */
        record Edge(boolean begin, int next) implements Step {}

        record Accepted() implements Step {}
    }

    private final List<Step> steps = new ArrayList<>();
    private final int first;

    private ExtendedRegex(RegexSyntax syntax) {
        int accepted = add(new Step.Accepted());
        first = build(syntax, accepted);
    }

    /** Null for what is no such expression, or one that is too large. */
    static @Nullable ExtendedRegex compile(String expression) {
        try {
            return new ExtendedRegex(RegexSyntax.parse(expression));
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private int add(Step step) {
        if (steps.size() >= MAX_STEPS) {
            throw new IllegalArgumentException("an expression of too many steps");
        }
        steps.add(step);
        return steps.size() - 1;
    }

    /** Builds the steps for a part behind which comes {@code next}; gives the first of them. */
    private int build(RegexSyntax part, int next) {
        return switch (part) {
            case RegexSyntax.Set set -> add(new Step.Eat(set, next));
            case RegexSyntax.Edge edge -> add(new Step.Edge(edge.begin(), next));
            case RegexSyntax.Sequence sequence -> {
                int at = next;
                for (RegexSyntax p : sequence.parts().reversed()) {
                    at = build(p, at);
                }
                yield at;
            }
            case RegexSyntax.Choice choice -> {
                int at = build(choice.parts().getLast(), next);
                for (int i = choice.parts().size() - 2; i >= 0; i--) {
                    at = add(new Step.Fork(build(choice.parts().get(i), next), at));
                }
                yield at;
            }
            case RegexSyntax.Repeat repeat -> buildRepeat(repeat, next);
        };
    }

    private int buildRepeat(RegexSyntax.Repeat repeat, int next) {
        int at = next;
        if (repeat.max() < 0) {
            int loop = add(new Step.Fork(next, next));
            steps.set(loop, new Step.Fork(build(repeat.part(), loop), next));
            at = loop;
        } else {
            for (int i = repeat.min(); i < repeat.max(); i++) {
                at = add(new Step.Fork(build(repeat.part(), at), next));
            }
        }
        for (int i = 0; i < repeat.min(); i++) {
            at = build(repeat.part(), at);
        }
        return at;
    }

    boolean matches(String text) {
        if (text.length() > MAX_TEXT) {
            return false;
        }
        int[] open = new int[2 * steps.size() + 2]; // each step opens two at most, once
        BitSet now = new BitSet(steps.size());
        reach(first, 0, text.length(), now, open);
        for (int i = 0; i < text.length() && !now.isEmpty(); i++) {
            BitSet then = new BitSet(steps.size());
            for (int s = now.nextSetBit(0); s >= 0; s = now.nextSetBit(s + 1)) {
                if (steps.get(s) instanceof Step.Eat eat && eat.set.has(text.charAt(i))) {
                    reach(eat.next, i + 1, text.length(), then, open);
                }
            }
            now = then;
        }
        return now.get(0); // the step that accepts was made first
    }

    /** Adds all steps that are reached from one without eating anything. */
    private void reach(int from, int at, int length, BitSet reached, int[] open) {
        int count = 0;
        open[count++] = from;
        while (count > 0) {
            int s = open[--count];
            if (reached.get(s)) {
                continue;
            }
            reached.set(s);
            switch (steps.get(s)) {
                case Step.Fork fork -> {
                    open[count++] = fork.one;
                    open[count++] = fork.other;
                }
                case Step.Edge edge -> {
                    if (edge.begin ? at == 0 : at == length) {
                        open[count++] = edge.next;
                    }
                }
                case Step.Eat eat -> {}
                case Step.Accepted accepted -> {}
            }
        }
    }
}
