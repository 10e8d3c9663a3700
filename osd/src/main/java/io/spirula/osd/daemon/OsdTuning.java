package io.spirula.osd.daemon;

import io.spirula.common.config.Config;
import io.spirula.osd.heartbeat.HeartbeatSettings;
import io.spirula.osd.heartbeat.Markdowns;
import java.time.Duration;

/**
 * What of an OSD's settings may change while it runs.
 *
 * @param failsafeFullRatio osd_failsafe_full_ratio
 * @param complaintTime osd_op_complaint_time
 * @param markdowns osd_max_markdown_count, osd_max_markdown_period
 * @param reportInterval how often the manager hears of it at the latest, mgr_stats_period
 * @param beaconInterval osd_beacon_report_interval
 * @param removalPause osd_delete_sleep, or the disk's osd_delete_sleep_hdd or osd_delete_sleep_ssd: unlike in Ceph, none where nobody has set one
 * @param mapsKept osd_map_cache_size
 * @param readLeaseRatio osd_pool_default_read_lease_ratio, of osd_heartbeat_grace
 */
record OsdTuning(
        HeartbeatSettings heartbeat,
        double failsafeFullRatio,
        Duration complaintTime,
        Markdowns.Limit markdowns,
        Duration reportInterval,
        Duration beaconInterval,
        Duration removalPause,
        int mapsKept,
        double readLeaseRatio) {

    /** Throws ConfigException. */
    static OsdTuning of(Config config, boolean rotating) {
        Duration pause = config.span("osd_delete_sleep", Duration.ZERO);
        String byDisk = rotating ? "osd_delete_sleep_hdd" : "osd_delete_sleep_ssd";
        return new OsdTuning(
                HeartbeatSettings.of(config),
                config.real("osd_failsafe_full_ratio", 0.97),
                config.span("osd_op_complaint_time", Duration.ofSeconds(30)),
                new Markdowns.Limit(
                        (int) config.integer("osd_max_markdown_count", 5),
                        config.span("osd_max_markdown_period", Duration.ofMinutes(10))),
                config.span("mgr_stats_period", Duration.ofSeconds(5)),
                config.span("osd_beacon_report_interval", Duration.ofSeconds(300)),
                pause.isPositive() ? pause : config.span(byDisk, Duration.ZERO),
                Math.clamp(config.integer("osd_map_cache_size", 50), 0, Integer.MAX_VALUE),
                config.real("osd_pool_default_read_lease_ratio", 0.8));
    }
}
