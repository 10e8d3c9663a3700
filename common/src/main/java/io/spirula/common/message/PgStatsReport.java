package io.spirula.common.message;

import io.spirula.common.encoding.Decoder;
import io.spirula.common.encoding.Encoder;
import io.spirula.common.pg.OsdStat;
import io.spirula.common.pg.PgStats;
import io.spirula.common.pg.StoreStatfs;
import io.spirula.common.types.PgId;
import io.spirula.common.types.Uuid;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** An OSD's report to the manager about itself and the groups that it is primary of, with its space by pool. Ceph: MPGStats. */
public record PgStatsReport(
        long version,
        Uuid fsid,
        OsdStat osdStat,
        Map<PgId, PgStats> pgStats,
        int epoch,
        Map<Long, StoreStatfs> poolStats)
        implements Message {
    public static final MessageType<PgStatsReport> TYPE =
            new MessageType<>(87, "MPGStats", 2, 1, PgStatsReport.class, PgStatsReport::encode, PgStatsReport::decode);

    public PgStatsReport {
        pgStats = Collections.unmodifiableMap(new LinkedHashMap<>(pgStats));
        poolStats = Collections.unmodifiableMap(new LinkedHashMap<>(poolStats));
    }

    private void encode(Payload.Out out) {
        Encoder front = out.front();
        PaxosPrefix.encode(version, front);
        front.put(Uuid.CODEC, fsid)
                .put(OsdStat.CODEC, osdStat)
                .map(pgStats, (k, o) -> o.put(PgId.CODEC, k), (v, o) -> o.put(PgStats.CODEC, v))
                .u32(epoch)
                .u64(0)
                .map(poolStats, (k, o) -> o.u64(k), (v, o) -> o.put(StoreStatfs.CODEC, v));
    }

    private static PgStatsReport decode(Payload.In in) {
        Decoder front = in.front();
        long version = PaxosPrefix.decode(front);
        Uuid fsid = front.get(Uuid.CODEC);
        OsdStat osdStat = front.get(OsdStat.CODEC);
        Map<PgId, PgStats> pgStats = front.map(d -> d.get(PgId.CODEC), d -> d.get(PgStats.CODEC));
        int epoch = front.i32();
        front.skip(8);
        Map<Long, StoreStatfs> poolStats = front.map(Decoder::u64, d -> d.get(StoreStatfs.CODEC));
        return new PgStatsReport(version, fsid, osdStat, pgStats, epoch, poolStats);
    }

    @Override
    public MessageType<PgStatsReport> type() {
        return TYPE;
    }
}
