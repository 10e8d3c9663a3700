package io.spirula.mon.paxos;

import io.spirula.common.encoding.Bytes;
import org.jspecify.annotations.Nullable;

/** What members tell each other. Ceph: MMonPaxos and its operations. */
public sealed interface PaxosMessage {
    record Collect(long pn, long firstCommitted, long lastCommitted) implements PaxosMessage {}

    record Last(long pn, long firstCommitted, long lastCommitted, PaxosRecord.@Nullable Uncommitted uncommitted)
            implements PaxosMessage {}

    record Begin(long pn, long version, Bytes value) implements PaxosMessage {}

    record Accept(long pn, long version) implements PaxosMessage {}

    record Commit(long pn, long version, Bytes value) implements PaxosMessage {}
}
