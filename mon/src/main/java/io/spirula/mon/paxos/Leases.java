package io.spirula.mon.paxos;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A leader's account of who is with it, from which leases follow.
 *
 * <p>Leases must not depend on clocks that agree. Every message of the leader carries when it was sent, by the leader's clock; the peon's answer repeats that, and carries when it was sent itself, by the peon's. The leader is
 * sure to have led until the moment at which a majority of all monitors still received what it had sent: a new leader needs the word of one of those, who is then with the old one no more. So all leases of one leader end
 * one lease's time after that moment, its own included, and a new leader lets that time pass before its quorum counts, unless everybody is with it (see {@code ElectionLogic}). A peon's lease is given in its own clock: the
 * time that is left, from when it sent its last answer, which was earlier than the grant.
 *
 * @param heard by rank: when the leader sent what that peon has last answered, by the leader's clock
 * @param stamps by rank: when that peon sent its answer, by the peon's clock
 */
record Leases(int monitors, long leaseNanos, SortedMap<Integer, Long> heard, SortedMap<Integer, Long> stamps) {
    static Leases none(int monitors, long leaseNanos) {
        return new Leases(monitors, leaseNanos, new TreeMap<>(), new TreeMap<>());
    }

    Leases answered(int rank, Stamps stamps) {
        TreeMap<Integer, Long> newHeard = new TreeMap<>(heard);
        TreeMap<Integer, Long> newStamps = new TreeMap<>(this.stamps);
        newHeard.merge(rank, stamps.echo(), Math::max);
        newStamps.merge(rank, stamps.sent(), Math::max);
        return new Leases(monitors, leaseNanos, newHeard, newStamps);
    }

    /** Until when reads may be answered under this leader, by the leader's clock. */
    long leadsUntil(long now) {
        List<Long> times = new ArrayList<>(heard.values());
        times.add(now);
        times.sort(Comparator.reverseOrder());
        int majority = monitors / 2 + 1;
        return times.size() < majority ? Long.MIN_VALUE : Math.min(now, times.get(majority - 1)) + leaseNanos;
    }

    /** Until when a peon may answer reads, by its own clock. */
    long until(int rank, long now) {
        long left = leadsUntil(now) - now;
        Long stamp = stamps.get(rank);
        return left <= 0 || stamp == null ? Long.MIN_VALUE : stamp + left;
    }

    /** Somebody who has not answered for that long; -1 if there is none. */
    int silentFor(long nanos, long now) {
        for (Map.Entry<Integer, Long> e : heard.entrySet()) {
            if (now - e.getValue() > nanos) {
                return e.getKey();
            }
        }
        return -1;
    }
}
