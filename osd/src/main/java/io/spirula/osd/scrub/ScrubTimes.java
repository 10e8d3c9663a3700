package io.spirula.osd.scrub;

import io.spirula.common.config.Config;
import io.spirula.common.maps.PgPool;
import io.spirula.common.pg.ScrubHistory;
import io.spirula.common.types.PgId;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;

/**
 * When scrubs may begin, and when a group is due for one. What is random in it depends on the group and on when it was scrubbed last, so that asking twice gives one answer. Source: OSD::scrub_time_permit,
 * OSDService::ScrubJob (osd/OSD.cc), PG::is_time_for_deep.
 *
 * @param beginHour osd_scrub_begin_hour, in local time; the same as {@code endHour} for any; weekdays likewise, 0 is Sunday
 * @param loadThreshold osd_scrub_load_threshold, of a processor
 * @param min osd_scrub_min_interval, which a pool may have its own of; {@code max} and {@code deep} likewise
 * @param randomizeRatio osd_scrub_interval_randomize_ratio
 * @param deepRandomizeRatio osd_deep_scrub_randomize_ratio
 */
public record ScrubTimes(
        int beginHour,
        int endHour,
        int beginDay,
        int endDay,
        double loadThreshold,
        Duration min,
        Duration max,
        Duration deep,
        double randomizeRatio,
        double deepRandomizeRatio) {

    /**
     * When a group is scrubbed next.
     *
     * @param at when it may be, if hours and load permit
     * @param deadline when it is whether they do or not
     */
    public record Due(Instant at, Instant deadline) {}

    static ScrubTimes of(Config config) {
        return new ScrubTimes(
                (int) config.integer("osd_scrub_begin_hour", 0),
                (int) config.integer("osd_scrub_end_hour", 0),
                (int) config.integer("osd_scrub_begin_week_day", 0),
                (int) config.integer("osd_scrub_end_week_day", 0),
                config.real("osd_scrub_load_threshold", 0.5),
                ScrubSettings.seconds(config, "osd_scrub_min_interval", 86400),
                ScrubSettings.seconds(config, "osd_scrub_max_interval", 7 * 86400),
                ScrubSettings.seconds(config, "osd_deep_scrub_interval", 7 * 86400),
                config.real("osd_scrub_interval_randomize_ratio", 0.5),
                config.real("osd_deep_scrub_randomize_ratio", 0.15));
    }

    /** Whether it is the hour and the day for scrubs. */
    public boolean permits(Instant now, ZoneId zone) {
        ZonedDateTime local = now.atZone(zone);
        int day = local.getDayOfWeek() == DayOfWeek.SUNDAY
                ? 0
                : local.getDayOfWeek().getValue();
        return isWithin(local.getHour(), beginHour, endHour) && isWithin(day, beginDay, endDay);
    }

    private static boolean isWithin(int value, int begin, int end) {
        return begin == end || (begin < end ? value >= begin && value < end : value >= begin || value < end);
    }

    public Due due(PgId pg, PgPool pool, ScrubHistory history) {
        Instant last = history.lastScrubStamp();
        Duration least = ofPool(pool, "scrub_min_interval", min);
        Duration most = ofPool(pool, "scrub_max_interval", max);
        long spread = (long) (least.toNanos() * randomizeRatio * fraction(pg, last, 1));
        return new Due(last.plus(least).plusNanos(spread), most.isZero() ? Instant.MAX : last.plus(most));
    }

    /** Whether a scrub that is due is to be a deep one. */
    public boolean isTimeForDeep(PgId pg, PgPool pool, ScrubHistory history, Instant now) {
        Duration interval = ofPool(pool, "deep_scrub_interval", deep);
        return !history.lastDeepScrubStamp().plus(interval).isAfter(now)
                || fraction(pg, history.lastScrubStamp(), 2) < deepRandomizeRatio;
    }

    private static Duration ofPool(PgPool pool, String option, Duration otherwise) {
        return pool.options().value(option) instanceof Double seconds && seconds > 0
                ? Duration.ofNanos((long) (seconds * 1e9))
                : otherwise;
    }

    /** From 0 to 1, another one for each question. */
    private static double fraction(PgId pg, Instant last, int question) {
        long h = pg.pool() * 0x9e3779b97f4a7c15L + pg.seed() + last.getEpochSecond() * 31 + last.getNano() + question;
        h = (h ^ h >>> 33) * 0xff51afd7ed558ccdL; // MurmurHash3's finalizer
        h = (h ^ h >>> 33) * 0xc4ceb9fe1a85ec53L;
        return ((h ^ h >>> 33) >>> 11) * 0x1p-53;
    }
}
