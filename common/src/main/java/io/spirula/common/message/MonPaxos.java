package io.spirula.common.message;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.encoding.Decoder;
import io.spirula.common.encoding.Encoder;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** A step of Paxos among monitors. Values are encoded transactions by version. Ceph: MMonPaxos. */
public record MonPaxos(
        int epoch,
        int op,
        long firstCommitted,
        long lastCommitted,
        long proposalFrom,
        long proposal,
        long uncommittedProposal,
        Instant leaseTimestamp,
        Instant sentTimestamp,
        long latestVersion,
        Bytes latestValue,
        Map<Long, Bytes> values,
        Bytes featureMap)
        implements Message {
    /** Ceph: OP_COLLECT; the others follow its names too. */
    public static final int COLLECT = 1;

    public static final int LAST = 2;
    public static final int BEGIN = 3;
    public static final int ACCEPT = 4;
    public static final int COMMIT = 5;
    public static final int LEASE = 6;
    public static final int LEASE_ACK = 7;

    public static final MessageType<MonPaxos> TYPE =
            new MessageType<>(66, "MMonPaxos", 4, 3, MonPaxos.class, MonPaxos::encode, MonPaxos::decode);

    public MonPaxos {
        values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }

    /** The same with what features the sender's clients have. */
    public MonPaxos withFeatureMap(Bytes newFeatureMap) {
        return new MonPaxos(
                epoch,
                op,
                firstCommitted,
                lastCommitted,
                proposalFrom,
                proposal,
                uncommittedProposal,
                leaseTimestamp,
                sentTimestamp,
                latestVersion,
                latestValue,
                values,
                newFeatureMap);
    }

    private void encode(Payload.Out out) {
        Encoder front = out.front();
        front.u32(epoch)
                .u32(op)
                .u64(firstCommitted)
                .u64(lastCommitted)
                .u64(proposalFrom)
                .u64(proposal)
                .u64(uncommittedProposal)
                .time(leaseTimestamp)
                .time(sentTimestamp)
                .u64(latestVersion)
                .bytes(latestValue)
                .map(values, (k, o) -> o.u64(k), (v, o) -> o.bytes(v))
                .bytes(featureMap);
    }

    private static MonPaxos decode(Payload.In in) {
        Decoder front = in.front();
        return new MonPaxos(
                front.i32(),
                front.i32(),
                front.u64(),
                front.u64(),
                front.u64(),
                front.u64(),
                front.u64(),
                front.time(),
                front.time(),
                front.u64(),
                front.bytes(),
                front.map(Decoder::u64, Decoder::bytes),
                front.bytes());
    }

    @Override
    public int priority() {
        return PRIO_HIGH;
    }

    @Override
    public MessageType<MonPaxos> type() {
        return TYPE;
    }
}
