package io.spirula.mon.paxos;

import io.spirula.common.encoding.Bytes;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/** What members tell each other. Ceph: MMonPaxos and its operations. */
public sealed interface PaxosMessage {
    /** A new leader asks what there is, and for the promise to obey no lower number. */
    record Collect(long pn, long firstCommitted, long lastCommitted) implements PaxosMessage {}

    /**
     * What there is.
     *
     * @param pn the highest number that was promised, which may be higher than the one that was asked for
     * @param values what the leader lacks, by version
     */
    record Last(
            long pn,
            long firstCommitted,
            long lastCommitted,
            SortedMap<Long, Bytes> values,
            PaxosRecord.@Nullable Uncommitted uncommitted)
            implements PaxosMessage {}

    record Begin(long pn, long version, Bytes value) implements PaxosMessage {}

    record Accept(long pn, long version) implements PaxosMessage {}

    /** @param values what was committed and the receiver lacks, by version */
    record Commit(long pn, long lastCommitted, SortedMap<Long, Bytes> values) implements PaxosMessage {}

    /** @param until by the receiver's clock */
    record Lease(long firstCommitted, long lastCommitted, long until) implements PaxosMessage {}

    record LeaseAck(long firstCommitted, long lastCommitted) implements PaxosMessage {}
}
