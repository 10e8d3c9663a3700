package io.spirula.osd.peering;

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
        return new PgInfo(
                i.pg(),
                lastUpdate,
                lastComplete,
                i.lastEpochStarted(),
                i.lastIntervalStarted(),
                lastUserVersion,
                i.logTail(),
                i.lastBackfill(),
                i.purgedSnaps(),
                i.stats(),
                i.history());
    }

    static PgInfo withAppended(
            PgInfo i,
            EVersion lastUpdate,
            EVersion lastComplete,
            long lastUserVersion,
            EVersion logTail,
            PgStats stats) {
        return new PgInfo(
                i.pg(),
                lastUpdate,
                lastComplete,
                i.lastEpochStarted(),
                i.lastIntervalStarted(),
                lastUserVersion,
                logTail,
                i.lastBackfill(),
                i.purgedSnaps(),
                stats,
                i.history());
    }

    static PgInfo withLastComplete(PgInfo i, EVersion lastComplete) {
        return withUpdate(i, i.lastUpdate(), lastComplete, i.lastUserVersion());
    }

    static PgInfo withLogTail(PgInfo i, EVersion logTail) {
        return new PgInfo(
                i.pg(),
                i.lastUpdate(),
                i.lastComplete(),
                i.lastEpochStarted(),
                i.lastIntervalStarted(),
                i.lastUserVersion(),
                logTail,
                i.lastBackfill(),
                i.purgedSnaps(),
                i.stats(),
                i.history());
    }

    static PgInfo withStarted(PgInfo i, int epoch, int interval) {
        return new PgInfo(
                i.pg(),
                i.lastUpdate(),
                i.lastComplete(),
                epoch,
                interval,
                i.lastUserVersion(),
                i.logTail(),
                i.lastBackfill(),
                i.purgedSnaps(),
                i.stats(),
                i.history());
    }

    static PgInfo withBackfill(PgInfo i, ObjectId lastBackfill) {
        return new PgInfo(
                i.pg(),
                i.lastUpdate(),
                i.lastComplete(),
                i.lastEpochStarted(),
                i.lastIntervalStarted(),
                i.lastUserVersion(),
                i.logTail(),
                lastBackfill,
                i.purgedSnaps(),
                i.stats(),
                i.history());
    }

    static PgInfo withStats(PgInfo i, PgStats stats) {
        return new PgInfo(
                i.pg(),
                i.lastUpdate(),
                i.lastComplete(),
                i.lastEpochStarted(),
                i.lastIntervalStarted(),
                i.lastUserVersion(),
                i.logTail(),
                i.lastBackfill(),
                i.purgedSnaps(),
                stats,
                i.history());
    }

    static PgInfo withHistory(PgInfo i, PgHistory history) {
        return new PgInfo(
                i.pg(),
                i.lastUpdate(),
                i.lastComplete(),
                i.lastEpochStarted(),
                i.lastIntervalStarted(),
                i.lastUserVersion(),
                i.logTail(),
                i.lastBackfill(),
                i.purgedSnaps(),
                i.stats(),
                history);
    }

    static PgHistory withIntervals(PgHistory h, int sameInterval, int sameUp, int samePrimary) {
        return new PgHistory(
                h.epochCreated(),
                h.lastEpochStarted(),
                h.lastEpochClean(),
                h.lastEpochSplit(),
                sameInterval,
                sameUp,
                samePrimary,
                h.scrub(),
                h.lastEpochMarkedFull(),
                h.lastIntervalStarted(),
                h.lastIntervalClean(),
                h.epochPoolCreated(),
                h.priorReadableUntilUpperBound());
    }

    static PgHistory withSplit(PgHistory h, int epoch) {
        return split(h, h.epochCreated(), epoch, h.sameUpSince(), h.samePrimarySince());
    }

    /** The history of a group that was a part of one with this history. */
    static PgHistory bornBySplit(PgHistory parent, int epoch, int sameUp, int samePrimary) {
        return split(parent, epoch, epoch, sameUp, samePrimary);
    }

    private static PgHistory split(PgHistory h, int created, int split, int sameUp, int samePrimary) {
        return new PgHistory(
                created,
                h.lastEpochStarted(),
                h.lastEpochClean(),
                split,
                h.sameIntervalSince(),
                sameUp,
                samePrimary,
                h.scrub(),
                h.lastEpochMarkedFull(),
                h.lastIntervalStarted(),
                h.lastIntervalClean(),
                h.epochPoolCreated(),
                h.priorReadableUntilUpperBound());
    }

    static PgHistory withPriorReadable(PgHistory h, Duration prior) {
        return new PgHistory(
                h.epochCreated(),
                h.lastEpochStarted(),
                h.lastEpochClean(),
                h.lastEpochSplit(),
                h.sameIntervalSince(),
                h.sameUpSince(),
                h.samePrimarySince(),
                h.scrub(),
                h.lastEpochMarkedFull(),
                h.lastIntervalStarted(),
                h.lastIntervalClean(),
                h.epochPoolCreated(),
                prior);
    }

    static PgHistory withStarted(PgHistory h, int epoch, int interval) {
        return copy(h, h.epochCreated(), epoch, interval, h.lastEpochClean(), h.lastIntervalClean(), h.scrub());
    }

    static PgHistory withClean(PgHistory h, int epoch, int interval) {
        return copy(h, h.epochCreated(), h.lastEpochStarted(), h.lastIntervalStarted(), epoch, interval, h.scrub());
    }

    /** What both know: the later of each. Ceph: pg_history_t::merge. */
    static PgHistory merge(PgHistory mine, PgHistory other) {
        PgHistory h = other.lastEpochSplit() <= mine.lastEpochSplit() ? mine : withSplit(mine, other.lastEpochSplit());
        return copy(
                h,
                Math.max(h.epochCreated(), other.epochCreated()),
                Math.max(h.lastEpochStarted(), other.lastEpochStarted()),
                Math.max(h.lastIntervalStarted(), other.lastIntervalStarted()),
                Math.max(h.lastEpochClean(), other.lastEpochClean()),
                Math.max(h.lastIntervalClean(), other.lastIntervalClean()),
                h.scrub().merge(other.scrub()));
    }

    static PgHistory withScrub(PgHistory h, ScrubHistory scrub) {
        return copy(
                h,
                h.epochCreated(),
                h.lastEpochStarted(),
                h.lastIntervalStarted(),
                h.lastEpochClean(),
                h.lastIntervalClean(),
                scrub);
    }

    private static PgHistory copy(
            PgHistory h,
            int created,
            int started,
            int intervalStarted,
            int clean,
            int intervalClean,
            ScrubHistory scrub) {
        return new PgHistory(
                created,
                started,
                clean,
                h.lastEpochSplit(),
                h.sameIntervalSince(),
                h.sameUpSince(),
                h.samePrimarySince(),
                scrub,
                h.lastEpochMarkedFull(),
                intervalStarted,
                intervalClean,
                h.epochPoolCreated(),
                h.priorReadableUntilUpperBound());
    }
}
