package io.spirula.osd.scrub;

import io.spirula.common.config.Config;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;

/**
 * What an OSD's options say of scrubs. All may change while it runs.
 *
 * @param maxScrubs osd_max_scrubs
 * @param duringRecovery osd_scrub_during_recovery
 * @param chunkMin osd_scrub_chunk_min: objects compared at once, as {@code chunkMax}
 * @param maxPreemptions osd_scrub_max_preemptions
 * @param sleep osd_scrub_sleep, between two ranges
 * @param extendedSleep osd_scrub_extended_sleep, outside of the hours for scrubs
 * @param autoRepair osd_scrub_auto_repair
 * @param autoRepairErrors osd_scrub_auto_repair_num_errors
 * @param digestAge osd_deep_scrub_update_digest_min_age
 * @param maxObjectSize osd_max_object_size
 */
public record ScrubSettings(
        int maxScrubs,
        boolean duringRecovery,
        int chunkMin,
        int chunkMax,
        int maxPreemptions,
        Duration sleep,
        Duration extendedSleep,
        boolean autoRepair,
        long autoRepairErrors,
        Duration digestAge,
        long maxObjectSize,
        MapBuilder.Limits reading,
        ScrubTimes times) {

    /** Throws ConfigException. */
    public static ScrubSettings of(Config config) {
        return new ScrubSettings(
                (int) config.integer("osd_max_scrubs", 1),
                config.bool("osd_scrub_during_recovery", false),
                (int) config.integer("osd_scrub_chunk_min", 5),
                (int) config.integer("osd_scrub_chunk_max", 25),
                (int) config.integer("osd_scrub_max_preemptions", 5),
                seconds(config, "osd_scrub_sleep", 0),
                seconds(config, "osd_scrub_extended_sleep", 0),
                config.bool("osd_scrub_auto_repair", false),
                config.integer("osd_scrub_auto_repair_num_errors", 5),
                Duration.ofSeconds(config.integer("osd_deep_scrub_update_digest_min_age", 7200)),
                config.integer("osd_max_object_size", 128L << 20),
                new MapBuilder.Limits(
                        Math.max(4096, config.integer("osd_deep_scrub_stride", 512 << 10)),
                        (int) Math.max(1, config.integer("osd_deep_scrub_keys", 1024)),
                        config.integer("osd_deep_scrub_large_omap_object_key_threshold", 200_000),
                        config.integer("osd_deep_scrub_large_omap_object_value_sum_threshold", 1L << 30)),
                ScrubTimes.of(config));
    }

    /** How long a scrub rests between two ranges: one that began in its hours and goes on after them may have to rest for longer. Source: OSD::scrub_sleep_time. */
    public Duration pause(ScrubPlan plan, Instant now, ZoneId zone) {
        boolean late = !plan.required() && !times.permits(now, zone);
        return late && extendedSleep.compareTo(sleep) > 0 ? extendedSleep : sleep;
    }

    /** An option that is a number of seconds, with a fraction. */
    static Duration seconds(Config config, String option, double fallback) {
        return Duration.ofNanos((long) (Math.max(0, config.real(option, fallback)) * 1e9));
    }
}
