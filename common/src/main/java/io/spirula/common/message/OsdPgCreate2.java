package io.spirula.common.message;

import io.spirula.common.encoding.Decoder;
import io.spirula.common.pg.PastIntervals;
import io.spirula.common.pg.PgHistory;
import io.spirula.common.types.ShardPgId;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/** A monitor has an OSD create groups that the map now has: each with the epoch and time of its creation, and what is known of its past. Ceph: MOSDPGCreate2. */
public record OsdPgCreate2(int epoch, Map<ShardPgId, Created> pgs, Map<ShardPgId, Past> pasts) implements Message {
    /** When a group was created. */
    public record Created(int epoch, Instant stamp) {}

    /** What is known of a group's past. */
    public record Past(PgHistory history, PastIntervals intervals) {}

    public static final MessageType<OsdPgCreate2> TYPE = new MessageType<>(
            120, "MOSDPGCreate2", 2, 1, OsdPgCreate2.class, OsdPgCreate2::encode, OsdPgCreate2::decode);

    public OsdPgCreate2 {
        pgs = Collections.unmodifiableMap(new TreeMap<>(pgs));
        pasts = Collections.unmodifiableMap(new TreeMap<>(pasts));
    }

    private void encode(Payload.Out out) {
        out.front()
                .u32(epoch)
                .map(
                        pgs,
                        (pg, o) -> o.put(ShardPgId.CODEC, pg),
                        (c, o) -> o.u32(c.epoch).time(c.stamp))
                .map(
                        pasts,
                        (pg, o) -> o.put(ShardPgId.CODEC, pg),
                        (p, o) -> o.put(PgHistory.CODEC, p.history).put(PastIntervals.CODEC, p.intervals));
    }

    private static OsdPgCreate2 decode(Payload.In in) {
        Decoder front = in.front();
        return new OsdPgCreate2(
                front.i32(),
                front.map(d -> d.get(ShardPgId.CODEC), d -> new Created(d.i32(), d.time())),
                in.version() >= 2
                        ? front.map(
                                d -> d.get(ShardPgId.CODEC),
                                d -> new Past(d.get(PgHistory.CODEC), d.get(PastIntervals.CODEC)))
                        : Map.of());
    }

    @Override
    public MessageType<OsdPgCreate2> type() {
        return TYPE;
    }
}
