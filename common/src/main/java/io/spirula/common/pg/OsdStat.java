package io.spirula.common.pg;

import io.spirula.common.encoding.Codec;
import io.spirula.common.encoding.Decoder;
import io.spirula.common.encoding.Encoder;
import io.spirula.common.encoding.MalformedInput;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What an OSD reports about itself. Ceph: osd_stat_t.
 *
 * @param opQueueAges how many operations waited 2^i milliseconds
 * @param commitLatencyMs of the store, as {@code applyLatencyMs}
 * @param upFrom the epoch the OSD came up in, with which {@code sequence} orders its reports
 * @param alerts the store's alerts, by OSD and name
 * @param pingTimes by peer
 */
public record OsdStat(
        StoreStatfs statfs,
        int snapTrimQueueLength,
        int snapTrimming,
        List<Integer> heartbeatPeers,
        List<Integer> opQueueAges,
        int commitLatencyMs,
        int applyLatencyMs,
        int upFrom,
        long sequence,
        int pgs,
        Map<Integer, Map<String, String>> alerts,
        long shardsRepaired,
        int osds,
        int perPoolOsds,
        int perPoolOmapOsds,
        Map<Integer, PingTimes> pingTimes) {
    /** Heartbeat round trips to one peer on the back and the front network, in microseconds. Ceph: osd_stat_t::Interfaces. */
    public record PingTimes(int lastUpdate, Network back, Network front) {}

    /** Averages, minima and maxima over 1, 5 and 15 minutes, and the last one. */
    public record Network(List<Integer> average, List<Integer> minimum, List<Integer> maximum, int last) {
        public Network {
            average = List.copyOf(average);
            minimum = List.copyOf(minimum);
            maximum = List.copyOf(maximum);
        }

        private void encode(Encoder out) {
            average.forEach(out::u32);
            minimum.forEach(out::u32);
            maximum.forEach(out::u32);
            out.u32(last);
        }

        private static Network decode(Decoder in) {
            return new Network(three(in), three(in), three(in), in.i32());
        }

        private static List<Integer> three(Decoder in) {
            return List.of(in.i32(), in.i32(), in.i32());
        }
    }

    public static final OsdStat ZERO =
            new OsdStat(StoreStatfs.ZERO, 0, 0, List.of(), List.of(), 0, 0, 0, 0, 0, Map.of(), 0, 0, 0, 0, Map.of());
    public static final Codec<OsdStat> CODEC = Codec.of(OsdStat::encode, OsdStat::decode);

    public OsdStat {
        heartbeatPeers = List.copyOf(heartbeatPeers);
        opQueueAges = List.copyOf(opQueueAges);
        alerts = Collections.unmodifiableMap(new TreeMap<>(alerts));
        pingTimes = Collections.unmodifiableMap(new TreeMap<>(pingTimes));
    }

    private void encode(Encoder out) {
        out.struct(14, 2, o -> {
            o.u64(statfs.total() >> 10).u64(statfs.usedRaw() >> 10).u64(statfs.available() >> 10);
            o.u32(snapTrimQueueLength).u32(snapTrimming);
            o.list(heartbeatPeers, (p, l) -> l.u32(p)).u32(0);
            o.struct(1, 1, h -> h.list(opQueueAges, (n, l) -> l.u32(n)));
            o.struct(1, 1, p -> p.u32(commitLatencyMs).u32(applyLatencyMs));
            o.u32(upFrom).u64(sequence).u32(pgs);
            o.u64(statfs.allocated() >> 10);
            o.u64(statfs.omapAllocated() >> 10);
            o.u64(statfs.internalMetadata() >> 10);
            o.put(StoreStatfs.CODEC, statfs);
            o.map(alerts, (osd, m) -> m.u32(osd), (a, m) -> m.map(a, (k, s) -> s.string(k), (v, s) -> s.string(v)));
            o.u64(shardsRepaired).u32(osds).u32(perPoolOsds).u32(perPoolOmapOsds);
            o.map(pingTimes, (osd, m) -> m.u32(osd), (t, m) -> {
                m.u32(t.lastUpdate);
                t.back.encode(m);
                t.front.encode(m);
            });
        });
    }

    private static OsdStat decode(Decoder in) {
        return in.struct(14, (b, version) -> {
            if (version < 14) {
                throw new MalformedInput("an OSD's statistics of version " + version + ", from before octopus");
            }
            b.skip(24); // what statfs says below, in kibibytes
            int trimQueue = b.i32();
            int trimming = b.i32();
            List<Integer> peers = b.list(Decoder::i32);
            b.list(Decoder::i32);
            List<Integer> ages = b.struct(1, (h, v) -> h.list(Decoder::i32));
            int[] latencies = b.struct(
                    2,
                    (p, v) -> v >= 2
                            ? new int[] {(int) (p.u64() / 1_000_000), (int) (p.u64() / 1_000_000)}
                            : new int[] {p.i32(), p.i32()});
            int upFrom = b.i32();
            long sequence = b.u64();
            int pgs = b.i32();
            b.skip(24);
            return new OsdStat(
                    b.get(StoreStatfs.CODEC),
                    trimQueue,
                    trimming,
                    peers,
                    ages,
                    latencies[0],
                    latencies[1],
                    upFrom,
                    sequence,
                    pgs,
                    b.map(Decoder::i32, d -> d.map(Decoder::string, Decoder::string)),
                    b.u64(),
                    b.i32(),
                    b.i32(),
                    b.i32(),
                    b.map(Decoder::i32, d -> new PingTimes(d.i32(), Network.decode(d), Network.decode(d))));
        });
    }
}
