package io.spirula.common.message;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.encoding.Decoder;
import io.spirula.common.encoding.Encoder;
import io.spirula.common.types.Uuid;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A step of an election among monitors. Maps and scores are in their own encodings. Ceph: MMonElection. */
public record MonElection(
        Uuid fsid,
        int op,
        int epoch,
        Bytes monMap,
        List<Integer> quorum,
        long quorumFeatures,
        Bytes sharing,
        MonFeatures monFeatures,
        Map<String, String> metadata,
        int monRelease,
        Bytes scoring,
        int strategy)
        implements Message {
    /** Ceph: OP_PROPOSE; the others follow its names too. */
    public static final int PROPOSE = 1;

    public static final int ACK = 2;
    public static final int NAK = 3;
    public static final int VICTORY = 4;

    public static final MessageType<MonElection> TYPE =
            new MessageType<>(65, "MMonElection", 9, 5, MonElection.class, MonElection::encode, MonElection::decode);

    public MonElection {
        quorum = List.copyOf(quorum);
        metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
    }

    private void encode(Payload.Out out) {
        Encoder front = out.front();
        front.put(Uuid.CODEC, fsid)
                .u32(op)
                .u32(epoch)
                .bytes(monMap)
                .list(quorum, (v, o) -> o.u32(v))
                .u64(quorumFeatures)
                .u64(0)
                .u64(0)
                .bytes(sharing)
                .put(MonFeatures.CODEC, monFeatures)
                .map(metadata, (k, o) -> o.string(k), (v, o) -> o.string(v))
                .u8(monRelease)
                .bytes(scoring)
                .u8(strategy);
    }

    private static MonElection decode(Payload.In in) {
        Decoder front = in.front();
        Uuid fsid = front.get(Uuid.CODEC);
        int op = front.i32();
        int epoch = front.i32();
        Bytes monMap = front.bytes();
        List<Integer> quorum = front.list(Decoder::i32);
        long quorumFeatures = front.u64();
        front.skip(8);
        front.skip(8);
        Bytes sharing = front.bytes();
        MonFeatures monFeatures = front.get(MonFeatures.CODEC);
        Map<String, String> metadata = front.map(Decoder::string, Decoder::string);
        int monRelease = front.u8();
        Bytes scoring = front.bytes();
        int strategy = front.u8();
        return new MonElection(
                fsid,
                op,
                epoch,
                monMap,
                quorum,
                quorumFeatures,
                sharing,
                monFeatures,
                metadata,
                monRelease,
                scoring,
                strategy);
    }

    @Override
    public int priority() {
        return PRIO_HIGHEST;
    }

    @Override
    public MessageType<MonElection> type() {
        return TYPE;
    }
}
