package io.spirula.mon.quorum;

import java.time.Duration;
import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Where a monitor stands with the others.
 *
 * @param rank -1 for a monitor that is not in the map
 * @param leader -1 while there is no quorum
 * @param quorum ranks; empty while there is none
 * @param age how long the quorum has been
 * @param outside the names of the monitors that were found while probing
 */
public record QuorumStatus(
        MonState state,
        int rank,
        int electionEpoch,
        int leader,
        SortedSet<Integer> quorum,
        Duration age,
        SortedSet<String> outside) {
    public QuorumStatus {
        quorum = Collections.unmodifiableSortedSet(new TreeSet<>(quorum));
        outside = Collections.unmodifiableSortedSet(new TreeSet<>(outside));
    }
}
