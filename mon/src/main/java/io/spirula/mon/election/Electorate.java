package io.spirula.mon.election;

import io.spirula.mon.election.ConnectionTracker.Score;
import java.util.Collections;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * Who takes part in an election, as the monitor map has it, and who is to be preferred.
 *
 * @param rank ours
 * @param size how many monitors there are
 * @param disallowed the ranks that may not lead, under every strategy but the classic one
 * @param quorum the ranks of the quorum that there is; empty while there is none
 * @param leader of that quorum; -1 while there is none
 * @param links how they are connected, where the strategy heeds that: connectivity
 */
public record Electorate(
        int rank, int size, Set<Integer> disallowed, Set<Integer> quorum, int leader, Optional<Links> links) {
    /**
     * @param margin how much better than the leader somebody must be connected to be worth an election
     */
    public record Links(ConnectionTracker tracker, double margin) {}

    public Electorate {
        disallowed = Collections.unmodifiableSet(new TreeSet<>(disallowed));
        quorum = Collections.unmodifiableSet(new TreeSet<>(quorum));
    }

    boolean isMajority(int members) {
        return members > size / 2;
    }

    boolean mayLead(int monitor) {
        return !disallowed.contains(monitor);
    }

    boolean isOutsider(int monitor) {
        return !quorum.contains(monitor);
    }

    /**
     * Whether a monitor would rather see {@code a} lead than {@code b}: somebody who may, then, where links count, who is linked to a majority, then who is linked better, then who has the lower rank. (Ceph does not ask for the
     * majority: but links that are there again after many hours score next to nothing.)
     */
    boolean prefers(int a, int b) {
        if (mayLead(a) != mayLead(b)) {
            return mayLead(a);
        }
        Score ofA = score(a);
        Score ofB = score(b);
        boolean majority = isMajority(ofA.alive() + 1);
        if (majority != isMajority(ofB.alive() + 1)) {
            return majority;
        }
        int order = Double.compare(ofA.total(), ofB.total());
        return order == 0 ? a < b : order > 0;
    }

    private Score score(int monitor) {
        return links.map(l -> l.tracker.scoreOf(monitor)).orElse(new Score(0, 0));
    }

    /**
     * Whether an outsider's wish to lead changes nothing and would only disturb the quorum that there is. Where links count, it is for the leader to let somebody in, unless neither hears the other; the others do not care
     * whom the leader can't reach, unless one of them is so much better connected that it should lead.
     */
    boolean passesOver(int outsider) {
        if (links.isEmpty() || quorum.isEmpty() || !isOutsider(outsider)) {
            return false;
        }
        if (leader == rank) {
            return links.get().tracker.isApart(outsider);
        }
        int best =
                IntStream.range(0, size).reduce((a, b) -> prefers(a, b) ? a : b).orElse(leader);
        return best == leader || score(best).total() - score(leader).total() < links.get().margin;
    }
}
