package io.spirula.common.message;

import io.spirula.common.encoding.Decoder;
import io.spirula.common.encoding.Encoder;
import io.spirula.common.types.EVersion;
import io.spirula.common.types.PgId;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** The manager has a report; not sent by pacific. Ceph: MPGStatsAck. */
public record PgStatsAck(long tid, long version, Map<PgId, EVersion> pgStats) implements Message {
    public static final MessageType<PgStatsAck> TYPE =
            new MessageType<>(88, "MPGStatsAck", 1, 1, PgStatsAck.class, PgStatsAck::encode, PgStatsAck::decode);

    public PgStatsAck {
        pgStats = Collections.unmodifiableMap(new LinkedHashMap<>(pgStats));
    }

    private void encode(Payload.Out out) {
        Encoder front = out.front();
        PaxosPrefix.encode(version, front);
        front.map(pgStats, (k, o) -> o.put(PgId.CODEC, k), (v, o) -> o.put(EVersion.CODEC, v));
    }

    private static PgStatsAck decode(Payload.In in) {
        Decoder front = in.front();
        return new PgStatsAck(
                in.tid(), PaxosPrefix.decode(front), front.map(d -> d.get(PgId.CODEC), d -> d.get(EVersion.CODEC)));
    }

    @Override
    public MessageType<PgStatsAck> type() {
        return TYPE;
    }
}
