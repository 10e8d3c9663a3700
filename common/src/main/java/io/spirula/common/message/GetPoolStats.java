package io.spirula.common.message;

import io.spirula.common.encoding.Decoder;
import io.spirula.common.types.Uuid;
import java.util.List;

/** Asks for pools' statistics by name. Ceph: MGetPoolStats. */
public record GetPoolStats(long tid, long version, Uuid fsid, List<String> pools) implements Message {
    public static final MessageType<GetPoolStats> TYPE = new MessageType<>(
            58, "MGetPoolStats", 1, 1, GetPoolStats.class, GetPoolStats::encode, GetPoolStats::decode);

    public GetPoolStats {
        pools = List.copyOf(pools);
    }

    private void encode(Payload.Out out) {
        PaxosPrefix.encode(version, out.front()).put(Uuid.CODEC, fsid).list(pools, (s, o) -> o.string(s));
    }

    private static GetPoolStats decode(Payload.In in) {
        Decoder front = in.front();
        return new GetPoolStats(
                in.tid(), PaxosPrefix.decode(front), front.get(Uuid.CODEC), front.list(Decoder::string));
    }

    @Override
    public MessageType<GetPoolStats> type() {
        return TYPE;
    }
}
