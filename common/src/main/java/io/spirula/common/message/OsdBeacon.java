package io.spirula.common.message;

import io.spirula.common.encoding.Decoder;
import io.spirula.common.encoding.Encoder;
import io.spirula.common.types.PgId;
import java.time.Instant;
import java.util.List;

/** An OSD says that it is alive, and which old maps its groups need. Ceph: MOSDBeacon. */
public record OsdBeacon(
        long version, List<PgId> pgs, int minLastEpochClean, Instant lastPurgedSnapsScrub, int reportIntervalSeconds)
        implements Message {
    public static final MessageType<OsdBeacon> TYPE =
            new MessageType<>(79, "MOSDBeacon", 3, 1, OsdBeacon.class, OsdBeacon::encode, OsdBeacon::decode);

    public OsdBeacon {
        pgs = List.copyOf(pgs);
    }

    private void encode(Payload.Out out) {
        Encoder front = out.front();
        PaxosPrefix.encode(version, front);
        front.list(pgs, (v, o) -> o.put(PgId.CODEC, v))
                .u32(minLastEpochClean)
                .time(lastPurgedSnapsScrub)
                .u32(reportIntervalSeconds);
    }

    private static OsdBeacon decode(Payload.In in) {
        Decoder front = in.front();
        return new OsdBeacon(
                PaxosPrefix.decode(front),
                front.list(d -> d.get(PgId.CODEC)),
                front.i32(),
                in.version() >= 2 ? front.time() : Instant.EPOCH,
                in.version() >= 3 ? front.i32() : 0);
    }

    @Override
    public MessageType<OsdBeacon> type() {
        return TYPE;
    }
}
