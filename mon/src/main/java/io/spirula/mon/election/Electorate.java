package io.spirula.mon.election;

import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;

/**
 * Who takes part in an election, as the monitor map has it.
 *
 * @param rank ours
 * @param size how many monitors there are
 * @param disallowed the ranks that may not lead, under every strategy but the classic one
 * @param quorum the ranks of the quorum that there is; empty while there is none
 */
public record Electorate(int rank, int size, Set<Integer> disallowed, Set<Integer> quorum) {
    public Electorate {
        disallowed = Collections.unmodifiableSet(new TreeSet<>(disallowed));
        quorum = Collections.unmodifiableSet(new TreeSet<>(quorum));
    }

    boolean isMajority(int members) {
        return members > size / 2;
    }

    /** Whether a monitor would rather see {@code a} lead than {@code b}. */
    boolean prefers(int a, int b) {
        boolean allowed = !disallowed.contains(a);
        return allowed == !disallowed.contains(b) ? a < b : allowed;
    }
}
