package io.spirula.common.pg;

import io.spirula.common.encoding.Codec;
import io.spirula.common.encoding.Decoder;
import io.spirula.common.encoding.Encoder;
import io.spirula.common.types.EVersion;
import java.time.Duration;
import java.time.Instant;

/** What happened to a placement group over the epochs, as far as its peers must agree on it. Epochs. Ceph: pg_history_t. */
public record PgHistory(
        int epochCreated,
        int lastEpochStarted,
        int lastEpochClean,
        int lastEpochSplit,
        int sameIntervalSince,
        int sameUpSince,
        int samePrimarySince,
        ScrubHistory scrub,
        int lastEpochMarkedFull,
        int lastIntervalStarted,
        int lastIntervalClean,
        int epochPoolCreated,
        Duration priorReadableUntilUpperBound) {
    public static final PgHistory EMPTY =
            new PgHistory(0, 0, 0, 0, 0, 0, 0, ScrubHistory.NEVER, 0, 0, 0, 0, Duration.ZERO);
    public static final Codec<PgHistory> CODEC = Codec.of(PgHistory::encode, PgHistory::decode);

    /** The history of a group that is born in this epoch, in a pool from that one. */
    public static PgHistory created(int epoch, int poolCreated, Instant stamp) {
        ScrubHistory scrub = new ScrubHistory(EVersion.ZERO, stamp, EVersion.ZERO, stamp, stamp);
        return new PgHistory(epoch, 0, 0, 0, epoch, epoch, epoch, scrub, 0, 0, 0, poolCreated, Duration.ZERO);
    }

    private void encode(Encoder out) {
        out.struct(
                10,
                4,
                o -> o.u32(epochCreated)
                        .u32(lastEpochStarted)
                        .u32(lastEpochClean)
                        .u32(lastEpochSplit)
                        .u32(sameIntervalSince)
                        .u32(sameUpSince)
                        .u32(samePrimarySince)
                        .put(EVersion.CODEC, scrub.lastScrub())
                        .time(scrub.lastScrubStamp())
                        .put(EVersion.CODEC, scrub.lastDeepScrub())
                        .time(scrub.lastDeepScrubStamp())
                        .time(scrub.lastCleanScrubStamp())
                        .u32(lastEpochMarkedFull)
                        .u32(lastIntervalStarted)
                        .u32(lastIntervalClean)
                        .u32(epochPoolCreated)
                        .span(priorReadableUntilUpperBound));
    }

    private static PgHistory decode(Decoder in) {
        return in.struct(
                10,
                (body, version) -> new PgHistory(
                        body.i32(),
                        body.i32(),
                        body.i32(),
                        body.i32(),
                        body.i32(),
                        body.i32(),
                        body.i32(),
                        new ScrubHistory(
                                body.get(EVersion.CODEC),
                                body.time(),
                                body.get(EVersion.CODEC),
                                body.time(),
                                body.time()),
                        body.i32(),
                        body.i32(),
                        body.i32(),
                        body.i32(),
                        version >= 10 ? body.span() : Duration.ZERO));
    }
}
