package io.spirula.mon.election;

import java.time.Duration;
import java.util.SortedSet;

/** What an election wants done, in the order given. */
public sealed interface ElectionEffect {
    /** Make the epoch durable, then report {@code then}; until then nothing else may be reported. */
    record PersistEpoch(int epoch, ElectionEvent then) implements ElectionEffect {}

    /** An election is under way: whatever quorum there was is over. Ceph: join_election. */
    record Join() implements ElectionEffect {}

    /** Tell every other monitor that we want to lead. */
    record SendPropose(int epoch) implements ElectionEffect {}

    /** Tell one monitor, whose own proposal is of an older epoch, that we want to lead. */
    record Remind(int to, int epoch) implements ElectionEffect {}

    record SendAck(int to, int epoch) implements ElectionEffect {}

    /** Tell the members of the quorum that we lead. */
    record SendVictory(int epoch, SortedSet<Integer> quorum) implements ElectionEffect {}

    /** We lead. */
    record Win(int epoch, SortedSet<Integer> quorum) implements ElectionEffect {}

    /** Another leads. */
    record Lose(int epoch, int leader, SortedSet<Integer> quorum) implements ElectionEffect {}

    /** Report a timeout after this time, unless armed again or disarmed before. */
    record Arm(Duration after) implements ElectionEffect {}

    record Disarm() implements ElectionEffect {}

    /** Nobody can win this: look for the others again. */
    record Bootstrap() implements ElectionEffect {}
}
