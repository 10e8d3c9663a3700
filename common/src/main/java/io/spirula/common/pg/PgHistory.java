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

    public Builder toBuilder() {
        return new Builder(this);
    }

    /** The same with some things changed. */
    public static final class Builder {
        private final PgHistory from;
        private int epochCreated;
        private int lastEpochStarted;
        private int lastEpochClean;
        private int lastEpochSplit;
        private int sameIntervalSince;
        private int sameUpSince;
        private int samePrimarySince;
        private ScrubHistory scrub;
        private int lastEpochMarkedFull;
        private int lastIntervalStarted;
        private int lastIntervalClean;
        private Duration priorReadableUntilUpperBound;

        private Builder(PgHistory from) {
            this.from = from;
            epochCreated = from.epochCreated;
            lastEpochStarted = from.lastEpochStarted;
            lastEpochClean = from.lastEpochClean;
            lastEpochSplit = from.lastEpochSplit;
            sameIntervalSince = from.sameIntervalSince;
            sameUpSince = from.sameUpSince;
            samePrimarySince = from.samePrimarySince;
            scrub = from.scrub;
            lastEpochMarkedFull = from.lastEpochMarkedFull;
            lastIntervalStarted = from.lastIntervalStarted;
            lastIntervalClean = from.lastIntervalClean;
            priorReadableUntilUpperBound = from.priorReadableUntilUpperBound;
        }

        public Builder epochCreated(int value) {
            epochCreated = value;
            return this;
        }

        /** The epoch and the interval in which the group was active last. */
        public Builder started(int epoch, int interval) {
            lastEpochStarted = epoch;
            lastIntervalStarted = interval;
            return this;
        }

        /** The epoch and the interval in which the group was clean last. */
        public Builder clean(int epoch, int interval) {
            lastEpochClean = epoch;
            lastIntervalClean = interval;
            return this;
        }

        public Builder lastEpochSplit(int value) {
            lastEpochSplit = value;
            return this;
        }

        public Builder sameIntervalSince(int value) {
            sameIntervalSince = value;
            return this;
        }

        public Builder sameUpSince(int value) {
            sameUpSince = value;
            return this;
        }

        public Builder samePrimarySince(int value) {
            samePrimarySince = value;
            return this;
        }

        public Builder scrub(ScrubHistory value) {
            scrub = value;
            return this;
        }

        /** The epoch in which the pool was marked full last. */
        public Builder lastEpochMarkedFull(int value) {
            lastEpochMarkedFull = value;
            return this;
        }

        public Builder priorReadableUntilUpperBound(Duration value) {
            priorReadableUntilUpperBound = value;
            return this;
        }

        public PgHistory build() {
            return new PgHistory(
                    epochCreated,
                    lastEpochStarted,
                    lastEpochClean,
                    lastEpochSplit,
                    sameIntervalSince,
                    sameUpSince,
                    samePrimarySince,
                    scrub,
                    lastEpochMarkedFull,
                    lastIntervalStarted,
                    lastIntervalClean,
                    from.epochPoolCreated,
                    priorReadableUntilUpperBound);
        }
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
