package io.spirula.osd.peering;

import io.spirula.common.pg.ObjectStats;
import io.spirula.common.pg.ObjectStats.Counter;
import io.spirula.common.pg.PgHistory;
import io.spirula.common.pg.PgInfo;
import io.spirula.common.pg.PgStats;
import io.spirula.common.pg.ScrubHistory;
import io.spirula.common.types.EVersion;
import io.spirula.common.types.ObjectId;
import java.time.Duration;

/** Infos and histories with one thing changed. */
final class PgInfos {
    private PgInfos() {}

    static PgInfo withUpdate(PgInfo i, EVersion lastUpdate, EVersion lastComplete, long lastUserVersion) {
        return i.toBuilder()
                .lastUpdate(lastUpdate)
                .lastComplete(lastComplete)
                .lastUserVersion(lastUserVersion)
                .build();
    }

    static PgInfo withLastComplete(PgInfo i, EVersion lastComplete) {
        return i.toBuilder().lastComplete(lastComplete).build();
    }

    static PgInfo withLogTail(PgInfo i, EVersion logTail) {
        return i.toBuilder().logTail(logTail).build();
    }

    static PgInfo withStarted(PgInfo i, int epoch, int interval) {
        return i.toBuilder().started(epoch, interval).build();
    }

    static PgInfo withBackfill(PgInfo i, ObjectId lastBackfill) {
        return i.toBuilder().lastBackfill(lastBackfill).build();
    }

    static PgInfo withStats(PgInfo i, PgStats stats) {
        return i.toBuilder().stats(stats).build();
    }

    static PgInfo withMissing(PgInfo i, long missing) {
        ObjectStats stats = i.stats().stats();
        return stats.get(Counter.OBJECTS_MISSING) == missing
                ? i
                : withStats(i, PgReport.withObjectStats(i.stats(), stats.with(Counter.OBJECTS_MISSING, missing)));
    }

    static PgInfo withHistory(PgInfo i, PgHistory history) {
        return i.toBuilder().history(history).build();
    }

    static PgHistory withIntervals(PgHistory h, int sameInterval, int sameUp, int samePrimary) {
        return h.toBuilder()
                .sameIntervalSince(sameInterval)
                .sameUpSince(sameUp)
                .samePrimarySince(samePrimary)
                .build();
    }

    static PgHistory withSplit(PgHistory h, int epoch) {
        return h.toBuilder().lastEpochSplit(epoch).build();
    }

    static PgHistory withPriorReadable(PgHistory h, Duration prior) {
        return h.toBuilder().priorReadableUntilUpperBound(prior).build();
    }

    static PgHistory withStarted(PgHistory h, int epoch, int interval) {
        return h.toBuilder().started(epoch, interval).build();
    }

    static PgHistory withClean(PgHistory h, int epoch, int interval) {
        return h.toBuilder().clean(epoch, interval).build();
    }

    static PgHistory withScrub(PgHistory h, ScrubHistory scrub) {
        return h.toBuilder().scrub(scrub).build();
    }

    /** What both know: the later of each. Ceph: pg_history_t::merge. */
    static PgHistory merge(PgHistory mine, PgHistory other) {
        return mine.toBuilder()
                .epochCreated(Math.max(mine.epochCreated(), other.epochCreated()))
                .started(
                        Math.max(mine.lastEpochStarted(), other.lastEpochStarted()),
                        Math.max(mine.lastIntervalStarted(), other.lastIntervalStarted()))
                .clean(
                        Math.max(mine.lastEpochClean(), other.lastEpochClean()),
                        Math.max(mine.lastIntervalClean(), other.lastIntervalClean()))
                .lastEpochSplit(Math.max(mine.lastEpochSplit(), other.lastEpochSplit()))
                .lastEpochMarkedFull(Math.max(mine.lastEpochMarkedFull(), other.lastEpochMarkedFull()))
                .scrub(mine.scrub().merge(other.scrub()))
                .build();
    }
}
