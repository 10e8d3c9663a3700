package io.spirula.common.message;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.encoding.Decoder;
import io.spirula.common.types.Uuid;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * OSD maps by epoch in their own encoding, full ones and increments, and the range that the sender has.
 * Ceph: MOSDMap.
 *
 * @param oldest the oldest epoch that the monitors keep (cluster_osdmap_trim_lower_bound for OSDs)
 * @param gapRemovedSnaps removed snapshots of the epochs between what was asked for and what is here: pool to (first, count) ranges
 */
public record OsdMapMessage(
        Uuid fsid,
        Map<Integer, Bytes> incrementals,
        Map<Integer, Bytes> fulls,
        int oldest,
        int newest,
        Map<Long, Map<Long, Long>> gapRemovedSnaps)
        implements Message {
    public static final MessageType<OsdMapMessage> TYPE =
            new MessageType<>(41, "MOSDMap", 4, 3, OsdMapMessage.class, OsdMapMessage::encode, OsdMapMessage::decode);

    public OsdMapMessage {
        incrementals = Collections.unmodifiableMap(new TreeMap<>(incrementals));
        fulls = Collections.unmodifiableMap(new TreeMap<>(fulls));
        gapRemovedSnaps = Collections.unmodifiableMap(new TreeMap<>(gapRemovedSnaps));
    }

    private void encode(Payload.Out out) {
        out.front()
                .put(Uuid.CODEC, fsid)
                .map(incrementals, (e, o) -> o.u32(e), (b, o) -> o.bytes(b))
                .map(fulls, (e, o) -> o.u32(e), (b, o) -> o.bytes(b))
                .u32(oldest)
                .u32(newest)
                .map(
                        gapRemovedSnaps,
                        (pool, o) -> o.u64(pool),
                        (set, o) -> o.map(set, (from, s) -> s.u64(from), (count, s) -> s.u64(count)));
    }

    private static OsdMapMessage decode(Payload.In in) {
        Decoder front = in.front();
        return new OsdMapMessage(
                front.get(Uuid.CODEC),
                front.map(Decoder::i32, Decoder::bytes),
                front.map(Decoder::i32, Decoder::bytes),
                front.i32(),
                front.i32(),
                in.version() >= 4 ? front.map(Decoder::u64, d -> d.map(Decoder::u64, Decoder::u64)) : Map.of());
    }

    @Override
    public MessageType<OsdMapMessage> type() {
        return TYPE;
    }
}
