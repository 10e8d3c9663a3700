package io.spirula.it.interop;

import java.time.Duration;
import java.time.Instant;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Asks again until the answer is the one wanted, up to a deadline. */
final class Await {
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private Await() {}

    static String that(String what, Supplier<String> question, Predicate<String> wanted) {
        Instant deadline = Instant.now().plus(PATIENCE);
        String said = "";
        while (Instant.now().isBefore(deadline)) {
            said = question.get();
            if (wanted.test(said)) {
                return said;
            }
        }
        throw new AssertionError("not " + what + " after " + PATIENCE + ":\n" + said);
    }
}
