package io.spirula.common.message;

import io.spirula.common.encoding.Decoder;
import io.spirula.common.encoding.Encoder;
import io.spirula.common.pg.PoolStats;
import io.spirula.common.types.Uuid;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** Pools' statistics by name; {@code perPool} tells whether used bytes are counted for each pool by the stores. Ceph: MGetPoolStatsReply. */
public record GetPoolStatsReply(long tid, long version, Uuid fsid, Map<String, PoolStats> stats, boolean perPool)
        implements Message {
    public static final MessageType<GetPoolStatsReply> TYPE = new MessageType<>(
            59,
            "MGetPoolStatsReply",
            2,
            1,
            GetPoolStatsReply.class,
            GetPoolStatsReply::encode,
            GetPoolStatsReply::decode);

    public GetPoolStatsReply {
        stats = Collections.unmodifiableMap(new LinkedHashMap<>(stats));
    }

    private void encode(Payload.Out out) {
        Encoder front = out.front();
        PaxosPrefix.encode(version, front);
        front.put(Uuid.CODEC, fsid)
                .map(stats, (k, o) -> o.string(k), (v, o) -> o.put(PoolStats.CODEC, v))
                .bool(perPool);
    }

    private static GetPoolStatsReply decode(Payload.In in) {
        Decoder front = in.front();
        return new GetPoolStatsReply(
                in.tid(),
                PaxosPrefix.decode(front),
                front.get(Uuid.CODEC),
                front.map(Decoder::string, d -> d.get(PoolStats.CODEC)),
                in.version() >= 2 ? front.bool() : false);
    }

    @Override
    public MessageType<GetPoolStatsReply> type() {
        return TYPE;
    }
}
